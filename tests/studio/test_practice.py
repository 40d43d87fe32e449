"""Writing scenarios and assignments."""

from typing import Any

import pytest

from lms.core.db import transaction
from lms.library.document import CourseDocument
from lms.studio import readiness, service
from tests.documents import words
from tests.studio.test_write import Desk, desk, mission

__all__ = ["desk", "mission"]


class Editor:
    """The page of one activity, sent as a browser would send it."""

    def __init__(self, desk: Desk, kind: str, title: str) -> None:
        desk.arrange("add-activity", group="modules", to="first", kind=kind, title=title)
        self.desk, self.id = desk, desk.tree()["first"][-1]
        self.page, self.key = f"{desk.root}activities/{self.id}", f"activity/{self.id}"

    def save(self, language: str = "en", **typed: Any) -> None:
        sent = {
            name.replace("_", "-") if name.startswith(("frames", "rubric")) else name: typed[name] for name in typed
        }
        fields = {"title": "Title", "minutes": "10", "required": "yes", **self.desk.numbers(self.key), **sent}
        answer = self.desk.browser.send(f"{self.page}?language={language}", **fields)
        assert answer.status_code == 302, answer.text

    def rows(self, name: str) -> list[dict[str, Any]]:
        return list(self.desk.data(self.key)[name])  # type: ignore[call-overload]


@pytest.fixture
def scenario(desk: Desk) -> Editor:
    return Editor(desk, "scenario", "At the door")


KNOCK = {
    "frames_0_text": "Somebody knocks",
    "frames_0_choices_0_text": "Open",
    "frames_0_choices_0_consequence": "The door opens",
    "frames_0_choices_0_to": "*",
    "frames_0_choices_1_text": "Wait",
    "frames_0_choices_1_consequence": "The knocking stops",
    "frames_0_choices_1_to": "*",
}


def test_a_choice_that_leads_to_a_new_moment_makes_that_moment(scenario: Editor) -> None:
    scenario.save(**KNOCK)
    first, opened, waited = scenario.rows("frames")
    assert [choice["to"] for choice in first["choices"]] == [opened["id"], waited["id"]]
    shown = scenario.desk.browser.text(scenario.page)
    assert "Moment 3" in shown
    assert "not written yet" in shown


def test_a_moment_not_yet_written_stays_when_the_page_is_saved_again(scenario: Editor) -> None:
    scenario.save(**KNOCK)
    first, opened, waited = scenario.rows("frames")
    again = {
        **KNOCK,
        "frames_0_id": first["id"],
        "frames_1_id": opened["id"],
        "frames_1_text": "He thanks you",
        "frames_1_outcome": "good",
        "frames_1_debrief": "Opening was right",
        "frames_2_id": waited["id"],
    }
    for place, choice in enumerate(first["choices"]):
        again |= {f"frames_0_choices_{place}_id": choice["id"], f"frames_0_choices_{place}_to": choice["to"]}
    scenario.save(**again)
    assert [frame["id"] for frame in scenario.rows("frames")] == [first["id"], opened["id"], waited["id"]]
    lines = readiness.of(scenario.desk.draft).lines
    assert [line.id for line in lines if "text: is missing" in line.words] == [scenario.id]


def test_a_moment_with_nothing_but_a_choice_is_kept(scenario: Editor) -> None:
    scenario.save(frames_0_choices_0_text="Open")
    (frame,) = scenario.rows("frames")
    assert frame["choices"][0]["text"] == {"en": "Open"}


def test_a_ticked_moment_is_taken_out(scenario: Editor) -> None:
    scenario.save(**KNOCK)
    first, opened, waited = scenario.rows("frames")
    scenario.save(frames_0_id=first["id"], frames_0_text="Knock", frames_1_id=opened["id"], frames_2_id=waited["id"],
                  frames_1_remove="yes")  # fmt: skip
    assert [frame["id"] for frame in scenario.rows("frames")] == [first["id"], waited["id"]]


def test_a_translation_changes_words_and_nothing_else(scenario: Editor) -> None:
    scenario.save(**KNOCK)
    before = scenario.rows("frames")
    scenario.save(
        "fr",
        frames_0_id=before[0]["id"],
        frames_0_text="On frappe",
        frames_0_choices_0_id=before[0]["choices"][0]["id"],
        frames_0_choices_0_text="Ouvrir",
        frames_0_choices_0_to="elsewhere",
        frames_0_outcome="poor",
        frames_9_text="Un moment de plus",
    )
    after = scenario.rows("frames")
    assert after[0]["text"] == words("Somebody knocks") | {"fr": "On frappe"}
    assert after[0]["choices"][0]["to"] == before[0]["choices"][0]["to"]
    assert "outcome" not in after[0]
    assert len(after) == len(before)


def test_an_assignment_is_written_with_its_rubric(desk: Desk) -> None:
    editor = Editor(desk, "assignment", "A report")
    typed = {
        "instructions": "Write the report of a stop.",
        "hand_in": ["text", "photo"],
        "pass_mark": "60",
        "rubric_0_text": "Facts",
        "rubric_0_levels_0_text": "All of them, in order",
        "rubric_0_levels_0_points": "3",
        "rubric_0_levels_1_text": "Some are missing",
        "rubric_0_levels_1_points": "1",
    }
    editor.save(**typed)
    assert editor.rows("hand_in") == ["text", "photo"]
    (criterion,) = editor.rows("rubric")
    assert [(level["text"]["en"], level["points"]) for level in criterion["levels"]] == [
        ("All of them, in order", 3),
        ("Some are missing", 1),
    ]
    assert "Write the report of a stop." in desk.browser.text(f"{desk.root}preview?activity={editor.id}")


def test_points_that_are_no_number_are_refused_and_what_was_typed_stays(desk: Desk) -> None:
    editor = Editor(desk, "assignment", "A report")
    fields = {"title": "A report", "minutes": "10", "rubric-0-text": "Facts", "rubric-0-levels-0-text": "All",
              "rubric-0-levels-0-points": "many", **desk.numbers(editor.key)}  # fmt: skip
    answer = desk.browser.send(editor.page, **fields)
    assert answer.status_code == 422
    assert 'value="many"' in answer.text


def test_a_finished_scenario_becomes_part_of_the_course(scenario: Editor) -> None:
    scenario.save(**KNOCK)
    first, opened, waited = scenario.rows("frames")
    typed = {**KNOCK, "frames_0_id": first["id"]}
    for place, choice in enumerate(first["choices"]):
        typed |= {f"frames_0_choices_{place}_id": choice["id"], f"frames_0_choices_{place}_to": choice["to"]}
    for place, frame, outcome in ((1, opened, "good"), (2, waited, "poor")):
        typed |= {
            f"frames_{place}_id": frame["id"],
            f"frames_{place}_text": "It is over",
            f"frames_{place}_outcome": outcome,
            f"frames_{place}_debrief": "Why",
        }
    scenario.save(**typed)
    with transaction():
        data = readiness.data_of(scenario.desk.draft)
    document = CourseDocument.model_validate(data)
    assert scenario.id in {activity.id for activity in document.activities()}
    assert service.contents(scenario.desk.draft)
