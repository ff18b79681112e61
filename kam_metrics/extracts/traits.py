"""What the bytes of a text say about how it must be read, seen while they pass by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kam_metrics.extracts.judgement import Refused

_LONGEST_LINE = 2 << 20
_SPACED_QUOTE = re.compile(rb'[;,\t|] +"|" +[;,\t|\n]|\n +"|\A +"')
_ERROR = re.compile(rb"#[A-Z]+[/!?]")
_ODD_SPACES = (b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80", b"\xef\xbb")


@dataclass
class Traits:
    """What was seen so far; the names are those of a source."""

    lines: int = 0
    has_spaces: bool = False
    has_odd_spaces: bool = False
    has_odd_text: bool = False
    has_quotes: bool = False
    has_odd_quotes: bool = False
    has_wrapped: bool = False
    tail: bytes = b"\n"
    since_newline: int = 0


def note(traits: Traits, piece: bytes) -> None:
    """Look at the next piece; Refused when no text reads like this."""
    if not piece:
        return
    import numpy as np

    codes = np.frombuffer(piece, np.uint8)
    newlines = int(np.count_nonzero(codes == ord("\n")))
    # hardly any piece has these, so what they are is asked only when they are there
    controls = int(np.count_nonzero(codes < ord(" "))) - newlines
    if controls and b"\0" in piece:
        raise Refused("binary")
    _note_lines(traits, piece, newlines)
    traits.has_spaces = traits.has_spaces or b" " in piece
    if not traits.has_odd_spaces:
        has_tabs = controls > 0 and b"\t" in piece
        traits.has_odd_spaces = has_tabs or (not piece.isascii() and any(space in piece for space in _ODD_SPACES))
    if not traits.has_odd_text:
        has_controls = (controls > 0 and controls > piece.count(b"\t")) or b"\x7f" in piece
        is_mangled = b"+" in piece and (b"E+" in piece or b"e+" in piece)
        # one byte is found far sooner than three
        is_broken = b"#" in piece and (b"#NV" in piece or bool(_ERROR.search(piece)))
        traits.has_odd_text = has_controls or is_mangled or is_broken or not piece.isascii()
        traits.has_odd_spaces = traits.has_odd_spaces or has_controls
    if b'"' in piece:
        traits.has_quotes = True
        traits.has_odd_text = traits.has_odd_text or b'""""' in piece
        traits.has_odd_quotes = traits.has_odd_quotes or bool(_SPACED_QUOTE.search(piece))
        traits.has_wrapped = traits.has_wrapped or b'="' in traits.tail + piece
    traits.tail = piece[-1:]


def _note_lines(traits: Traits, piece: bytes, newlines: int) -> None:
    traits.since_newline = traits.since_newline + len(piece) if not newlines else len(piece) - piece.rfind(b"\n")
    if traits.since_newline > _LONGEST_LINE:
        raise Refused("long_line", line=traits.lines + newlines + 1)
    traits.lines += newlines
