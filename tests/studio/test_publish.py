"""From a draft to a version that trainees learn from: checklist, review, comments, publication."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core.db import session, transaction
from lms.library.models import Course, CourseVersion
from lms.missions.models import Mission
from lms.studio import parts, readiness, service
from lms.studio.models import Comment, Draft, Part
from tests.builders import a_cohort, a_draft, a_mission, a_person, an_enrolment, deployed
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission) -> User:
    return deployed(mission)


@pytest.fixture
def draft(mission: Mission, author: User) -> Draft:
    return a_draft(mission, author=author)


def state(draft: Draft) -> Draft:
    session.expire_all()
    return session.get_one(Draft, draft.id)


def set_part(draft: Draft, key: str, content: str) -> None:
    with transaction():
        standing = session.get(Part, (draft.id, key))
        service.save(
            session.get_one(Draft, draft.id), key, content, standing.number if standing else 0, by=draft.created_by
        )


def test_another_mentor_publishes_what_the_author_sent(
    mission: Mission, author: User, draft: Draft, sign_in: SignIn
) -> None:
    writer, reader = sign_in(author), sign_in(deployed(mission))
    assert writer.send(f"/studio/{draft.id}/review", words="Ready for class 3.").status_code == 302
    assert "Ready for class 3." in reader.text(f"/studio/{draft.id}/review")
    reader.send(f"/studio/{draft.id}/publish", words="First edition.", decision="publish")
    version = session.scalars(select(CourseVersion).where(CourseVersion.id == state(draft).version_id)).one()
    assert version.changes == "First edition."
    assert session.get_one(Course, version.course_id).mission_id == mission.id
    assert state(draft).submitted_at is None
    assert draft.title["en"] in reader.text("/courses/")


def test_a_missions_course_is_for_its_people_alone(
    mission: Mission, author: User, draft: Draft, sign_in: SignIn
) -> None:
    sign_in(author).send(f"/studio/{draft.id}/review", words="")
    sign_in(deployed(mission, Role.MANAGER)).send(f"/studio/{draft.id}/publish", words="", decision="publish")
    address, version_id = f"/courses/{draft.slug}/", state(draft).version_id
    assert sign_in(deployed(a_mission())).get(address).status_code == 404
    assert draft.title["en"] not in sign_in(a_person()).text("/courses/")
    trainee = a_person()
    an_enrolment(a_cohort(mission, version_id), trainee)
    assert sign_in(trainee).get(address).status_code == 200


def test_the_author_does_not_publish_alone_and_a_manager_may(author: User, draft: Draft, sign_in: SignIn) -> None:
    writer = sign_in(author)
    writer.send(f"/studio/{draft.id}/review", words="")
    assert writer.send(f"/studio/{draft.id}/publish", decision="publish").status_code == 403
    assert state(draft).version_id is None


def test_publishing_twice_is_one_version(mission: Mission, author: User, draft: Draft, sign_in: SignIn) -> None:
    sign_in(author).send(f"/studio/{draft.id}/review", words="")
    reader = sign_in(deployed(mission))
    for _ in range(2):
        reader.send(f"/studio/{draft.id}/publish", words="", decision="publish")
    course = session.scalars(select(Course).where(Course.slug == draft.slug)).one()
    assert len(session.scalars(select(CourseVersion).where(CourseVersion.course_id == course.id)).all()) == 1


def test_a_course_comes_back_with_what_is_to_be_mended(
    mission: Mission, author: User, draft: Draft, sign_in: SignIn
) -> None:
    writer, reader = sign_in(author), sign_in(deployed(mission))
    writer.send(f"/studio/{draft.id}/review", words="")
    reader.send(f"/studio/{draft.id}/publish", words="The quiz needs a scenario.", decision="back")
    assert state(draft).submitted_at is None
    assert state(draft).version_id is None
    assert "The quiz needs a scenario." in writer.text(f"/studio/{draft.id}/review")


def test_a_comment_stands_at_its_activity_and_is_dealt_with(author: User, draft: Draft, sign_in: SignIn) -> None:
    writer = sign_in(author)
    writer.send(f"/studio/{draft.id}/comments", words="Shorter, please <i>", activity="greeting")
    assert "Shorter, please <i>" in writer.text(f"/studio/{draft.id}/activities/greeting")
    assert "Shorter, please" not in writer.text(f"/studio/{draft.id}/activities/asking")
    comment = session.scalars(select(Comment)).one()
    writer.send(f"/studio/{draft.id}/comments/{comment.id}")
    session.expire_all()
    assert session.scalars(select(Comment)).one().resolved_at is not None


def test_running_enrolments_stay_on_theirs_when_a_new_version_comes(
    mission: Mission, author: User, draft: Draft, sign_in: SignIn
) -> None:
    writer, reader = sign_in(author), sign_in(deployed(mission))

    def publish() -> object:
        writer.send(f"/studio/{draft.id}/review", words="")
        reader.send(f"/studio/{draft.id}/publish", words="", decision="publish")
        return state(draft).version_id

    first = publish()
    enrolment = an_enrolment(a_cohort(mission, first))  # type: ignore[arg-type]
    for language in ("en", "fr"):
        set_part(draft, f"lesson/greeting/{language}", "New words.\n")
    second = publish()
    assert first != second
    session.expire_all()
    assert enrolment.course_version_id == first


def test_a_questions_kind_does_not_change_under_its_id(
    mission: Mission, author: User, draft: Draft, sign_in: SignIn
) -> None:
    writer, reader = sign_in(author), sign_in(deployed(mission))
    writer.send(f"/studio/{draft.id}/review", words="")
    reader.send(f"/studio/{draft.id}/publish", words="", decision="publish")
    before = state(draft).version_id
    number = parts.load(session.get_one(Part, (draft.id, "question/number")).content)
    set_part(draft, "question/truth", parts.dump(number))
    writer.send(f"/studio/{draft.id}/review", words="")
    answer = reader.send(f"/studio/{draft.id}/publish", words="", decision="publish")
    assert "of another kind" in reader.text(answer.headers["Location"])
    assert state(draft).version_id == before


@pytest.mark.parametrize(
    ("key", "content", "place", "words"),
    [
        ("lesson/greeting/en", "![](media/a.png)\n", "activity", "media/a.png"),
        ("lesson/greeting/en", "", "activity", "no words in 'en'"),
        ("question/truth", '{"kind":"true_false","prompt":{"en":"True?"}}', "question", "answer"),
        ("activity/quiz", '{"kind":"quiz","title":{"en":"Quiz"},"minutes":10,"draws":[]}', "activity", "draws"),
    ],
)
def test_the_checklist_leads_to_what_is_wrong(
    draft: Draft, author: User, sign_in: SignIn, key: str, content: str, place: str, words: str
) -> None:
    set_part(draft, key, content)
    lines = readiness.of(state(draft)).blocking
    assert any(line.kind == place and line.id == key.split("/")[1] and words in line.words for line in lines), lines
    writer = sign_in(author)
    page = writer.get(f"/studio/{draft.id}/review").text
    folder = {"activity": "activities", "question": "questions"}[place]
    assert f"/studio/{draft.id}/{folder}/{key.split('/')[1]}" in page
    assert writer.send(f"/studio/{draft.id}/review", words="").status_code == 422
    assert state(draft).submitted_at is None


def test_the_checklist_speaks_the_readers_language(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    draft, author = a_draft(mission), sign_in(deployed(mission))
    part = session.get_one(Part, (draft.id, "lesson/greeting/en"))
    part.content = "![](media/gate.png)"
    session.commit()
    assert (
        "shows &#39;media/gate.png&#39;, which is not among the files" in author.get(f"/studio/{draft.id}/review").text
    )
    author.send("/language", language="fr")
    page = author.get(f"/studio/{draft.id}/review").text
    assert "montre « media/gate.png », qui n’est pas parmi les fichiers" in page
    assert "ne cite rien : nommez une source et son article" in page
    assert "cites nothing" not in page


def test_a_link_that_leads_nowhere_is_on_the_checklist(app: Flask) -> None:
    draft = a_draft(a_mission())
    part = session.get_one(Part, (draft.id, "lesson/greeting/en"))
    part.content = "## Say who you are\n\n[There](#s-say-who-you-are), [elsewhere](https://un.org), [lost](#s-nowhere)"
    session.commit()
    lines = [line for line in readiness.of(draft).lines if "links to" in line.words]
    assert [(line.id, line.language, "#s-nowhere" in line.words) for line in lines] == [("greeting", "en", True)]
