"""Writing a course: the tree, texts, questions, their history, and two authors at once."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.core.db import session, transaction
from lms.library.document import CourseDocument
from lms.missions.models import Mission
from lms.studio import beginning, parts, readiness, service
from lms.studio.models import Draft, Part, Revision
from tests.builders import a_draft, a_mission, a_published, deployed
from tests.conftest import Clock
from tests.documents import a_document
from tests.pages import Browser

SignIn = Callable[[User], Browser]


class Desk:
    """A mentor at work on a draft."""

    def __init__(self, draft: Draft, browser: Browser) -> None:
        self.draft, self.browser = draft, browser
        self.root = f"/studio/{draft.id}/"

    def arrange(self, do: str, **fields: str) -> str:
        answer = self.browser.send(f"{self.root}outline", do=do, **fields)
        assert answer.status_code == 302
        return answer.headers["Location"]

    def tree(self) -> dict[str, list[str]]:
        return {module["id"]: module["activities"] for module in self.data("outline")["modules"]}

    def data(self, key: str) -> dict[str, object]:
        session.expire_all()
        return parts.load(session.get_one(Part, (self.draft.id, key)).content)

    def number(self, key: str) -> int:
        session.expire_all()
        part = session.get(Part, (self.draft.id, key))
        return part.number if part else 0

    def numbers(self, *keys: str) -> dict[str, str]:
        return {key: f"{self.number(key)}" for key in keys}

    def write(self, text: str, **more: str) -> tuple[int, str]:
        keys = self.numbers("activity/greeting", "lesson/greeting/en")
        fields = {"title": "Greeting", "minutes": "10", "required": "yes", "text": text, **keys, **more}
        answer = self.browser.send(f"{self.root}activities/greeting", **fields)
        return answer.status_code, answer.text


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def desk(mission: Mission, sign_in: SignIn) -> Desk:
    author = deployed(mission)
    return Desk(a_draft(mission, author=author), sign_in(author))


def test_a_course_begins_from_nothing(mission: Mission, sign_in: SignIn) -> None:
    author = sign_in(deployed(mission))
    answer = author.send("/studio/new", title="Night patrol", code="LP01", source_language="ht", mission=mission.id)
    page = author.text(answer.headers["Location"])
    assert "Night patrol" in page
    assert "The course is empty" in page
    assert "Night patrol" in author.text("/studio/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Give the course a title."),
        ({"code": "x"}, "Two capital letters and two digits"),
        ({"source_language": "klingon"}, "Write the language"),
    ],
)
def test_a_course_that_cannot_begin_says_why_and_keeps_what_was_typed(
    mission: Mission, sign_in: SignIn, fields: dict[str, str], words: str
) -> None:
    typed = {"title": "Night patrol", "code": "LP01", "source_language": "fr", "mission": mission.id, **fields}
    answer = sign_in(deployed(mission)).send("/studio/new", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_course_cannot_begin_in_a_mission_one_is_not_deployed_to(mission: Mission, sign_in: SignIn) -> None:
    stranger = sign_in(deployed(a_mission()))
    answer = stranger.send("/studio/new", title="Mine", code="LP01", source_language="fr", mission=mission.id)
    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_copy_keeps_its_origin_and_holds_all_of_it(mission: Mission, sign_in: SignIn) -> None:
    origin = a_published()
    author = sign_in(deployed(mission))
    author.send("/studio/copy", title="For Port-Salin", course=origin, mission=mission.id)
    draft = session.scalars(select(Draft)).one()
    assert draft.origin_id == origin
    copied = CourseDocument.model_validate(readiness.data_of(draft))
    original = a_document()
    assert copied.modules == original.modules
    assert copied.pools == original.pools
    assert copied.title["en"] == "For Port-Salin"


def test_activities_are_added_moved_copied_and_taken_out_and_back(desk: Desk) -> None:
    where = desk.arrange("add-activity", to="first", kind="lesson", title="Radio words")
    assert where.endswith("/activities/radio-words")
    assert desk.tree()["first"] == ["greeting", "asking", "quiz", "radio-words"]
    desk.arrange("up", id="radio-words")
    desk.arrange("up", id="radio-words")
    assert desk.tree()["first"] == ["greeting", "radio-words", "asking", "quiz"]
    desk.arrange("move", id="radio-words", to="last")
    assert desk.tree() == {"first": ["greeting", "asking", "quiz"], "last": ["final", "radio-words"]}
    desk.arrange("move", id="radio-words", to="first", place="0")
    assert desk.tree()["first"][0] == "radio-words"
    desk.arrange("copy", id="greeting")
    assert desk.tree()["first"] == ["radio-words", "greeting", "greeting-2", "asking", "quiz"]
    assert desk.data("activity/greeting-2") == desk.data("activity/greeting")
    assert desk.number("lesson/greeting-2/en") == 1


def test_past_the_edge_of_a_module_an_activity_goes_on_into_the_next(desk: Desk) -> None:
    desk.arrange("down", id="quiz")
    assert desk.tree() == {"first": ["greeting", "asking"], "last": ["quiz", "final"]}
    desk.arrange("up", id="quiz")
    assert desk.tree() == {"first": ["greeting", "asking", "quiz"], "last": ["final"]}


def test_what_was_taken_out_comes_back_whole_with_undo(desk: Desk) -> None:
    before = desk.tree()
    desk.arrange("remove", id="first", whole="1")
    assert "first" not in desk.tree()
    page = desk.browser.get(desk.root).text
    assert "Taken out." in page
    assert "Taken out." not in desk.browser.get(desk.root).text
    number = desk.number("outline")
    desk.arrange("undo", to=f"{number - 1}", number=f"{number}")
    assert desk.tree() == before


def test_undo_overwrites_nobody(desk: Desk) -> None:
    desk.arrange("remove", id="quiz")
    number = desk.number("outline")
    desk.arrange("add-group", title="Another author's module")
    desk.arrange("undo", to=f"{number - 1}", number=f"{number}")
    assert "quiz" not in desk.tree()["first"]
    assert "Someone changed the outline since" in desk.browser.text(desk.root)


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "up", "id": "nothing"},
        {"do": "move", "id": "greeting", "to": "nowhere"},
        {"do": "add-activity", "to": "first", "kind": "bomb", "title": "X"},
        {"do": "add-activity", "to": "nowhere", "kind": "lesson", "title": "X"},
        {"do": "add-group", "title": " "},
        {"do": "copy", "id": "../../etc"},
        {"do": "explode", "id": "greeting"},
        {"do": "remove", "id": "greeting", "group": "people"},
    ],
)
def test_what_makes_no_sense_changes_nothing_and_says_so(desk: Desk, fields: dict[str, str]) -> None:
    before = desk.number("outline"), service.keys(desk.draft)
    where = desk.arrange(fields.pop("do"), **fields)
    assert (desk.number("outline"), service.keys(desk.draft)) == before
    assert "alert-error" in desk.browser.get(where).text


def test_an_id_that_was_used_is_not_used_for_something_else(desk: Desk) -> None:
    desk.arrange("remove", id="quiz")
    assert desk.arrange("add-activity", to="first", kind="lesson", title="Quiz").endswith("/activities/quiz-2")


def test_a_lesson_is_saved_with_its_settings(desk: Desk) -> None:
    assert desk.write("## New\r\n\r\nWords.  ", minutes="25", law="Arrest without a warrant")[0] == 302
    assert session.get_one(Part, (desk.draft.id, "lesson/greeting/en")).content == "## New\n\nWords.\n"
    settings = desk.data("activity/greeting")
    assert settings["minutes"] == 25
    assert settings["law"]["en"] == "Arrest without a warrant"


@pytest.mark.parametrize("minutes", ["0", "601", "ten", "-5", "1e3", "٣٣٣٣"])
def test_a_bad_number_is_refused_with_the_mend_and_nothing_typed_is_lost(desk: Desk, minutes: str) -> None:
    before = desk.number("lesson/greeting/en")
    status, page = desk.write("Half an hour's work <b>", minutes=minutes)
    assert status == 422
    assert "Type a whole number from 1 to 600." in page
    assert "Half an hour&#39;s work &lt;b&gt;" in page
    assert f'value="{minutes}"' in page
    assert desk.number("lesson/greeting/en") == before


def test_the_second_author_sees_both_texts_and_then_decides(desk: Desk, mission: Mission, sign_in: SignIn) -> None:
    stale = desk.numbers("activity/greeting", "lesson/greeting/en")
    other = Desk(desk.draft, sign_in(deployed(mission)))
    assert other.write("Their words.")[0] == 302
    status, page = desk.write("My words.", **stale)
    assert status == 409
    assert "Someone else changed this" in page
    assert "Their words." in page
    assert "My words." in page
    assert session.get_one(Part, (desk.draft.id, "lesson/greeting/en")).content == "Their words.\n"
    # The page that came back was written upon what the other saved: saving it again is a decision.
    assert desk.write("Their words and mine.")[0] == 302
    kept = session.scalars(select(Revision.content).where(Revision.key == "lesson/greeting/en")).all()
    assert {"Their words.\n", "Their words and mine.\n"} <= set(kept)


def test_two_authors_of_different_lessons_do_not_meet(desk: Desk, mission: Mission, sign_in: SignIn) -> None:
    stale = desk.numbers("activity/greeting", "lesson/greeting/en")
    other = sign_in(deployed(mission))
    keys = desk.numbers("activity/asking", "lesson/asking/en")
    fields = {"title": "Asking", "minutes": "10", "required": "yes", "text": "Theirs.", **keys}
    assert other.send(f"{desk.root}activities/asking", **fields).status_code == 302
    assert desk.write("Mine.", **stale)[0] == 302


def test_the_same_text_twice_is_one_revision(desk: Desk) -> None:
    desk.write("Once.")
    number = desk.number("lesson/greeting/en")
    desk.write("Once.")
    assert desk.number("lesson/greeting/en") == number


def typing(desk: Desk, text: str) -> None:
    fields = {"title": "Greeting", "minutes": "10", "required": "yes", "text": text}
    keys = desk.numbers("activity/greeting", "lesson/greeting/en")
    answer = desk.browser.post(
        f"{desk.root}activities/greeting",
        data={"csrf_token": desk.browser.token(), **fields, **keys},
        headers={"Accept": "application/json"},
    )
    assert answer.json["numbers"]["lesson/greeting/en"] == desk.number("lesson/greeting/en")


def test_a_sittings_typing_is_one_revision_and_what_was_there_before_stays(desk: Desk, time: Clock) -> None:
    began = session.get_one(Part, (desk.draft.id, "lesson/greeting/en")).content
    desk.browser.become(session.get_one(User, desk.draft.created_by))
    for text in ("A", "An", "An o", "An officer"):
        typing(desk, text)
        time.forward(seconds=5)
    time.forward(minutes=20)
    desk.browser.become(session.get_one(User, desk.draft.created_by))
    typing(desk, "An officer asks.")
    kept = session.scalars(
        select(Revision.content).where(Revision.key == "lesson/greeting/en").order_by(Revision.number)
    ).all()
    assert kept[0] == began
    assert kept[-2:] == ["An officer\n", "An officer asks.\n"]
    assert len(kept) <= 4


def test_an_earlier_revision_is_compared_and_restored(desk: Desk) -> None:
    desk.write("First words.")
    first = desk.number("lesson/greeting/en")
    desk.write("Second words.")
    page = desk.browser.text(f"{desk.root}history/lesson/greeting/en")
    assert "First words." in page
    assert "Second words." in page
    answer = desk.browser.send(
        f"{desk.root}history/lesson/greeting/en", revision=f"{first}", number=f"{desk.number('lesson/greeting/en')}"
    )
    assert answer.status_code == 302
    session.expire_all()
    assert session.get_one(Part, (desk.draft.id, "lesson/greeting/en")).content == "First words.\n"


def test_a_question_is_edited_and_its_options_keep_their_ids(desk: Desk) -> None:
    key = "question/multiple"
    before = desk.data(key)
    options = before["options"]
    assert isinstance(options, list)
    fields = {"prompt": "Which of these?", "points": "3", **desk.numbers(key)}
    for place, option in enumerate(options):
        fields |= {
            f"options-{place}-id": option["id"],
            f"options-{place}-text": f"Words {place}",
            f"options-{place}-feedback": "Because.",
        }
    last = len(options)
    fields |= {f"options-{last}-text": "One more", f"options-{last}-feedback": "So.", "correct": f"{last}"}
    assert desk.browser.send(f"{desk.root}questions/multiple", **fields).status_code == 302
    after = desk.data(key)
    assert [option["id"] for option in after["options"]][:last] == [option["id"] for option in options]
    assert [option.get("correct", False) for option in after["options"]] == [False] * last + [True]
    assert after["points"] == 3
    assert after["kind"] == "multiple_choice"


def test_nobody_writes_in_a_course_that_is_in_review(desk: Desk) -> None:
    with transaction():
        session.get_one(Draft, desk.draft.id).submitted_at = desk.draft.created_at
    status, page = desk.write("Too late.")
    assert status == 422
    assert "in review" in page
    assert "Too late." in page


def test_a_translation_is_stale_when_its_source_changed_and_missing_where_nothing_is_written(desk: Desk) -> None:
    desk.browser.send(f"{desk.root}languages", tag="ar")
    page = f"{desk.root}translations?language=ar"
    states = lambda: desk.browser.text(page)  # noqa: E731
    assert "The source changed" not in states()
    keys = desk.numbers("activity/greeting", "lesson/greeting/ar")
    answer = desk.browser.send(
        f"{desk.root}activities/greeting?language=ar", title="التحية", text="قل السلام عليكم.", **keys
    )
    assert answer.status_code == 302
    missing = states().count("Missing")
    desk.write("The source says something else.", law="Which law says who may ask?")
    assert states().count("The source changed") == 1
    assert states().count("Missing") == missing
    assert "السلام" in desk.browser.text(f"/studio/{desk.draft.id}/preview?language=ar&activity=greeting")


def test_the_preview_shows_no_answer_key_and_its_link_ends(desk: Desk, browser: Browser, time: Clock) -> None:
    desk.browser.become(session.get_one(User, desk.draft.created_by))
    answer = desk.browser.send(f"{desk.root}preview-link")
    page = desk.browser.text(answer.headers["Location"])
    code = page.split("/preview/")[1].split()[0]
    quiz = browser.get(f"/preview/{code}?activity=quiz")
    assert quiz.status_code == 200
    for each in ("correct", "feedback", "Because", "Right.", "Wrong."):
        assert each not in quiz.text
    assert browser.get(f"/preview/{code}x").status_code == 404


def test_a_trainee_and_an_ended_deployment_see_nothing_of_the_studio(mission: Mission, sign_in: SignIn) -> None:
    draft = a_draft(mission)
    past = sign_in(deployed(a_mission(), Role.MANAGER))
    assert past.get(f"/studio/{draft.id}/").status_code == 403
    assert draft.slug not in past.text("/studio/")


def test_a_course_from_nothing_has_a_checklist_that_leads_to_what_is_missing(mission: Mission, sign_in: SignIn) -> None:
    author = deployed(mission)
    with transaction():
        draft = beginning.from_nothing(mission, title="Empty", code="LP01", language="en", by=author.id)
        id = draft.id
    page = sign_in(author).get(f"/studio/{id}/review")
    assert "To be mended first" in page.text
    assert f"/studio/{id}/about" in page.text
    assert sign_in(author).send(f"/studio/{id}/review", words="").status_code == 422


def test_forms_that_save_by_themselves_keep_a_text_under_a_name_of_its_own_for_each_person(
    app: Flask, sign_in: SignIn
) -> None:
    mission = a_mission()
    authors = [deployed(mission), deployed(mission)]
    draft = a_draft(mission, author=authors[0])
    pages = ["activities/greeting", "activities/greeting?language=fr", "about", "questions/truth", "handouts"]
    pages += ["handouts/guide", "handouts/job-aid"]
    names = [
        re.search(r'data-autosave="([0-9a-f]{32})"', sign_in(author).get(f"/studio/{draft.id}/{page}").text)
        for author in authors
        for page in pages
        if "fr" not in page or "fr" in draft.languages
    ]
    assert all(names)
    assert len({found[1] for found in names if found}) == len(names)
