"""What loading a file would change: counts, examples, and its totals beside the store's and the analyst's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from kam_metrics import words
from kam_metrics.extracts import KINDS, Examination, Judgement
from kam_metrics.extracts.changes import Changed, MonthTotal
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.matrix.listing import listing as linked_table
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import Quoted, facts, table_words
from kam_metrics.ui.upload.files import Upload
from kam_metrics.ui.upload.rows import value_text

FEW_MONTHS = 6
"""So many totals stand open; more would push what comes next out of sight."""
_WRITTEN = {
    "nl": re.compile(r"[-−]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?"),
    "en": re.compile(r"[-−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?"),
}
"""An amount as somebody types it in a language."""


def tell(upload: Upload, found: Examination) -> None:
    """The difference, whether it may replace what is there, and the control totals."""
    judged = found.judgement
    if judged.outcome == "accept":
        if judged.difference:
            st.markdown(f"**{say('step.difference')}** · {say('ui.difference', **judged.difference)}")
        _offer_replacing(upload, found)
        if (judged.difference or {}).get("changed") and not upload.is_replacing:
            st.warning(say("ui.changed_need_word"))
        _examples(found)
        _totals(upload, found.changes.totals)
    if judged.total_by_currency:
        _control(upload, judged)


def _offer_replacing(upload: Upload, found: Examination) -> None:
    """Whether the file goes before what is there, where anything is."""
    if found.changes.held or upload.is_replacing:
        name = "replace" if KINDS[found.judgement.kind or ""].scope else "update"
        st.checkbox(say(f"ui.{name}"), key=f"replace-{upload.key}", help=say(f"ui.{name}_help"))


def _examples(found: Examination) -> None:
    told = found.changes
    for key, lines in (
        ("changed", [(_key(one), _moves(one)) for one in told.changed]),
        ("new", [_row(row) for row in told.new]),
        ("disappearing", [_row(row) for row in told.disappearing]),
    ):
        if lines:
            with st.expander(say(f"ui.examples_{key}", count=len(lines)), expanded=key == "changed"):
                facts({f"{number}. {name}": text for number, (name, text) in enumerate(lines, 1)})


def _key(changed: Changed) -> str:
    shown = " · ".join(value_text(value) for value in changed.key.values() if value is not None)
    return f"{say('ui.at_line', line=str(changed.line))} · {shown}"


def _moves(changed: Changed) -> list[str]:
    """Each value old and new."""
    none, parts = words.unknown(current().lang), list[str]()
    for name, (old, new) in changed.values.items():
        parts += [" · " if parts else "", Quoted(name), f" {value_text(old) or none} → {value_text(new) or none}"]
    return parts


def _row(row: Mapping[str, Any]) -> tuple[str, list[str]]:
    known = [(name, value_text(value)) for name, value in row.items() if value is not None]
    (_, first), *rest = known or [("", "")]
    parts: list[str] = []
    for name, text in rest:
        parts += [" · " if parts else "", Quoted(name), f" {text}"]
    return first, parts


def _totals(upload: Upload, totals: Sequence[MonthTotal]) -> None:
    """Per month and currency: the file, the store now, and the store after loading."""
    if totals:
        with st.expander(say("ui.totals_per_month"), expanded=len(totals) <= FEW_MONTHS):
            _months(upload, totals)


def _months(upload: Upload, totals: Sequence[MonthTotal]) -> None:
    lang, key = current().lang, f"month-{upload.key}"
    asked = linked_table(
        [Heading(say("heading.month")), *(Heading(say(f"heading.{name}"), is_number=True) for name in
                                          ("in_file", "in_store", "after", "moves"))],
        [
            (_id(one), (
                Cell(f"{words.month(lang, one.month)} · {one.currency}", order=str(one.month)),
                *(Cell(words.money(lang, amount, one.currency), order=float(amount))
                  for amount in (one.in_file, one.in_store, one.after, one.after - one.in_store)),
            ))
            for one in totals
        ],
        caption=say("ui.totals_per_month"),
        words=table_words(),
        key=f"totals-{upload.key}",
    )  # fmt: skip
    if asked:
        st.session_state[key] = asked
    if one := next((one for one in totals if _id(one) == st.session_state.get(key)), None):
        _month(one)


def _id(one: MonthTotal) -> str:
    return f"{one.month}|{one.currency}"


def _month(one: MonthTotal) -> None:
    """What loading does to one month, in words."""
    lang = current().lang
    amounts = {name: words.money(lang, getattr(one, name), one.currency) for name in ("in_file", "in_store", "after")}
    st.caption(say("ui.month_told", month=words.month(lang, one.month), **amounts))


def _control(upload: Upload, judged: Judgement) -> None:
    """A total per currency that the analyst knows from elsewhere; a file that adds up otherwise is not loaded."""
    lang, said = current().lang, upload.said.get("control_totals", {})
    shown = " · ".join(words.money(lang, total, code) for code, total in judged.total_by_currency.items())
    agreed = [code for code, total in said.items() if judged.total_by_currency.get(code) == total]
    st.markdown(f"{say('heading.total')}: **{shown}**{' · ✓ ' + say('ui.control_agrees') if agreed else ''}")
    with (
        st.expander(say("ui.control"), expanded=bool(said) and not agreed),
        st.form(f"control-{upload.form}", border=False),
    ):
        typed = {code: st.text_input(say("ui.control_total", currency=code), _typed(said.get(code)))
                 for code in sorted({*judged.total_by_currency, *said})}  # fmt: skip
        asked = st.form_submit_button(say("ui.compare"))
    if asked:
        _compare(upload, typed)


def _compare(upload: Upload, typed: Mapping[str, str]) -> None:
    read = {code: amount(text, current().lang) for code, text in typed.items() if text.strip()}
    if wrong := [typed[code] for code, total in read.items() if total is None]:
        st.error(say("ui.control_unreadable", value=wrong[0]))
        return
    upload.tell(control_totals={code: total for code, total in read.items() if total is not None} or None)


def _typed(total: Decimal | None) -> str:
    return "" if total is None else words.number(current().lang, total, 2)


def amount(text: str, lang: str) -> Decimal | None:
    """An amount as it is written in a language; None when it is not."""
    plain = re.sub(r"[\s€]", "", text)
    if not _WRITTEN[lang].fullmatch(plain):
        return None
    thousands, mark = (".", ",") if lang == "nl" else (",", ".")
    return Decimal(plain.replace("−", "-").replace(thousands, "").replace(mark, "."))
