"""The master files: accounts, and the customer numbers that belong to them."""

from __future__ import annotations

from collections.abc import Iterator

from kam_metrics.demo import cast
from kam_metrics.demo.company import Account
from kam_metrics.demo.values import Row


def account_row(account: Account) -> Row:
    """One account as master data knows it."""
    return {
        "account_id": account.account_id,
        "account_name": account.name,
        "parent_id": account.parent_id,
        "country": account.country,
        "sector": account.sector,
        "segment": account.segment,
        "kam_id": account.kam,
        "kam_name": cast.KAMS.get(account.kam or ""),
        "sponsor_id": account.sponsor,
        "sponsor_name": cast.SPONSORS.get(account.sponsor or ""),
        "key_since": account.key_since,
        "reason": account.reason,
        "payment_terms_days": account.terms,
        "intercompany": False,
    }


def customer_rows(account: Account) -> Iterator[Row]:
    """Its customer numbers in the invoicing entity."""
    for customer_no in account.customers:
        yield {
            "customer_no": customer_no,
            "account_id": account.account_id,
            "company_code": account.company_code,
        }
