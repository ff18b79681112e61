"""The invented company must look like a company: checked over its files, without the product's own figures."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from statistics import correlation, mean, pstdev

import pytest

from kam_metrics.demo import ACCOUNTS, LOAD_ORDER, kind_of, write_extracts
from kam_metrics.extracts.kinds import KINDS, Column, plain

AS_OF = date(2026, 3, 17)
LAST_FULL_YEAR = "2025"
FREE_TEXT = {"reason", "title", "culture", "customer_goals", "decisions", "next_steps"}
PLANNED = {"due_date", "planned_date", "baseline_date"}

Fact = dict[str, object]
Facts = Mapping[str, list[Fact]]


def parse_date(text: str) -> date:
    if text[4] == "-":
        return date.fromisoformat(text)
    day, month, year = text.split("-")
    return date(int(year), int(month), int(day))


def parse_number(language: str) -> Callable[[str], Decimal]:
    strip = {"nl": str.maketrans(",", ".", "."), "en": str.maketrans("", "", ",")}[language]
    return lambda text: Decimal(text.translate(strip))


def parser(column: Column, language: str) -> Callable[[str], object]:
    if column.choices:
        return lambda text: column.choices[text]
    if column.type == "date":
        return parse_date
    if column.type in {"money", "rate", "number", "share", "integer"}:
        return parse_number(language)
    return str


def records(path: Path, language: str) -> Iterable[list[str]]:
    is_marked = path.read_bytes().startswith(b"\xef\xbb\xbf")
    encoding = "utf-8-sig" if is_marked else {"nl": "cp1252", "en": "utf-8"}[language]
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter={"nl": ";", "en": ","}[language], strict=True)


def columns_of(kind: str, headers: list[str]) -> list[Column]:
    known = {plain(alias): c for c in KINDS[kind].columns for alias in (c.name, *c.headers)}
    return [known[plain(header)] for header in headers]


def read(path: Path, language: str) -> list[Fact]:
    headers, *rows = records(path, language)
    columns = columns_of(kind_of(path), headers)
    parsers = [(column.name, parser(column, language)) for column in columns]
    return [
        {name: parse(cell) if cell else None for (name, parse), cell in zip(parsers, row, strict=True)} for row in rows
    ]


def facts(paths: list[Path], language: str) -> Facts:
    return {kind_of(path): read(path, language) for path in paths}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    return write_extracts(tmp_path_factory.mktemp("demo"), as_of=AS_OF)


@pytest.fixture(scope="module")
def dutch(paths: dict[str, list[Path]]) -> Facts:
    return facts(paths["nl"], "nl")


@pytest.fixture(scope="module")
def english(paths: dict[str, list[Path]]) -> Facts:
    return facts(paths["en"], "en")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, list[Path]]]:
    def make(**options: object) -> dict[str, list[Path]]:
        chosen = {"as_of": AS_OF, "accounts": 40, "lines": 1500} | options
        return write_extracts(tmp_path_factory.mktemp("small"), **chosen)

    return make


class Profit:
    """Net sales and contribution per account in euros, from the files alone."""

    def __init__(self, world: Facts) -> None:
        self.accounts = {row["customer_no"]: row["account_id"] for row in world["customer_map"]}
        self.rates = rates_of(world)
        self.net: defaultdict[object, Decimal] = defaultdict(Decimal)
        self.contribution: defaultdict[object, Decimal] = defaultdict(Decimal)
        self.months: defaultdict[object, Counter[str]] = defaultdict(Counter)
        self._lines(world)
        self._ledger(world)
        self._drivers(world)

    def euros(self, row: Fact, column: str, day: object) -> Decimal:
        amount = row[column] or Decimal(0)
        assert isinstance(amount, Decimal)
        return amount * rate_on(self.rates, row["currency"], day)

    def _lines(self, world: Facts) -> None:
        for row in world["sales_lines"]:
            account, day = self.accounts.get(row["customer_no"]), row["invoice_date"]
            net, cogs, freight = (self.euros(row, f"{name}_amount", day) for name in ("net", "cogs", "freight"))
            self.net[account] += net
            known = net - cogs if row["cogs_amount"] is not None else 0
            self.contribution[account] += known - freight
            self.months[account][f"{day:%Y-%m}"] += net

    def _ledger(self, world: Facts) -> None:
        for row in world["ledger"]:
            amount = self.euros(row, "amount", row["posting_date"])
            self.contribution[row["account_id"]] += amount
            if row["line_type"] == "rebate":
                self.net[row["account_id"]] += amount

    def _drivers(self, world: Facts) -> None:
        tariffs = defaultdict(list)
        for row in world["cost_rates"]:
            tariffs[row["activity"]].append((str(row["valid_from"]), row["eur_per_unit"]))
        for row in world["cost_drivers"]:
            rate = max(t for t in tariffs[row["activity"]] if t[0] <= f"{row['month']}-01")[1]
            self.contribution[row["account_id"]] -= row["quantity"] * rate


def rates_of(world: Facts) -> dict[object, list[tuple[object, Decimal]]]:
    rates = defaultdict(list)
    for row in world["fx_rates"]:
        rates[row["currency"]].append((row["date"], row["eur_per_unit"]))
    return rates


def rate_on(rates: Mapping[object, list[tuple[object, Decimal]]], currency: object, day: object) -> Decimal:
    if currency == "EUR":
        return Decimal(1)
    return max(pair for pair in rates[currency] if pair[0] <= day)[1]


@pytest.fixture(scope="module")
def profit(english: Facts) -> Profit:
    return Profit(english)


# The files


def test_every_kind_of_extract_is_written_in_both_languages_in_load_order(paths: dict[str, list[Path]]) -> None:
    assert set(LOAD_ORDER) == set(KINDS) - {"successions"}  # the invented company has merged no accounts
    for language, files in paths.items():
        assert tuple(map(kind_of, files)) == LOAD_ORDER
        assert sorted(files) == sorted((files[0].parent).iterdir())
        assert files[0].parent.name == language


def test_a_file_of_somebody_else_has_no_kind() -> None:
    with pytest.raises(KeyError):
        kind_of(Path("real.csv"))


def test_headers_are_published_and_required_columns_are_there(paths: dict[str, list[Path]]) -> None:
    for language, files in paths.items():
        for path in files:
            kind = KINDS[kind_of(path)]
            names = [column.name for column in columns_of(kind.name, next(iter(records(path, language))))]
            assert len(names) == len(set(names))
            assert set(kind.required) <= set(names)


def test_dutch_and_english_files_hold_the_same_facts(dutch: Facts, english: Facts) -> None:
    for kind in LOAD_ORDER:
        hidden = FREE_TEXT | ({"source"} if kind == "measurements" else set())
        assert len(dutch[kind]) == len(english[kind])
        for ours, theirs in zip(dutch[kind], english[kind], strict=True):
            assert ours.keys() == theirs.keys()
            assert {k: v for k, v in ours.items() if k not in hidden} == {
                k: v for k, v in theirs.items() if k not in hidden
            }


def test_free_text_is_in_the_language_of_the_file(dutch: Facts, english: Facts) -> None:
    ours = {row["decisions"] for row in dutch["reviews"]} - {None}
    theirs = {row["decisions"] for row in english["reviews"]} - {None}
    assert len(ours) > 10
    assert not ours & theirs


def test_no_key_occurs_twice(english: Facts) -> None:
    for kind in LOAD_ORDER:
        names = [name for name in KINDS[kind].key if name in english[kind][0]]
        keys = Counter(tuple(row[name] for name in names) for row in english[kind])
        assert not names or max(keys.values()) == 1, kind


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(
    small: Callable[..., dict[str, list[Path]]],
) -> None:
    first, again, other = small(), small(), small(seed=7)
    for language in first:
        written = [path.read_bytes() for path in first[language]]
        assert written == [path.read_bytes() for path in again[language]]
        assert written != [path.read_bytes() for path in other[language]]


def test_one_more_account_changes_nothing_of_the_others(small: Callable[..., dict[str, list[Path]]]) -> None:
    fewer, more = (facts(small(accounts=n, lines=None)["en"], "en") for n in (3, 4))
    for kind in LOAD_ORDER:
        before = Counter(tuple(row.items()) for row in fewer[kind])
        assert not before - Counter(tuple(row.items()) for row in more[kind]), kind


@pytest.mark.parametrize(("accounts", "lines"), [(12, 900), (60, 2500)])
def test_accounts_and_lines_are_as_many_as_asked(
    small: Callable[..., dict[str, list[Path]]], accounts: int, lines: int
) -> None:
    world = facts(small(accounts=accounts, lines=lines)["en"], "en")
    assert (len(world["accounts"]), len(world["sales_lines"])) == (accounts, lines)


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 1, 4), date(2025, 12, 12), date(2028, 2, 29)])
def test_every_dutch_date_column_shows_its_order_by_itself(
    small: Callable[..., dict[str, list[Path]]], as_of: date
) -> None:
    for path in small(as_of=as_of)["nl"]:
        headers, *rows = records(path, "nl")
        for position, column in enumerate(columns_of(kind_of(path), headers)):
            cells = [row[position] for row in rows if row[position]]
            assert column.type != "date" or any(int(cell[:2]) > 12 for cell in cells), (path.name, column.name)


# The story


def test_nothing_happened_after_the_as_of_date(english: Facts) -> None:
    for kind in LOAD_ORDER:
        for row in english[kind]:
            happened = [v for name, v in row.items() if isinstance(v, date) and name not in PLANNED]
            assert all(day <= AS_OF for day in happened), (kind, row)


def test_the_ledger_covers_36_months_and_ends_with_the_running_one(english: Facts) -> None:
    months = {f"{row['invoice_date']:%Y-%m}" for row in english["sales_lines"]}
    assert len(months) == 36
    assert max(months) == f"{AS_OF:%Y-%m}"


def test_there_are_24_key_accounts_and_a_tail_of_400(english: Facts) -> None:
    segments = Counter(row["segment"] for row in english["accounts"])
    assert len(english["accounts"]) == ACCOUNTS
    assert segments["key"] == 24
    assert set(segments) == {"key", "candidate", "tail", "left"}
    assert len({row["account_name"] for row in english["accounts"]}) == ACCOUNTS
    assert {row["kam_id"] for row in english["accounts"]} - {None} == {f"K0{n}" for n in range(1, 7)}


def test_parents_are_accounts(english: Facts) -> None:
    known = {row["account_id"] for row in english["accounts"]}
    parents = {row["parent_id"] for row in english["accounts"]} - {None}
    assert len(parents) == 2
    assert parents <= known


def test_two_customer_numbers_are_in_no_master(english: Facts) -> None:
    mapped = {row["customer_no"] for row in english["customer_map"]}
    booked = {row["customer_no"] for row in english["sales_lines"]}
    assert len(booked - mapped) == 2
    assert len(mapped) > len({row["account_id"] for row in english["customer_map"]})
    assert all(str(number).startswith("0") for number in mapped)


# The money


def test_it_sells_and_earns_like_a_supplier_of_its_size(profit: Profit) -> None:
    sold = sum(v for months in profit.months.values() for m, v in months.items() if m[:4] == LAST_FULL_YEAR)
    assert 60_000_000 < sold < 90_000_000
    assert Decimal("0.06") < sum(profit.contribution.values()) / sum(profit.net.values()) < Decimal("0.10")


def test_the_top_fifth_earns_more_than_120_percent_of_the_contribution(profit: Profit) -> None:
    best = sorted(profit.contribution.values(), reverse=True)
    assert sum(best[: len(best) // 5]) > Decimal("1.2") * sum(best)


def test_at_least_two_of_the_five_largest_lose_money(profit: Profit) -> None:
    largest = sorted(profit.net, key=lambda account: profit.net[account], reverse=True)[:5]
    assert sum(profit.contribution[account] < 0 for account in largest) >= 2


def test_between_1_and_3_percent_of_gross_sales_is_credited(english: Facts) -> None:
    gross = sum(row["list_amount"] for row in english["sales_lines"] if row["doc_type"] == "INV")
    credited = -sum(row["net_amount"] for row in english["sales_lines"] if row["doc_type"] == "CRN")
    assert Decimal("0.01") < credited / gross < Decimal("0.03")


def month_index(profit: Profit, accounts: Iterable[object]) -> dict[int, float]:
    """Mean sales of each calendar month over the average month of its year, for the two full years."""
    total: Counter[str] = Counter()
    for account in accounts:
        total.update({m: float(v) for m, v in profit.months[account].items()})
    years = ("2024", "2025")
    level = {year: mean(total[f"{year}-{m:02d}"] for m in range(1, 13)) for year in years}
    return {m: mean(total[f"{year}-{m:02d}"] / level[year] for year in years) for m in range(1, 13)}


def test_sectors_have_their_seasons(english: Facts, profit: Profit) -> None:
    sectors = defaultdict(list)
    for row in english["accounts"]:
        sectors[row["sector"]].append(row["account_id"])
    index = {sector: month_index(profit, accounts) for sector, accounts in sectors.items()}
    assert max(index["retail"], key=lambda m: index["retail"][m]) in {11, 12}
    assert max(index["horeca"], key=lambda m: index["horeca"][m]) in {6, 7, 8}
    assert min(index["bouw"], key=lambda m: index["bouw"][m]) in {7, 8, 12}
    assert max(index["tuin"], key=lambda m: index["tuin"][m]) in {3, 4, 5}
    for sector in ("retail", "horeca", "bouw", "tuin", "e-commerce"):
        assert max(index[sector].values()) - min(index[sector].values()) > 0.4, sector
    assert max(index["farma"].values()) - min(index["farma"].values()) < 0.3


def test_no_two_accounts_share_a_curve(profit: Profit) -> None:
    months = sorted({m for counts in profit.months.values() for m in counts})
    curves = {a: [float(counts[m]) for m in months] for a, counts in profit.months.items() if len(counts) > 12}
    shapes = {tuple(round(v / sum(curve), 5) for v in curve) for curve in curves.values()}
    assert len(shapes) == len(curves) > 380
    largest = sorted(curves.values(), key=sum, reverse=True)[:60]
    assert max(correlation(one, other) for one, other in combinations(largest, 2)) < 0.97


def test_some_accounts_grow_and_some_shrink(english: Facts, profit: Profit) -> None:
    keys = [row["account_id"] for row in english["accounts"] if row["segment"] == "key"]
    change = [
        sum(v for m, v in profit.months[a].items() if m[:4] == "2025")
        / sum(v for m, v in profit.months[a].items() if m[:4] == "2024")
        for a in keys
    ]
    assert sum(c > Decimal("1.03") for c in change) >= 6
    assert sum(c < Decimal("0.97") for c in change) >= 3


def test_line_amounts_add_up(english: Facts) -> None:
    for row in english["sales_lines"]:
        assert row["list_amount"] - row["discount_amount"] == row["net_amount"]
        assert (row["net_amount"] < 0) == (row["doc_type"] == "CRN")
    missing = sum(row["cogs_amount"] is None for row in english["sales_lines"])
    assert 0 < missing < len(english["sales_lines"]) / 100


def test_vat_is_21_percent_at_home_and_nothing_across_the_border(english: Facts, profit: Profit) -> None:
    country = {row["account_id"]: row["country"] for row in english["accounts"]}
    for row in english["sales_lines"]:
        home = country.get(profit.accounts.get(row["customer_no"]), "NL") in {"NL", "BE"}
        expected = row["net_amount"] * (Decimal("0.21") if home else 0)
        assert abs(row["vat_amount"] - expected) <= Decimal("0.005")


def test_credit_notes_refer_to_earlier_invoices(english: Facts) -> None:
    invoiced = {row["doc_no"]: row["invoice_date"] for row in english["sales_lines"] if row["doc_type"] == "INV"}
    notes = [row for row in english["sales_lines"] if row["doc_type"] == "CRN"]
    referring = [row for row in notes if row["ref_doc_no"]]
    assert len(notes) > len(referring) > len(notes) * 0.85
    assert all(invoiced[row["ref_doc_no"]] <= row["invoice_date"] for row in referring)


def test_every_line_in_foreign_money_has_a_rate(english: Facts) -> None:
    rates = rates_of(english)
    foreign = [row for row in english["sales_lines"] if row["currency"] != "EUR"]
    assert {row["currency"] for row in foreign} == {"GBP", "CHF"}
    assert all(rate_on(rates, row["currency"], row["invoice_date"]) > 0 for row in foreign)


def test_the_ledger_holds_only_what_the_sales_lines_do_not(english: Facts) -> None:
    types = {row["line_type"] for row in english["ledger"]}
    assert types == {"rebate", "service", "sales_effort", "marketing", "other_cost_to_serve", "bad_debt"}
    assert {row["line_type"] for row in english["ledger"] if row["amount"] > 0} <= {"rebate"}
    january = [row for row in english["ledger"] if str(row["document"]).startswith("JAARBONUS")]
    assert {row["posting_date"].month for row in january} == {1}
    assert len(january) > 40


# Receivables


def test_receivables_equal_the_invoices_including_vat(english: Facts) -> None:
    billed: defaultdict[object, Decimal] = defaultdict(Decimal)
    for row in english["sales_lines"]:
        billed[row["doc_no"]] += row["net_amount"] + row["vat_amount"]
    items = {row["doc_no"]: row["amount"] for row in english["receivables"] if row["doc_type"] != "PAY"}
    assert items == billed


def test_every_payer_has_his_own_habit(english: Facts, profit: Profit) -> None:
    late = defaultdict(list)
    for row in english["receivables"]:
        if row["cleared_date"] and row["due_date"] and row["doc_type"] == "INV":
            late[profit.accounts.get(row["customer_no"])].append((row["cleared_date"] - row["due_date"]).days)
    assert mean(late["A1002"]) < 1
    assert mean(late["A1003"]) == pytest.approx(12, abs=1)
    assert pstdev(late["A1003"]) < 3
    assert mean(late["A1005"]) > 20
    assert max(late["A1009"]) - min(late["A1009"]) > 60


def test_some_items_are_old_disputed_factored_or_unapplied(english: Facts) -> None:
    items = english["receivables"]
    unpaid = [row for row in items if row["cleared_date"] is None]
    assert any(row["due_date"] and AS_OF - row["due_date"] > timedelta(days=365) for row in unpaid)
    assert any(row["disputed"] == "true" for row in unpaid)
    assert any(row["factored"] == "true" for row in items)
    assert {row["doc_type"] for row in unpaid} == {"INV", "CRN", "PAY"}


# Budget and balances


def test_the_budget_is_signed_and_the_forecast_covers_the_running_year(english: Facts) -> None:
    for row in english["budget"]:
        assert (row["amount"] > 0) == (row["line_type"] == "gross_sales")
    forecast = {row["month"] for row in english["budget"] if row["scenario"] == "forecast"}
    assert forecast == {f"2026-{m:02d}" for m in range(1, 13)}


def test_stock_and_prepayments_stand_at_month_ends(english: Facts) -> None:
    balances = english["account_balances"]
    assert {row["item"] for row in balances} == {"stock", "prepayment", "write_off"}
    assert all((row["month_end"] + timedelta(days=1)).day == 1 for row in balances)


# Plans


def current_plans(world: Facts) -> dict[object, Fact]:
    return {row["account_id"]: row for row in sorted(world["plans"], key=lambda row: row["start_date"])}


def plan_of(row: Fact) -> str:
    return str(row["objective_id"]).rsplit("-", 1)[0]


def test_plans_are_in_every_state(english: Facts) -> None:
    current = current_plans(english)
    assert len(current) == 22
    states = Counter(row["status"] for row in current.values())
    assert states == {"signed": 18, "draft": 2, "submitted": 2}
    assert any(row["status"] == "closed" for row in english["plans"])
    held = {row["plan_id"] for row in english["reviews"] if row["held_date"]}
    shelved = [
        row for row in current.values() if AS_OF - row["start_date"] > timedelta(200) and row["plan_id"] not in held
    ]
    assert len(shelved) == 2
    days = [(AS_OF - row["start_date"]).days for row in current.values() if row not in shelved]
    assert (min(days), max(days)) == (5, 88)
    assert all(bool(row["signed_by"]) == (row["status"] in {"signed", "closed"}) for row in english["plans"])


def progress(objective: Fact, measured: Fact) -> float:
    """Share of the way to day 90."""
    way = objective["target_90"] - objective["baseline"]
    return float((measured["value"] - objective["baseline"]) / way) if way else 1.0


def test_live_plans_are_ahead_on_schedule_behind_or_unmeasured(english: Facts) -> None:
    latest = {row["objective_id"]: row for row in sorted(english["measurements"], key=lambda row: row["date"])}
    live = {row["plan_id"]: row for row in current_plans(english).values() if row["status"] == "signed"}
    found: Counter[str] = Counter()
    for plan_id, plan in live.items():
        rows = [row for row in english["objectives"] if row["plan_id"] == plan_id and row["objective_id"] in latest]
        day = min(90, (AS_OF - plan["start_date"]).days)
        if not rows:
            found["unmeasured"] += 1
            continue
        gap = mean(progress(row, latest[row["objective_id"]]) for row in rows) - day / 90
        found["ahead" if gap > 0.08 else "behind" if gap < -0.12 else "on"] += 1
    assert found["unmeasured"] == 4
    assert found["behind"] >= 4
    assert found["ahead"] >= 2
    assert found["on"] >= 5


def test_plans_hold_all_kinds_of_objectives_with_targets_that_move_one_way(english: Facts) -> None:
    kinds = defaultdict(set)
    for row in english["objectives"]:
        kinds[row["plan_id"]].add(row["kind"])
        steps = [row[name] for name in ("baseline", "target_30", "target_60", "target_90")]
        sign = {"up": 1, "down": -1, "keep": 0}[str(row["direction"])]
        assert all(sign * (after - before) >= 0 for before, after in pairwise(steps))
        assert (row["sales_component"] is not None) == (row["kind"] == "sales")
    assert all(found == {"sales", "business", "internal", "relation"} for found in kinds.values())
    components = {row["sales_component"] for row in english["objectives"]} - {None}
    assert components == {"new_contacts", "spend", "additional_products", "value_added_services"}
    assert len({row["owner"] for row in english["objectives"]}) > 8
    known = {row["objective_id"] for row in english["objectives"]}
    mirrors = {row["mirror_of"] for row in english["objectives"]} - {None}
    assert mirrors
    assert mirrors <= known


def test_milestones_are_done_open_and_late_on_both_sides(english: Facts) -> None:
    rows = english["milestones"]
    assert {row["owner_side"] for row in rows} == {"own", "customer"}
    assert any(row["done_date"] is None and row["baseline_date"] < AS_OF for row in rows)
    assert any(row["done_date"] and row["done_date"] > row["baseline_date"] for row in rows)
    assert any(row["done_date"] is None and row["baseline_date"] > AS_OF for row in rows)
    plans = {row["plan_id"] for row in english["plans"]}
    goals = {row["objective_id"] for row in english["objectives"]}
    assert {row["plan_id"] for row in rows} == plans
    assert {row["objective_id"] for row in rows} - {None} <= goals


def test_reviews_are_held_on_time_late_or_not_at_all(english: Facts) -> None:
    rows = english["reviews"]
    assert {row["kind"] for row in rows} == {"kickoff", "30d", "quarter", "annual", "strat_day"}
    delays = [(row["held_date"] - row["due_date"]).days for row in rows if row["held_date"]]
    assert any(-5 <= delay <= 5 for delay in delays)
    assert any(delay > 5 for delay in delays)
    assert any(row["held_date"] is None and row["due_date"] < AS_OF for row in rows)
    assert all(bool(row["decisions"]) == bool(row["held_date"]) for row in rows)


def test_at_least_half_of_the_key_accounts_have_earlier_plans(english: Facts) -> None:
    closed = {row["account_id"] for row in english["plans"] if row["status"] == "closed"}
    assert len(closed) >= 12


# Alignment


def scores(world: Facts, element: str, function: str | None = None, round_no: int | None = None) -> list[int]:
    rounds = sorted({row["round_date"] for row in world["alignment"]})
    return [
        int(row["value"])
        for row in world["alignment"]
        if row["value"] is not None
        and str(row["item"]).startswith(element)
        and function in {None, row["function"]}
        and (round_no is None or row["round_date"] == rounds[round_no])
    ]


def test_three_rounds_ask_the_programme_and_most_key_accounts(english: Facts) -> None:
    rows = english["alignment"]
    assert len({row["round_id"] for row in rows}) == len({row["round_date"] for row in rows}) == 3
    people, items = defaultdict(set), defaultdict(set)
    for row in rows:
        people[row["round_id"], row["account_id"]].add(row["respondent"])
        items[row["round_id"], row["account_id"]].add(row["item"])
    assert all(12 <= len(found) <= 57 for found in people.values())
    assert all(7 <= len(found) <= 14 for found in items.values())
    assert len({account for _, account in people}) - 1 >= 18


def test_no_more_people_answer_than_were_invited(english: Facts) -> None:
    answered, invited = defaultdict(set), {}
    for row in english["alignment"]:
        cell = row["round_id"], row["account_id"], row["function"]
        answered[cell].add(row["respondent"])
        assert invited.setdefault(cell, row["invited"]) == row["invited"]
    assert all(len(found) <= invited[cell] for cell, found in answered.items())


def test_functions_disagree_people_differ_and_some_do_not_know(english: Facts) -> None:
    for element in ("SR", "SU"):
        assert mean(scores(english, element, "sales")) - mean(scores(english, element, "operations")) > 0.5
    assert all(pstdev(scores(english, element)) > 0.6 for element in ("SV", "ST", "SK", "SF", "SR", "SU", "SY"))
    unknown = sum(row["value"] is None for row in english["alignment"])
    assert 0.01 < unknown / len(english["alignment"]) < 0.1


def test_one_question_splits_the_programme_into_two_camps(english: Facts) -> None:
    answers = [
        row["value"] for row in english["alignment"] if row["item"] == "ST2" and not row["account_id"] and row["value"]
    ]
    assert sum(value <= 2 for value in answers) / len(answers) > 0.3
    assert sum(value >= 4 for value in answers) / len(answers) > 0.3


def test_structure_and_systems_rise_and_staff_falls(english: Facts) -> None:
    for element, sign in (("SU", 1), ("SY", 1), ("SF", -1)):
        first, last = (mean(scores(english, element, round_no=number)) for number in (0, 2))
        assert sign * (last - first) > 0.1, element
