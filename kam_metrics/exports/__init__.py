"""The same figures as the pages' as files: CSV, XLSX, a board pack as PDF, and a calendar."""

from kam_metrics.exports.catalogue import EXPORTS, MEDIA_TYPES, Export, measure_table, written
from kam_metrics.exports.pack import Asked
from kam_metrics.exports.sheet import Entry, Sheet

__all__ = ["EXPORTS", "MEDIA_TYPES", "Asked", "Entry", "Export", "Sheet", "measure_table", "written"]
