"""What the table says of a class, its files, each trainee's page and the mission's page say too."""

import csv
import io
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook

from lms.accounts.models import User
from lms.cohorts import closing
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.schedule import Days, set_days
from lms.core.db import session, transaction
from lms.grades import service as grades
from lms.missions.models import Mission
from lms.progress import moving
from lms.record import service as record
from lms.record.models import Verb
from tests.builders import a_cohort, a_published, an_enrolment, deployed, done, trainee_of
from tests.pages import Browser, Page
from tests.progress.test_moving import newer

SignIn = Callable[[User], Browser]

# The word of each state in the files and on the table, and on a trainee's own list.
WORDS = {
    "done": ("Done", "Done"),
    "failed": ("not passed yet", "Not passed yet"),
    "todo": ("not started", "Not started"),
    "locked": ("not open yet", "Locked"),
    "none": ("not in this trainee's version of the course", ""),
}


class Awkward:
    """A class that was moved to a newer version, in which everybody stands elsewhere; the last part opens in a week."""

    def __init__(self) -> None:
        self.cohort = a_cohort(version_id=a_published())
        self.mentor = deployed(session.get_one(Mission, self.cohort.mission_id))
        self.finished, self.heard, self.failed, self.behind, self.gone = (an_enrolment(self.cohort) for _ in range(5))
        done(self.finished)
        done(self.heard, "greeting")
        self._aloud(self.heard)
        new = a_published(newer())
        with transaction():
            cohort, by = session.get_one(Cohort, self.cohort.id), self.mentor.id
            set_days(cohort, {"greeting": Days(None, 2), "final": Days(12, 20)}, by=by)
            grades.override(session.get_one(Enrolment, self.failed.id), "quiz", 40, "Copied.", by=by)
            cohorts.adjust(session.get_one(Enrolment, self.behind.id), extension_days=9, extra_time=0, by=by)
            cohorts.end_enrolment(session.get_one(Enrolment, self.gone.id), "duty", by=by)
            moving.move(cohort, new, by=by)
        self.here = [self.finished, self.heard, self.failed, self.behind]

    def _aloud(self, enrolment: Enrolment) -> None:
        with transaction():
            record.append(
                Verb.PASSED,
                actor_id=enrolment.user_id,
                registration=enrolment.id,
                activity_id="quiz",
                score=0.85,
                context={"via": "oral", "by": str(self.mentor.id)},
            )

    def close(self) -> None:
        with transaction():
            closing.close(session.get_one(Cohort, self.cohort.id), by=self.mentor.id)


@pytest.fixture
def awkward(app: Flask) -> Awkward:
    return Awkward()


@pytest.fixture
def mentor(awkward: Awkward, sign_in: SignIn) -> Browser:
    return sign_in(awkward.mentor)


def number(enrolment: Enrolment) -> str:
    return str(trainee_of(enrolment).number)


def of_table(mentor: Browser, cohort_id: UUID) -> dict[str, list[str]]:
    """By number: done and required, then a word for each activity, with its score and whether it was read aloud."""
    found = {}
    body = mentor.get(f"/cohorts/{cohort_id}").text.split("<tbody>")[1].split("</tbody>")[0]
    for line in body.split("<tr>")[1:]:
        heading = re.search(r"<bdi>(.*?)</bdi>", line)
        counts = re.search(r"<td><bdi>(\d+/\d+)</bdi></td>", line)
        assert heading
        assert counts
        cells = re.findall(r'<td class="cell-(\w+)">(.*?)</td>', line, re.DOTALL)
        found[heading[1]] = [counts[1], *(_cell(state, inside) for state, inside in cells)]
    return found


def _cell(state: str, inside: str) -> str:
    score = re.search(r"<bdi>(\d+)</bdi>", inside)
    return state + (f" {score[1]}%" if score else "") + (" aloud" if "given aloud" in inside else "")


def of_csv(mentor: Browser, cohort_id: UUID) -> dict[str, list[str]]:
    text = mentor.send(f"/cohorts/{cohort_id}/export").get_data(as_text=True).removeprefix("\ufeff")
    _, *rows = csv.reader(io.StringIO(text))
    return {row[0]: [f"{row[1]}/{row[2]}", *row[3:]] for row in rows}


def of_xlsx(mentor: Browser, cohort_id: UUID) -> dict[str, list[str]]:
    content = mentor.send(f"/cohorts/{cohort_id}/export", format="xlsx").data
    _, *rows = load_workbook(io.BytesIO(content))["Progress"].iter_rows()
    return {row[0].value: [f"{row[1].value}/{row[2].value}", *map(_shown, row[3:])] for row in rows}


def _shown(cell: object) -> str:
    """As the table would say it: a number with what its format puts behind it, or the word for the state."""
    value, shown_as = cell.value, cell.number_format  # type: ignore[attr-defined]
    if isinstance(value, str):
        return next(state for state, (word, _) in WORDS.items() if word == value)
    state = "failed" if "not passed yet" in shown_as else "done"
    return f"{state} {round(100 * value)}%" + (" aloud" if "given aloud" in shown_as else "")


@pytest.mark.parametrize("closed", [False, True])
def test_the_files_say_what_the_table_says(awkward: Awkward, mentor: Browser, closed: bool) -> None:
    if closed:
        awkward.close()
    table = of_table(mentor, awkward.cohort.id)
    assert table == {
        number(awkward.finished): ["4/4", "done", "none", "done", "done"],
        number(awkward.heard): ["2/4", "done", "todo", "done 85% aloud", "locked"],
        number(awkward.failed): ["0/4", "todo", "todo", "failed 40%", "locked"],
        number(awkward.behind): ["0/4", "todo", "todo", "todo", "locked"],
    }
    assert of_csv(mentor, awkward.cohort.id) == table
    assert of_xlsx(mentor, awkward.cohort.id) == table


def of_trainee(mentor: Browser, enrolment: Enrolment) -> dict[str, str]:
    """The words of each activity's line on the trainee's own page, by its title."""
    page = (
        mentor.get(f"/enrolments/{enrolment.id}")
        .text.split('<section aria-labelledby="progress">')[1]
        .split("</section>")[0]
    )
    lines = [" ".join(Page(line).text.split()) for line in page.split("<tfoot>")[0].split("<tr>")]
    return {line.split()[0]: line for line in lines if line}


def test_each_trainees_page_says_what_the_table_says(awkward: Awkward, mentor: Browser) -> None:
    table = of_table(mentor, awkward.cohort.id)
    for enrolment in awkward.here:
        counts, *cells = table[number(enrolment)]
        assert " of ".join(counts.split("/")) in mentor.text(f"/enrolments/{enrolment.id}")
        own = of_trainee(mentor, enrolment)
        for title, cell in zip(("Greeting", "Radio", "Quiz", "Final"), cells, strict=True):
            state, *score = cell.split()
            assert title in own if state != "none" else title not in own
            assert all(word in own[title] for word in [WORDS[state][1], *score] if state != "none")


def test_the_missions_page_counts_each_trainee_by_their_own_version(awkward: Awkward, mentor: Browser) -> None:
    # 4 of 4, 2 of 4, and twice none.
    assert "37%" in mentor.text(f"/missions/{awkward.cohort.mission_id}")
    with transaction():
        for each in awkward.here[1:]:
            cohorts.end_enrolment(session.get_one(Enrolment, each.id), "duty", by=awkward.mentor.id)
    assert "100%" in mentor.text(f"/missions/{awkward.cohort.mission_id}")


def test_the_page_tells_what_the_words_in_the_csv_mean(awkward: Awkward, mentor: Browser) -> None:
    page = mentor.text(f"/cohorts/{awkward.cohort.id}")
    for code, (word, _) in WORDS.items():
        assert f"{code} {word.lower()}" in page
    assert "aloud given aloud" in page
