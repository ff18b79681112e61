"""Three alignment rounds: who was invited, who answered, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from kam_metrics.demo.chance import stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import plain_day
from kam_metrics.demo.values import Row

ROUNDS = (200, 110, 20)
"""Days before the as-of date."""

PROGRAMME = {
    "sales": 7, "kam": 6, "operations": 8, "logistics": 7, "finance": 5, "service": 6, "product": 5, "it": 4,
    "hr": 4, "management": 5,
}  # fmt: skip
"""People invited for the programme as a whole, per function."""

TEAM = {"sales": 4, "operations": 6, "logistics": 5, "finance": 4, "service": 4, "product": 3, "management": 2}
"""People invited for one account, per function; large accounts have more."""

PROGRAMME_ITEMS = tuple(f"{code}{number}" for code in ("SV", "ST", "SK", "SF", "SR", "SU", "SY") for number in (1, 2))
ACCOUNT_ITEMS = ("SV3", "ST2", "SK2", "SF1", "SR4", "SU1", "SY2")
"""A pulse of one item per element, the same in every round so that rounds compare."""

LEVELS = {"SV": 3.7, "ST": 3.4, "SK": 3.8, "SF": 3.3, "SR": 3.3, "SU": 2.8, "SY": 2.7}
TRENDS = {"SV": 0.05, "ST": 0.0, "SK": 0.08, "SF": -0.24, "SR": 0.10, "SU": 0.22, "SY": 0.26}
"""Mean answer per element in the first round, and what each next round adds."""

LEANINGS = {
    "sales": {"SU": 0.5, "SR": 0.5, "SV": 0.2},
    "kam": {"SR": 0.6, "SU": -0.3, "SF": -0.3},
    "operations": {"SV": -0.4, "SR": -0.7, "SU": -0.5, "SF": -0.5},
    "logistics": {"SU": -0.5, "SF": -0.6, "SY": -0.3},
    "finance": {"SY": 0.3, "SR": -0.2},
    "service": {"SF": -0.4, "SV": 0.2},
    "management": {"ST": 0.8, "SR": 0.5, "SY": 0.4, "SU": 0.3},
}
"""Where functions see it differently: sales finds the hand-over fine, operations does not."""

TWO_CAMPS = {"ST2", "SU2"}
"""Half the house finds that decisions come in time, the other half has given up asking."""

UNKNOWN = {"SY2": 0.16, "ST1": 0.06, "SK2": 0.05}
"""How often an item is answered with "don't know"; elsewhere 1.5 %."""


class Person(NamedTuple):
    """One invited person: a token that leads to nobody, and a temper."""

    token: str
    function: str
    temper: float
    answers: tuple[bool, ...]
    """Per round: whether they answered."""


@dataclass(frozen=True)
class Panel:
    """The people asked about one account, or about the programme when there is no account."""

    account_id: str | None
    people: tuple[Person, ...]
    items: tuple[str, ...]
    mood: float

    def invited(self, function: str) -> int:
        """How many of a function were asked."""
        return sum(person.function == function for person in self.people)


def panels(accounts: list[Account], seed: int) -> Iterator[Panel]:
    """The programme, and five of every six key accounts."""
    yield _panel(None, PROGRAMME, PROGRAMME_ITEMS, 0.0, seed)
    for account in accounts:
        if account.is_key and account.index % 6:
            mood = stream(seed, account.account_id, "mood").gauss(0, 0.25)
            yield _panel(account.account_id, _team(account), ACCOUNT_ITEMS, mood, seed)


def _team(account: Account) -> dict[str, int]:
    extra = 2 if account.yearly > 5_000_000 else 0
    return {function: count + extra for function, count in TEAM.items()}


def _panel(account_id: str | None, team: dict[str, int], items: tuple[str, ...], mood: float, seed: int) -> Panel:
    people = []
    for function, count in team.items():
        for number in range(count):
            rng = stream(seed, "person", account_id, function, number)
            likely = 0.9 if function in {"sales", "kam", "management"} else 0.76
            answers = tuple(rng.random() < likely for _ in ROUNDS)
            people.append(Person(f"r-{rng.randrange(16**8):08x}", function, rng.gauss(0, 0.45), answers))
    return Panel(account_id, tuple(people), items, mood)


def answer_rows(panel: Panel, as_of: date) -> Iterator[Row]:
    """Every answer of a panel, round by round."""
    for number, back in enumerate(ROUNDS):
        day = plain_day(as_of - timedelta(days=back))
        for person in panel.people:
            if not person.answers[number]:
                continue
            rng = stream(person.token, number)
            for item in panel.items:
                yield {
                    "round_id": f"R{number + 1}-{day:%Y-%m}",
                    "round_date": day,
                    "respondent": person.token,
                    "function": person.function,
                    "item": item,
                    "value": _answer(rng, panel, person, item, number),
                    "account_id": panel.account_id,
                    "invited": panel.invited(person.function),
                }


def _answer(rng: Random, panel: Panel, person: Person, item: str, number: int) -> int | None:
    """A whole number from 1 to 5, or nothing for "don't know"."""
    if rng.random() < UNKNOWN.get(item, 0.015):
        return None
    if item in TWO_CAMPS and panel.account_id is None:
        return _camp(person, rng)
    element = item[:2]
    mean = LEVELS[element] + TRENDS[element] * number + LEANINGS.get(person.function, {}).get(element, 0.0)
    return max(1, min(5, round(mean + panel.mood + person.temper + rng.gauss(0, 0.65))))


def _camp(person: Person, rng: Random) -> int:
    """Two camps and hardly anyone in between; people stay in theirs."""
    if rng.random() < 0.12:
        return 3
    return rng.choice((1, 2, 2)) if person.temper < 0 else rng.choice((4, 4, 5))
