"""KAM Metrics: profit, cash, plan and alignment of every key account on one as-of date."""

__version__ = "0.1.0"
