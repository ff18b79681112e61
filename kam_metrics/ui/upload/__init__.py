"""What the Data page does with files: drop, read as, map, check, compare, load."""

from kam_metrics.ui.upload.workbench import workbench

__all__ = ["workbench"]
