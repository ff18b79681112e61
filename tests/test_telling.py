"""How what is known of an account is told in words."""

from __future__ import annotations

import pytest

from kam_metrics import telling
from kam_metrics.errors import UsageError
from kam_metrics.settings import Settings, read_settings

LONGEST = Settings().longest_terms


@pytest.mark.parametrize(
    ("days", "country", "told"),
    [
        (30, "NL", "Afgesproken betaaltermijn: 30 dagen."),
        (1, "BE", "Afgesproken betaaltermijn: 1 dag."),
        (31, "nl", "⚠ Afgesproken betaaltermijn: 31 dagen, langer dan de 30 dagen die voor NL"),
        (60, "BE", "Afgesproken betaaltermijn: 60 dagen."),
        (61, "BE", "⚠ Afgesproken betaaltermijn: 61 dagen, langer dan de 60 dagen die voor BE"),
        (120, "DE", "Afgesproken betaaltermijn: 120 dagen."),
        (120, None, "Afgesproken betaaltermijn: 120 dagen."),
        (None, "NL", "Betaaltermijn onbekend: de kolom `payment_terms_days`"),
    ],
)
def test_an_agreed_term_is_held_against_the_law_of_its_country(
    days: int | None, country: str | None, told: str
) -> None:
    assert telling.terms("nl", days, country, LONGEST).startswith(told)


def test_an_installation_may_name_other_laws_or_none() -> None:
    french = read_settings({"KAM_LONGEST_TERMS": "fr 45"}).longest_terms
    assert "de 45 dagen die voor FR" in telling.terms("nl", 50, "FR", french)
    assert telling.terms("nl", 300, "BE", french) == "Afgesproken betaaltermijn: 300 dagen."
    with pytest.raises(UsageError):
        read_settings({"KAM_LONGEST_TERMS": "Belgium sixty"})
