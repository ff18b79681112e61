"""From a file to the store: judge it, see what it changes, load it whole or not at all, undo and redo."""

from kam_metrics.extracts.closing import Closing, close, closings, reopen
from kam_metrics.extracts.consequence import Consequence, consequence
from kam_metrics.extracts.examine import Examination, examine, mended
from kam_metrics.extracts.history import Load, loads, redo, undo
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import KINDS, Column, Kind
from kam_metrics.extracts.load import check, load
from kam_metrics.extracts.meanwhile import Event, LoadedMeanwhile, events_since
from kam_metrics.extracts.mending import mended_name
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.particulars import Particulars, particulars
from kam_metrics.extracts.sign import sign_off

__all__ = [
    "KINDS",
    "Closing",
    "Column",
    "Consequence",
    "Event",
    "Examination",
    "Judgement",
    "Kind",
    "Load",
    "LoadedMeanwhile",
    "Options",
    "Particulars",
    "check",
    "close",
    "closings",
    "consequence",
    "events_since",
    "examine",
    "load",
    "loads",
    "mended",
    "mended_name",
    "particulars",
    "redo",
    "reopen",
    "sign_off",
    "undo",
]
