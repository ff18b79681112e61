"""The board pack holds the figures of the pages, for every account its reader may see and for no other."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from kam_metrics import metrics, words
from kam_metrics.deciding import weigh
from kam_metrics.exports import EXPORTS, Asked
from kam_metrics.exports.delimited import delimited
from kam_metrics.exports.pack import Pack, gather
from kam_metrics.exports.paper import board_pdf
from kam_metrics.exports.printed import MOST_ACCOUNTS, printed
from kam_metrics.exports.sheets import BOARD_PACK, waterfall
from kam_metrics.settings import Settings
from kam_metrics.store import Store, World
from kam_metrics.terms import LOCAL_OWNER, Against, Slice
from kam_metrics.words import LANGUAGES
from tests.books import Books
from tests.canary import told_only_to_others
from tests.pages_world import TODAY

GOLDEN = Path(__file__).parent / "data"
YEAR = Slice(TODAY, date(2025, 12, 1))
OF_AN = replace(YEAR, kam_scope="an")


@pytest.fixture(scope="module")
def world(canary_store: Path) -> Iterator[World]:
    with Store.at(canary_store).read() as world:
        yield world


def asked(world: World, seen: Slice = YEAR, lang: str = "nl", against: Against = "last_year") -> Asked:
    return Asked(lang, world, seen, against, Settings())


def pdf(pack: Pack) -> PdfReader:
    return PdfReader(io.BytesIO(board_pdf(pack, TODAY)))


def text_of(pack: Pack) -> str:
    return "\n".join(page.extract_text() for page in pdf(pack).pages).replace(words.NO_BREAK, " ")


def test_every_figure_of_an_account_is_the_one_its_own_page_asks_for(world: World) -> None:
    pack = gather(asked(world))
    assert [part.row["account_id"] for part in pack.accounts] == ["A1", "KANARIE-9"]
    for part in pack.accounts:
        own = replace(YEAR, account_id=part.row["account_id"])
        keys = [key for key in part.compared.figures if key in metrics.MEASURES]
        page = metrics.measure(world, own, *keys).only
        assert {key: part.compared.figures[key] for key in keys} == {key: page[key] for key in keys}
        assert list(part.steps) == metrics.waterfall(world, own)
        aged = metrics.measure(world, own, "receivables_open", by=["ageing_bucket"]).rows
        assert [row["receivables_open"] for row in part.ageing] == [row["receivables_open"] for row in aged]
        elements = {row["element"]: row["element_score"] for row in metrics.element_rows(world, own, ())}
        assert {name: row["element_score"] for name, row in part.row["elements"].items()} == elements


def test_the_steps_of_every_waterfall_add_up_to_its_totals(world: World) -> None:
    pack = gather(asked(world))
    for steps in (pack.steps, *(part.steps for part in pack.accounts)):
        so_far = Decimal(0)
        for step in steps:
            if not step["total"]:
                so_far += step["amount"]
            assert not step["total"] or so_far in (0, step["amount"])
            so_far = step["amount"] if step["total"] else so_far
    assert waterfall(pack).rows[-1][-1].value == pack.accounts[-1].row["contribution"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_of_the_pack_are_the_golden_ones(world: World, lang: str) -> None:
    pack = gather(asked(world, lang=lang))
    told = [delimited(make(pack), lang).decode("utf-8-sig").replace("\r", "") for make in BOARD_PACK]
    assert "\n".join(told) == (GOLDEN / f"board-pack.{lang}.txt").read_text("utf-8")


def test_the_pack_names_the_weights_by_which_health_is_scored(books: Books) -> None:
    weigh(books.store, {"cash": Decimal(30)}, LOCAL_OWNER, person="Els Smit")
    with books.store.read() as world:
        assert "health by version 1.1 of its weights" in gather(asked(world, lang="en")).about


def test_a_year_that_is_half_loaded_is_compared_on_paper_as_little_as_on_the_page(books: Books) -> None:
    ledger = "account_id,posting_date,line_type,amount"
    books.load("ledger", ledger, "A1,2025-06-15,gross_sales,100", "A1,2026-02-15,gross_sales,300")
    for day, told in ((date(2026, 12, 31), None), (date(2027, 12, 31), "▼")):
        with books.store.read() as world:
            pack = gather(asked(world, Slice(day, date(day.year, 1, 1))))
            change, _ = pack.total.change(pack.asked, "net_sales")
            assert (change and change[0]) == told
            assert all((row["reference"] is not None) <= (told is not None) for row in pack.rows)


@pytest.mark.parametrize(("lang", "against"), [("nl", "last_year"), ("en", "plan")])
def test_every_text_of_the_pack_stands_on_paper(world: World, lang: str, against: Against) -> None:
    pack = gather(asked(world, lang=lang, against=against))
    shown = _plain(text_of(pack))
    missing = [told for told in _texts(printed(pack)) if _plain(told) not in shown]
    assert missing == []


def _plain(told: str) -> str:
    """Without the spaces and breaks that setting a text in lines brings along."""
    return re.sub(r"[\s\u00ad-]+", "", told)


UNSEEN = frozenset({"lang", "id", "alt", "trend_alt", "tone", "kind"})
"""What the template reads and does not print."""


def _texts(told: Any, name: str = "") -> Iterator[str]:
    if isinstance(told, str):
        yield from [told] if name not in UNSEEN else []
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from _texts(value, key)
    elif isinstance(told, (list, tuple)):
        for value in told:
            yield from _texts(value, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_is_accessible(world: World, lang: str) -> None:
    pack = gather(asked(world, lang=lang))
    data = board_pdf(pack, TODAY)
    root = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = list(_tags(root["/StructTreeRoot"]["/K"]))
    names = [tag["/S"] for tag in tags]
    assert names.count("/H1") == 2 + len(pack.accounts)
    assert names.count("/Table") >= 2 + 3 * len(pack.accounts)
    assert names.count("/TH") > names.count("/Table")
    assert all(tag.get("/Alt") for tag in tags if tag["/S"] == "/Figure")


def _tags(node: Any) -> Iterator[Any]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, dict) and "/S" in node:
        yield node
        yield from _tags(node.get("/K", []))


def test_the_same_figures_on_the_same_day_make_the_same_pdf(world: World) -> None:
    pack = gather(asked(world))
    assert board_pdf(pack, TODAY) == board_pdf(pack, TODAY)


@pytest.fixture(scope="module")
def secret(canary_store: Path) -> re.Pattern[bytes]:
    return told_only_to_others(canary_store)


@pytest.mark.parametrize("name", [name for name, export in EXPORTS.items() if not export.needs_analyst])
def test_a_kams_export_holds_no_foreign_account(world: World, secret: re.Pattern[bytes], name: str) -> None:
    for form, write in EXPORTS[name].writers.items():
        assert (form, secret.findall(_opened(form, write(asked(world, OF_AN), TODAY)))) == (form, [])


@pytest.mark.parametrize("seen", [replace(OF_AN, kam_id="bo"), replace(OF_AN, account_id="KANARIE-9"), OF_AN])
def test_a_kams_pack_holds_no_foreign_account_whatever_is_asked(
    world: World, secret: re.Pattern[bytes], seen: Slice
) -> None:
    for form, write in EXPORTS["board-pack"].writers.items():
        found = secret.findall(_opened(form, write(asked(world, seen, "en", "plan"), TODAY)))
        assert (form, found) == (form, [])


@pytest.mark.parametrize("name", ["board-pack", "waterfall", "calendar"])
def test_the_search_finds_the_canary_in_the_exports_of_who_may_see_it(world: World, name: str) -> None:
    for form, write in EXPORTS[name].writers.items():
        assert re.search(b"kanarie|kooi open", _opened(form, write(asked(world), TODAY)), re.IGNORECASE), form


def _opened(form: str, data: bytes) -> bytes:
    """What stands in the file, as anybody can read it with some effort."""
    if form == "xlsx":
        parts = zipfile.ZipFile(io.BytesIO(data))
        return b"\n".join(parts.read(name) for name in parts.namelist())
    if form == "pdf":
        reader = PdfReader(io.BytesIO(data))
        pages = [page.extract_text() for page in reader.pages]
        return "\n".join([*pages, str(reader.metadata), str(reader.outline), str(reader.named_destinations)]).encode()
    return data.replace(b"\r\n ", b"")


def test_nobodys_money_stands_in_the_list_of_all_accounts_as_on_its_page(world: World) -> None:
    last = EXPORTS["accounts"].writers["csv"](asked(world), TODAY).decode("utf-8-sig").splitlines()[-1]
    assert last.startswith("Zonder account;;777777,77;")


def test_the_calendar_holds_what_is_still_to_come_once(world: World) -> None:
    data = EXPORTS["calendar"].writers["ics"](asked(world, OF_AN), TODAY)
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt) == ("Aalst Karton: Proefdoos", date(2026, 11, 1))
    assert data == EXPORTS["calendar"].writers["ics"](asked(world, OF_AN), TODAY)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_company_gets_a_pack_that_says_which_file_to_load(empty: Books, lang: str) -> None:
    with empty.store.read() as world:
        told = text_of(gather(asked(world, lang=lang)))
    assert words.say(lang, "empty.sales") in told.replace("\n", " ")


def test_an_account_without_a_fact_names_every_file_that_would_tell(books: Books) -> None:
    with books.store.read() as world:
        pack = gather(asked(world))
        told = text_of(pack).replace("\n", " ")
    for key in ("empty.sales", "empty.receivables", "empty.plan_of_account", "empty.alignment"):
        assert words.say("nl", key) in told
    assert len(pack.accounts) == 2


def test_a_contribution_that_is_unknown_says_why(books: Books) -> None:
    books.load("ledger", "account_id,posting_date,line_type,amount", "A1,2026-10-05,gross_sales,100.00")
    with books.store.read() as world:
        pack = gather(asked(world))
        (page,) = [page for page in printed(pack)["accounts"] if page["id"] == "A1"]
    assert [row["label"] for row in page["profit"]["rows"]] == ["Bruto-omzet", "Netto-omzet", "Marge onbekend"]
    assert page["profit"]["note"] == f"Klantbijdrage: {words.why('nl', 'no_cogs')}"
    assert page["title"] == "Aalst"


def test_a_name_in_a_script_that_our_fonts_lack_is_no_reason_to_make_no_pack(empty: Books) -> None:
    empty.load("accounts", "account_id,account_name,kam_id,segment", "C1,漢字 *公司* #1,an,key")
    with empty.store.read() as world:
        assert "#1" in text_of(gather(asked(world)))


def test_of_very_many_accounts_paper_holds_both_ends_and_the_workbook_all(empty: Books) -> None:
    many = MOST_ACCOUNTS + 30
    empty.load("accounts", "account_id,account_name,segment", *(f"A{n:03},Naam {n:03},key" for n in range(many)))
    with empty.store.read() as world:
        pack = gather(asked(world))
    told = printed(pack)
    assert [page["id"] for page in (told["accounts"][0], told["accounts"][-1])] == ["A000", f"A{many - 1}"]
    assert len(told["accounts"]) == len(told["portfolio"]["rows"]) == MOST_ACCOUNTS
    assert len(BOARD_PACK[0](pack).rows) == many


def test_an_invented_company_says_so_on_every_page(world: World) -> None:
    pack = gather(replace(asked(world), is_demo=True))
    assert all("Voorbeeldbedrijf." in page.extract_text() for page in pdf(pack).pages)
