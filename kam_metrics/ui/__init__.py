"""What pages share with Streamlit: who is here, what they look at, remembered answers, tiles, charts and tables."""

from kam_metrics import metrics
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.here import Here, current, goto, here, looking_at, page_link, say
from kam_metrics.ui.show import (
    caption,
    chart,
    empty,
    headline,
    listing,
    section,
    standing,
    tell_what_happened,
    tile,
    tiles,
)

__all__ = [
    "Here",
    "ask",
    "caption",
    "chart",
    "current",
    "empty",
    "goto",
    "headline",
    "here",
    "listing",
    "looking_at",
    "measure",
    "metrics",
    "page_link",
    "say",
    "section",
    "standing",
    "tell_what_happened",
    "tile",
    "tiles",
]
