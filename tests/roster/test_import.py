"""A nominal roll that comes as a file: matched, tried dry, taken line by line, and never half without saying so."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.core import jobs
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.missions.models import Mission, RollEntry
from lms.roster import importing, tables
from lms.roster import service as roster
from lms.roster.jobs import forget_old
from lms.roster.models import RollExport, RollImport, RollRow
from tests.builders import a_mission, deployed
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    mission = a_mission()
    with transaction():
        for region, name in (("North", "Station 1"), ("South", "Station 1"), ("North", "Traffic")):
            roster.add_unit(mission, region, name, 40, 6, by=None)
    return mission


@pytest.fixture
def mentor(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission))


def a_csv(*rows: str, head: str = "number,sex,rank,region,unit,languages,literacy") -> bytes:
    return "\n".join([head, *rows]).encode()


def an_xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(browser: Browser, mission: Mission, content: bytes) -> str:
    """Send the file and accept the columns that were guessed; returns the address of the import."""
    answer = browser.send(f"/missions/{mission.id}/roll/import", file=(io.BytesIO(content), "roll"))
    assert answer.status_code == 302, Page(answer.text).text
    address = answer.headers["Location"]
    columns = session.scalars(select(RollImport).order_by(RollImport.id.desc())).first().columns  # type: ignore[union-attr]
    assert browser.send(address, **{name: str(place) for name, place in columns.items()}).status_code == 302
    return address


def work() -> None:
    while jobs.work_one():
        pass


def taken(browser: Browser, mission: Mission, content: bytes) -> str:
    """Bring a file and take what can be taken; returns the words of the page that says so."""
    address = bring(browser, mission, content)
    assert browser.send(address).status_code == 302
    work()
    return browser.text(address)


def kept() -> list[tuple[object, ...]]:
    columns = (RollEntry.sex, RollEntry.rank, RollEntry.languages, RollEntry.literacy)
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def test_a_roll_becomes_trainees_with_what_is_kept_of_them(mentor: Browser, mission: Mission) -> None:
    page = taken(mentor, mission, a_csv(",f,constable,North,Station 1,fr ht,audio", ",m,officer,,Traffic,fr,reads"))
    assert "The roll is taken" in page
    assert kept() == [("f", "constable", "fr ht", "audio"), ("m", "officer", "fr", "reads")]
    roll = mentor.text(f"/missions/{mission.id}/roll")
    assert "Needs audio or an oral test" in roll
    assert "Station 1 · North" in roll


@pytest.mark.parametrize(
    "content",
    [
        "Sexe;Grade;Unité;Langues;Lecture\nFemme;Agent;Traffic;fr ht;Lit seul\n".encode("cp1252"),
        "الجنس\tفئة الرتبة\tالوحدة\tاللغات\tالقراءة\nامرأة\tشرطي\tTraffic\tfr ht\tيقرأ وحده\n".encode("utf-16"),
        an_xlsx(
            ["SEX", "Rank band", "Unit", "Languages", "Reading"],
            ["Woman", "Constable", "traffic", "fr, ht", "Reads alone"],
        ),
    ],
    ids=["french csv of an old spreadsheet", "arabic in utf-16", "english xlsx"],
)
def test_headings_and_words_are_known_in_three_languages(mentor: Browser, mission: Mission, content: bytes) -> None:
    taken(mentor, mission, content)
    assert kept() == [("f", "constable", "fr ht", "reads")]


def test_the_dry_run_names_lines_and_reasons_and_changes_nothing(mentor: Browser, mission: Mission) -> None:
    rows = (",f,constable,,Traffic,,", ",x,,,,,", ",,,,Station 1,,", ",,,,Harbour,,", "PS-22222,f,,,,,", ",,,,,French,")
    page = mentor.text(bring(mentor, mission, a_csv(*rows)))
    for words in (
        "3 “x” is not known in the column “Sex”.",
        "4 Several units are called “Station 1”. Give the region too.",
        "5 There is no unit “Harbour”. Add it to the units first.",
        "6 No trainee of this mission has this number.",
        "7 Write language codes with spaces between",
        "New trainees 1",
        "Cannot be taken 5",
    ):
        assert words in page
    assert kept() == []


def test_units_that_differ_by_an_accent_alone_keep_their_trainees(
    mentor: Browser, mission: Mission, sign_in: SignIn
) -> None:
    names = ("Poste Étang", "Poste Etang")
    with transaction():
        ids = [roster.add_unit(mission, "Nord", name, 40, 6, by=None).id for name in names]
    # As some systems write an accent: a letter, and the accent after it.
    taken(mentor, mission, a_csv(*[f",f,,Nord,{unicodedata.normalize('NFD', name)},," for name in names]))
    assert set(session.scalars(select(RollEntry.unit_id))) == set(ids)
    taken(mentor, mission, a_csv(*[f",m,,,{name},," for name in names]))
    mentor.send(f"/missions/{mission.id}/roll/exports", kind="csv", purpose="Mine")
    asked = session.scalars(select(RollExport.id)).one()
    sign_in(deployed(mission, Role.MANAGER)).send(f"/roll-exports/{asked}/approve")
    own = mentor.send(f"/roll-exports/{asked}/file").data
    page = mentor.text(bring(mentor, mission, own))
    assert "New trainees 0 Changed 0 Unchanged 4 Cannot be taken 0" in page


def test_a_word_that_several_units_are_like_is_not_guessed(mentor: Browser, mission: Mission) -> None:
    with transaction():
        for name in ("Poste Étang", "Poste Etang"):
            roster.add_unit(mission, "Nord", name, 40, 6, by=None)
    page = mentor.text(
        bring(mentor, mission, a_csv(",f,,nord,POSTE ETANG,,", ",f,,,poste étang,,", ",f,,nord,Station 1,,"))
    )
    words = "Several units are called almost “%s”. Write the name as the list of units has it."
    assert f"2 {words}" % "POSTE ETANG" in page
    assert f"3 {words}" % "poste étang" in page
    assert "4 There is no unit “Station 1”" in page


def test_a_bad_line_does_not_spoil_the_rest(mentor: Browser, mission: Mission) -> None:
    page = taken(mentor, mission, a_csv(",x,,,,,", ",f,,,,,", ",m,,,,,"))
    assert "“x” is not known" in page
    assert [sex for sex, *_ in kept()] == ["f", "m"]


def test_a_bad_line_stops_everything_where_that_was_asked(mentor: Browser, mission: Mission) -> None:
    address = bring(mentor, mission, a_csv(",x,,,,,", ",f,,,,,"))
    answer = mentor.send(address, whole="on")
    assert answer.status_code == 422
    assert "Nothing was taken" in answer.text
    work()
    assert kept() == []


def test_names_and_other_columns_are_never_kept(mentor: Browser, mission: Mission, app: Flask) -> None:
    content = a_csv("Jean Tremblant,f", head="Name,sex")
    mentor.send(f"/missions/{mission.id}/roll/import", file=(io.BytesIO(content), "roll"))
    brought = session.scalars(select(RollImport)).one()
    assert brought.file_sealed is not None
    assert b"Tremblant" not in brought.file_sealed
    mentor.send(f"/roll-imports/{brought.id}", sex="1")
    session.expire_all()
    assert session.scalars(select(RollImport)).one().file_sealed is None
    assert session.scalars(select(RollRow)).one().cells == {"sex": "f"}


def test_nothing_of_a_file_is_kept_longer_than_it_is_of_use(mentor: Browser, mission: Mission, time: Clock) -> None:
    mentor.send(f"/missions/{mission.id}/roll/import", file=(io.BytesIO(a_csv(",f,,,,,")), "roll"))
    taken(mentor, mission, a_csv(",m,,,,,"))
    time.forward(days=1, seconds=1)
    forget_old()
    assert [brought.file_sealed for brought in session.scalars(select(RollImport))] == [None]
    time.forward(days=6)
    forget_old()
    assert session.scalars(select(RollRow)).all() == []
    assert [sex for sex, *_ in kept()] == ["m"]


def test_a_number_changes_its_trainee_and_only_in_the_columns_of_the_file(mentor: Browser, mission: Mission) -> None:
    taken(mentor, mission, a_csv(",f,constable,,Traffic,fr,reads"))
    number = session.scalars(select(User.number).join(RollEntry, RollEntry.user_id == User.id)).one()
    page = taken(mentor, mission, a_csv(f"{number},supervisor", f"{number},officer", head="number,rank"))
    assert "This number stands in line 2 already." in page
    assert kept() == [("f", "supervisor", "fr", "reads")]


def test_a_number_of_another_mission_is_not_reached(mentor: Browser, mission: Mission, sign_in: SignIn) -> None:
    elsewhere = a_mission()
    taken(sign_in(deployed(elsewhere)), elsewhere, a_csv("f", head="sex"))
    number = session.scalars(select(User.number).join(RollEntry, RollEntry.user_id == User.id)).one()
    assert "No trainee of this mission has this number." in taken(
        mentor, mission, a_csv(f"{number},m", head="number,sex")
    )
    assert [sex for sex, *_ in kept()] == ["f"]


def test_taking_twice_and_working_twice_is_taking_once(mentor: Browser, mission: Mission) -> None:
    address = bring(mentor, mission, a_csv(*[",f,,,,,"] * 600))
    mentor.send(address)
    mentor.send(address)
    brought = session.scalars(select(RollImport.id)).one()
    with transaction():
        importing.take_step(session.get_one(RollImport, brought))
    assert session.scalar(select(func.count()).select_from(RollEntry)) == importing.STEP
    page = mentor.get(address).text
    assert f'<progress max="600" value="{importing.STEP}"' in page
    assert "data-wait" in page
    work()
    work()
    assert session.scalar(select(func.count()).select_from(RollEntry)) == 600


def test_an_import_is_for_who_brought_it_alone(mentor: Browser, mission: Mission, sign_in: SignIn) -> None:
    address = bring(mentor, mission, a_csv(",f,,,,,"))
    assert sign_in(deployed(mission)).get(address).status_code == 403


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(40_000_000))
    return out.getvalue()


def _without_a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(an_xlsx(["sex"], ["f"]))) as whole, zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"spreadsheetml.sheet.main+xml", b"unknown+xml")
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 not a zip", "This is not a table that can be read."),
        (_bomb(), "This is not a table that can be read."),
        (_without_a_workbook(), "This is not a table that can be read."),
        (b"", "There are no rows below the headings."),
        (b"sex\n", "There are no rows below the headings."),
        (b"sex\n" + b"f\n" * 10_001, "This file has more than 10,000 rows."),
        (b"sex\n" + b"f" * 5_000_001, "This file is larger than 5 MB."),
        (b'sex\n"' + b"f" * 200_000, "This is not a table that can be read."),
    ],
    ids=["not a zip", "bomb", "no workbook", "empty", "headings only", "too many", "too large", "endless cell"],
)
def test_a_hostile_or_unreadable_file_is_refused_with_the_mend(
    mentor: Browser, mission: Mission, content: bytes, words: str
) -> None:
    answer = mentor.send(f"/missions/{mission.id}/roll/import", file=(io.BytesIO(content), "roll"))
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert session.scalar(select(func.count()).select_from(RollImport)) == 0


def test_a_formula_counts_for_its_value_and_a_sheet_that_lies_of_its_size_is_read() -> None:
    book = Workbook()
    book.active.append(["sex", "unit"])
    book.active.append(["f", "=1+1"])
    book.active.cell(row=1_048_576, column=1, value="far")
    out = io.BytesIO()
    book.save(out)
    headings, rows = tables.read(out.getvalue())
    assert headings == ["sex", "unit"]
    assert rows == [(2, ["f", ""])]


def test_a_thousand_lines_cost_few_statements(mission: Mission, app: Flask, statements: list[str]) -> None:
    person, vault = deployed(mission), vault_of(app.config["DATA_DIR"])
    out = io.StringIO()
    csv.writer(out).writerows([["sex", "unit"], *[["f", "Traffic"]] * 1000])
    with transaction():
        brought = importing.bring(mission, out.getvalue().encode(), vault=vault, by=person.id)
        importing.match(brought, {"sex": 0, "unit": 1}, vault=vault)
    statements.clear()
    with transaction():
        importing.take_step(brought)
    assert len(statements) < 30
