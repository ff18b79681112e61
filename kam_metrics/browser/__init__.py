"""Scripts and styles of the parts of a page that are ours: files that a browser asks for once and keeps."""

from __future__ import annotations

import hashlib
from pathlib import Path

FILES = {path.name: path for path in sorted(Path(__file__).parent.iterdir()) if path.suffix in {".js", ".css"}}
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:12]
ADDRESS = "/kam/parts"
"""Where the files are found, each under the version it is of."""
