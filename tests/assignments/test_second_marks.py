"""Two mark the same work, blind; where they differ it is settled, and how far they agree is told."""

import pytest

from lms.accounts.models import User
from lms.assignments import agreement, queries
from lms.assignments.agreement import kappa
from lms.assignments.models import Judged, Judgement
from lms.core.db import session, transaction
from tests.assignments.room import Room, handed_in_by_another, judge, second_mark, seen
from tests.pages import Browser


def test_a_second_mark_is_of_what_was_seen(room: Room, colleague: Browser) -> None:
    room.hand_in("The first words")
    second = f"/marking/{room.last().id}/second"
    read = seen(colleague, second)
    room.hand_in("Other words")
    room.mark("full", "part")
    answer = colleague.send(second, **read, **{"level-facts": "none", "level-words": "part"})
    assert answer.status_code == 422
    assert "The trainee has handed in again" in answer.text
    assert 'name="level-words" value="part" checked' in answer.text


def test_a_second_mark_is_blind_and_changes_nothing(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("full", "part", "Well said.")
    second = f"/marking/{room.last().id}/second"
    assert second in colleague.get("/marking/").text
    assert second not in room.mentor.get("/marking/").text
    page, read = colleague.get(second).text, seen(colleague, second)
    assert "Well said." not in page
    assert "checked" not in page
    assert colleague.send(second, **read, **{"level-facts": "none", "level-words": "none"}).status_code == 302
    assert room.state() == ("completed", 0.75)
    assert second not in colleague.get("/marking/").text
    assert "2 levels have been given twice" in colleague.text("/marking/")
    assert room.mentor.send(second, **{"level-facts": "full", "level-words": "full"}).status_code == 422


def test_two_marks_that_differ_are_seen_and_settled_by_who_marked_first(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("full", "part")
    address = f"/marking/{room.last().id}"
    assert "side by side" not in room.mentor.text(address)
    second_mark(colleague, room, {"level-facts": "full", "level-words": "none"})
    assert "Two mentors marked otherwise" in room.mentor.text("/marking/")
    assert "Two mentors marked otherwise" not in colleague.text("/marking/")
    page = room.mentor.text(address)
    assert page.count("They differ") == 1
    assert "A second mark 50%" in page
    assert "After a second mark" in page
    assert "side by side" in colleague.text(address)
    assert "After a second mark" not in colleague.text(address)
    seen = room.trainee.text(room.page)
    assert "second mark" not in seen
    assert "50%" not in seen
    assert judge(room.mentor, room, "regrade", "full", "none", reason="After a second mark")[0] == 302
    assert room.state() == ("failed", 0.5)
    assert "Two mentors marked otherwise" not in room.mentor.text("/marking/")
    assert "whoever marked first or a manager settles" not in room.mentor.text(address)


def test_the_agreement_is_of_the_marks_as_they_were_given(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("full", "part")
    second_mark(colleague, room, {"level-facts": "none", "level-words": "none"})
    judge(room.mentor, room, "regrade", "none", "none", reason="After a second mark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "FEWEST", 1)
        mentor = session.get_one(User, room.last().marked_by)
        found = agreement.between_mentors(mentor)
    # Both first marks were better than the second ones, which are all alike.
    assert found.pairs == 2
    assert found.kappa == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ([(0, 0), (1, 1), (0.5, 0.5)], 1.0),
        ([(0, 1), (1, 0)], -1.0),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], 0.0),
        ([(1, 1), (1, 1)], None),
        ([], None),
    ],
)
def test_agreement_is_one_for_the_same_nothing_for_chance_and_below_for_the_opposite(
    pairs: list[tuple[float, float]], wanted: float | None
) -> None:
    found = kappa(pairs)
    assert found == (wanted if wanted is None else pytest.approx(wanted))


def test_agreement_equals_cohens_weighted_kappa_of_a_table() -> None:
    # Three levels; rows are first marks, columns second ones.
    table = [[11, 4, 1], [2, 9, 3], [1, 2, 7]]
    pairs = [(row / 2, column / 2) for row in range(3) for column in range(3) for _ in range(table[row][column])]
    total, rows, columns = 40, [16, 14, 10], [14, 15, 11]
    seen = sum(table[i][j] * (i - j) ** 2 for i in range(3) for j in range(3)) / total
    chance = sum(rows[i] * columns[j] * (i - j) ** 2 for i in range(3) for j in range(3)) / total**2
    assert kappa(pairs) == pytest.approx(1 - seen / chance)


def test_marks_that_differ_are_found_behind_any_number_that_agree(
    room: Room, colleague: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    same, other = {"level-facts": "full", "level-words": "part"}, {"level-facts": "full", "level-words": "none"}
    room.hand_in("All of it")
    ids = [room.last().id, *(handed_in_by_another(room, said) for said in ("Two", "Three"))]
    for id, again in zip(ids, (same, same, other), strict=True):
        room.mentor.send(f"/marking/{id}", **seen(room.mentor, f"/marking/{id}"), **same)
        second = f"/marking/{id}/second"
        assert colleague.send(second, **seen(colleague, second), **again).status_code == 302
    queue = room.mentor.get("/marking/").text
    assert "Two mentors marked otherwise" in queue
    assert f"/marking/{ids[2]}" in queue


def test_nobody_is_asked_for_a_second_mark_of_what_they_have_judged(room: Room, colleague: Browser) -> None:
    room.hand_in("All of it")
    room.mark("full", "full")
    judge(colleague, room, "regrade", "none", "none", reason="Another text was meant.")
    second = f"/marking/{room.last().id}/second"
    assert second not in room.mentor.get("/marking/").text
    assert second_mark(room.mentor, room, {"level-facts": "full", "level-words": "full"}) == 422


def test_nobody_agrees_with_themselves(room: Room) -> None:
    room.hand_in("All of it")
    room.mark("full", "full")
    with transaction():
        own = {"hand_in_id": room.last().id, "by": room.mentor_id, "levels": room.last().levels}
        session.add(Judgement(kind=Judged.SECOND, **own))
    assert agreement.between_mentors(session.get_one(User, room.mentor_id)).pairs == 0
