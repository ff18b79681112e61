"""What was remembered may only fill in what a file leaves open; a file that says otherwise is asked about again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kam_metrics.extracts import rules
from kam_metrics.extracts.check import Sheet
from kam_metrics.extracts.judgement import Asked
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.memory import Recalled
from kam_metrics.extracts.options import DECIMALS, Options
from kam_metrics.extracts.staging import TEXT, Staged
from kam_metrics.extracts.style import style
from kam_metrics.store import Stage


def require_same_style(
    stage: Stage, places: Iterable[Place], staged: Staged, options: Options, recalled: Recalled
) -> None:
    """Ask again when the values themselves show another decimal mark or order of days than was remembered."""
    for name in ("decimal", "date_order"):
        if name not in recalled.answers:
            continue
        last_time = str(recalled.answers[name])
        try:
            own = style(stage, places, staged, replace(options, **{name: None}), TEXT)  # type: ignore[arg-type]
        except Asked:
            continue
        if name == "decimal" and set(own.decimals.values()) - {last_time}:
            raise Asked(name, DECIMALS, (last_time,), "decimal_again")
        if name == "date_order" and set(own.orders.values()) - {last_time, "ymd"}:
            raise Asked(name, ("dmy", "mdy"), (last_time,), "date_order_again")


def require_same_sign(stage: Stage, this: Sheet, options: Options, recalled: Recalled) -> None:
    """Turn signs as last time only where the file gives the same reason to."""
    turned = recalled.answers.get("sign", "as_booked")
    if turned == "as_booked":
        return
    try:
        rules.ask_about_meaning(stage, this, replace(options, sign=None))
    except Asked as doubt:
        if turned in doubt.question.options:
            return
    raise Asked("sign", (str(turned), "as_booked"), (str(turned),), "sign_again")
