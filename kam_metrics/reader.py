"""Who reads, where the environment leaves no choice."""

from __future__ import annotations

from collections.abc import Mapping

from kam_metrics.errors import UsageError
from kam_metrics.terms import Principal, Role


def narrowed(env: Mapping[str, str]) -> Principal | None:
    """The one role KAM_ROLE and KAM_ID leave; None when neither is set. Never wider than what they say."""
    kam_id = env.get("KAM_ID")
    name = env.get("KAM_ROLE", Role.KAM if kam_id is not None else None)
    if name is None:
        return None
    try:
        role = Role(name.strip().casefold())
    except ValueError as error:
        raise UsageError("unknown_role", name=name, options=", ".join(Role)) from error
    return Principal(kam_id or str(role), frozenset({role}), kam_id)
