"""Pure functions from a world and a slice to exact rows."""

from kam_metrics.metrics.answer import Answer, Measure
from kam_metrics.metrics.measures import DIMENSIONS, MEASURES, measure

__all__ = ["DIMENSIONS", "MEASURES", "Answer", "Measure", "measure"]
