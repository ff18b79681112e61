"""The one place where a page that fails becomes a sentence."""

from __future__ import annotations

import json
import logging
import secrets
from types import TracebackType

import streamlit as st

from kam_metrics import words
from kam_metrics.errors import KamError

_LOG = logging.getLogger("kam_metrics")


class boundary:  # noqa: N801 - reads as a statement
    """Says in the reader's language what went wrong; what we did not foresee gets a number to ask about."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Turn an error into words; let Streamlit's own signals through."""
        if not isinstance(error, Exception):
            return False
        if isinstance(error, KamError):
            st.error(words.explain(self._lang, error))
            return True
        incident = secrets.token_hex(4)
        _LOG.error(json.dumps({"incident": incident, "error": type(error).__name__}), exc_info=error)
        st.error(words.say(self._lang, "error.incident", incident=incident))
        return True
