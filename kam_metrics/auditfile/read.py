"""Read an audit file in one pass, in bounded memory, and never anything but the file itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from kam_metrics.auditfile.file import AuditFile
from kam_metrics.auditfile.forms import FORMS, Take
from kam_metrics.auditfile.reading import Reading, name_of
from kam_metrics.errors import KamError

_VERSION = re.compile(r"(?:xaf[/_]|financieel)(\d\.\d)", re.IGNORECASE)


def read_audit_file(path: Path, most_bytes: int) -> AuditFile:
    """What an audit file says; a KamError says on which line it is no good."""
    if path.stat().st_size > most_bytes:
        raise KamError("auditfile_too_large")
    begun = None
    try:
        with path.open("rb") as stream:
            for event, element in _events(stream):
                begun = begun or _begun(element)
                if event == "end":
                    _take(*begun, element)
    except etree.XMLSyntaxError as error:
        if begun is None:
            raise KamError("auditfile_none") from error
        raise KamError("auditfile_broken", line=str(error.lineno or 0)) from error
    if begun is None:
        raise KamError("auditfile_none")
    return begun[0].finished()


def _events(stream: BinaryIO) -> Any:
    """The elements that matter as they come: nothing is expanded, looked up or fetched, nothing grows without end."""
    names = {name for root, elements in FORMS.items() for name in (root, *elements)}
    return etree.iterparse(
        stream,
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in sorted(names)],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _begun(element: Any) -> tuple[Reading, Mapping[str, Take]]:
    """Which form this is; what is no audit file, or brings a document type along, is refused before it is read."""
    tree = element.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise KamError("auditfile_unsafe")
    root = tree.getroot()
    if name_of(root) not in FORMS:
        raise KamError("auditfile_none")
    elements = FORMS[name_of(root)]
    if name_of(root) == "AuditFile":
        return Reading("SAF-T"), elements
    version = _VERSION.search(str(root.tag))
    return Reading(f"XAF {version.group(1)}" if version else "XAF"), elements


def _take(reading: Reading, elements: Mapping[str, Take], element: Any) -> None:
    """What an element says, after which it is forgotten, and so is the one like it just before."""
    take = elements.get(name_of(element))
    if take is None:
        return
    take(reading, element)
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)
