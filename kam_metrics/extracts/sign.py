"""A director signs a plan off: one row of the plans, booked, journalled and undone like any extract."""

from __future__ import annotations

import hashlib
from datetime import date

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts.difference import compare, stage_incoming
from kam_metrics.extracts.earlier import Reading
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import PLANS
from kam_metrics.extracts.load import book
from kam_metrics.store import Change, Store
from kam_metrics.terms import Principal

_SIGNED = {"status": "'signed'", "signed_by": "$who", "signed_on": "$day"}


def sign_off(store: Store, plan_id: str, by: Principal, *, who: str, day: date) -> int:
    """Sign a plan off in a person's name; the number of the load that holds it. Only a director may."""
    if not by.may_sign:
        raise NotAllowed("may_not_sign")
    if not who.strip():
        raise KamError("sign_without_name")
    with store.stage() as stage, store.change(stage, by) as change:
        _stage_signed(change, plan_id, who.strip(), day)
        signature = f"{plan_id} {who.strip()} {day.isoformat()}"
        digest = hashlib.sha256(signature.encode()).hexdigest()
        judgement = Judgement("accept", signature, digest, kind=PLANS.name, table="signed", rows=1)
        stage_incoming(change, judgement, PLANS)
        difference = compare(change, PLANS.name, replace=True)
        return book(change, judgement, difference, Reading(PLANS, "{}", None, is_replacing=True)).load_id or 0


def _stage_signed(change: Change, plan_id: str, who: str, day: date) -> None:
    """The plan as it counts now, with the signature."""
    columns = ", ".join(f"{_SIGNED.get(name, name)} as {name}" for name in PLANS.names)
    change.run(
        f"create or replace temp table signed as select 1::bigint as line, {columns} from live_rows('plans') "
        "where plan_id = $plan_id qualify row_number() over (order by batch_id desc, line desc) = 1",
        {"plan_id": plan_id, "who": who, "day": day},
    )
    if not change.run("select 1 from signed"):
        raise KamError("unknown_plan", plan_id=plan_id)
