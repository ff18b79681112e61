"""From a file to the store: judge it, see what it changes, load it whole or not at all, undo and redo."""

from kam_metrics.extracts.closing import Closing, close, closings, reopen
from kam_metrics.extracts.consequence import Consequence, consequence
from kam_metrics.extracts.history import Load, loads, redo, undo
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import KINDS, Column, Kind
from kam_metrics.extracts.load import check, load
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.particulars import Particulars, particulars
from kam_metrics.extracts.sign import sign_off

__all__ = [
    "KINDS",
    "Closing",
    "Column",
    "Consequence",
    "Judgement",
    "Kind",
    "Load",
    "Options",
    "Particulars",
    "check",
    "close",
    "closings",
    "consequence",
    "load",
    "loads",
    "particulars",
    "redo",
    "reopen",
    "sign_off",
    "undo",
]
