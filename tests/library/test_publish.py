"""Publishing, the catalogue, a course's own page and its media."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import session, transaction
from lms.library import folder, service
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.library.models import CourseVersion
from tests.builders import a_cohort, a_person, a_published, an_enrolment, done
from tests.documents import a_document, words
from tests.pages import Browser

SignIn = Callable[[User], Browser]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="2" height="2"/></svg>'


def versions() -> list[int]:
    return list(session.scalars(select(CourseVersion.number).order_by(CourseVersion.number)))


def a_good_document(**changes: object) -> CourseDocument:
    """A document without anything to mend, so that the command publishes it."""
    values = a_document().model_dump(mode="json")
    values["sources"] = [{"id": "CCLEO", "binding": "standard", "title": words("Code"), "dated": "1979"}]
    values["modules"][1]["activities"][0]["draws"] = [{"pool": "final", "count": 4}]
    for lesson in values["modules"][0]["activities"][:2]:
        lesson["body"] = {
            "en": "You say your name. You say why. " * 45,
            "fr": "Tu dis ton nom. Tu dis aussi pourquoi. " * 45,
        }
    for pool in values["pools"]:
        for question in pool["questions"]:
            question |= {"objective": "o", "references": ["CCLEO 1"]}
    return CourseDocument.model_validate(values | changes)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "a-course"
    folder.write(a_good_document(), path, lambda name: b"")
    return path


def publish(app: Flask, *paths: Path) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["courses", "publish", *map(str, paths)])
    session.rollback()
    return answer.exit_code, answer.output


def test_publishing_the_same_again_is_the_same_version(app: Flask) -> None:
    first = a_published()
    assert a_published(a_document()) == first
    assert versions() == [1]


def test_a_change_is_a_new_version_and_changing_back_is_the_old_one(app: Flask) -> None:
    first = a_published()
    assert a_published(a_document(hours=17)) != first
    assert versions() == [1, 2]
    assert a_published() == first
    assert versions() == [1, 2]


def test_running_enrolments_keep_their_version_and_new_cohorts_begin_on_the_new_one(app: Flask) -> None:
    enrolment = an_enrolment()
    newest = a_published(a_document(title=words("Second edition")))
    later = an_enrolment(a_cohort(version_id=newest))
    kept = session.get_one(Enrolment, enrolment.id)
    assert edition(kept.course_version_id).document.title["en"] == "A course"
    assert edition(later.course_version_id).document.title["en"] == "Second edition"


def test_the_command_says_which_version_it_made(app: Flask, written: Path) -> None:
    assert publish(app, written) == (0, "a-course: version 1\n")
    assert publish(app, written) == (0, "a-course: version 1 (unchanged)\n")
    (written / "en" / "asking.md").write_text("Ask once. If it is not clear, ask twice. " * 40)
    assert publish(app, written) == (0, "a-course: version 2\n")


def test_a_broken_folder_publishes_nothing_not_even_the_good_one_beside_it(
    app: Flask, written: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    folder.write(a_good_document(slug="broken"), broken, lambda name: b"")
    (broken / "en" / "asking.md").unlink()
    status, output = publish(app, written, broken)
    assert status == 1
    assert "broken/en/asking.md: is missing" in output
    assert "broken has problems; nothing was published." in output
    assert versions() == []


def test_a_readable_course_with_something_to_mend_is_not_published(app: Flask, tmp_path: Path) -> None:
    folder.write(a_document(), tmp_path / "a-course", lambda name: b"")
    status, output = publish(app, tmp_path / "a-course")
    assert status == 1
    assert "cites nothing" in output
    assert versions() == []


def test_the_real_courses_publish(app: Flask) -> None:
    status, output = publish(app)
    assert status == 0
    assert "democratic-policing-foundations: version 1\n" in output


@pytest.fixture
def reader(app: Flask, sign_in: SignIn) -> Browser:
    """Someone before a catalogue of two courses."""
    a_published()
    a_published(
        a_document(
            slug="custody",
            code="DP02",
            title=words("Humane custody"),
            summary=words("Cells and care"),
            topics=["custody"],
            languages=["en", "fr", "ar"],
        )
    )
    return sign_in(a_person())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"A course", "Humane custody"}),
        ("?q=CUSTODY", {"Humane custody"}),
        ("?q=care+cells", {"Humane custody"}),
        ("?q=dp01", {"A course"}),
        ("?q=custody+dp01", set()),
        ("?language=ar", {"Humane custody"}),
        ("?language=fr", {"A course", "Humane custody"}),
        ("?topic=human-rights", {"A course"}),
        ("?topic=custody&language=ar&q=humane", {"Humane custody"}),
        ("?topic=custody&q=about", set()),
        ("?q=%25", set()),
    ],
)
def test_the_catalogue_filters_by_words_language_and_topic(reader: Browser, query: str, found: set[str]) -> None:
    page = reader.text(f"/courses/{query}")
    assert {title for title in ("A course", "Humane custody") if title in page} == found
    assert ("No match" in page) == (not found)


def test_an_empty_catalogue_says_so(sign_in: SignIn) -> None:
    assert "No course yet" in sign_in(a_person()).text("/courses/")


def test_what_was_searched_stays_in_the_field_and_runs_nothing(reader: Browser) -> None:
    page = reader.get("/courses/", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_catalogue_shows_the_newest_version_once(reader: Browser) -> None:
    a_published(a_document(title=words("Renewed")))
    page = reader.text("/courses/")
    assert page.count("DP01") == 1
    assert "Renewed" in page


def test_the_course_page_says_what_it_is_about(reader: Browser) -> None:
    page = reader.text("/courses/a-course/")
    for each in ("What it is about", "Recruits", "16", "Do it", "First module", "Greeting", "Quiz", "30 min"):
        assert each in page
    assert reader.get("/courses/nothing/").status_code == 404


def test_the_catalogue_is_for_people_with_accounts(browser: Browser) -> None:
    for path in ("/courses/", "/courses/a-course/", f"/media/{'a' * 64}.png"):
        assert browser.get(path).headers["Location"].startswith("/sign-in")


def published_with(app: Flask, name: str, content: bytes) -> UUID:
    file = {"sha256": sha256(content).hexdigest(), "type": "image/png", "bytes": len(content)}
    with transaction():
        version, _ = service.publish(a_document(media={name: file}), lambda _: content, app.config["MEDIA"], by=None)
        return version.id


@pytest.mark.parametrize(
    ("name", "content", "kind"), [("a.png", PNG, "image/png"), ("a.svg", DRAWING, "image/svg+xml")]
)
def test_media_come_with_their_type_and_are_kept_by_this_browser_alone(
    app: Flask, sign_in: SignIn, name: str, content: bytes, kind: str
) -> None:
    published_with(app, name, content)
    answer = sign_in(a_person()).get(f"/media/{sha256(content).hexdigest()}.{name[-3:]}")
    assert answer.data == content
    assert answer.mimetype == kind
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_part_of_a_film_can_be_asked_for(app: Flask, sign_in: SignIn) -> None:
    published_with(app, "a.png", PNG)
    address = f"/media/{sha256(PNG).hexdigest()}.png"
    answer = sign_in(a_person()).get(address, headers={"Range": "bytes=1-3"})
    assert answer.status_code == 206
    assert answer.data == b"PNG"


def test_a_long_film_travels_in_parts_that_make_the_whole(app: Flask, sign_in: SignIn) -> None:
    film = PNG + bytes(range(256)) * 36_000
    published_with(app, "a.png", film)
    reader, received = sign_in(a_person()), b""
    while len(received) < len(film):
        asked = {"Range": f"bytes={len(received)}-"}
        answer = reader.get(f"/media/{sha256(film).hexdigest()}.png", headers=asked)
        assert answer.status_code == 206
        assert len(answer.data) <= 4_000_000
        last = len(received) + len(answer.data) - 1
        assert answer.headers["Content-Range"] == f"bytes {len(received)}-{last}/{len(film)}"
        received += answer.data
    assert received == film


@pytest.mark.parametrize(
    "name", ["{hash}.html", "{hash}.exe", "{hash}", "{other}.png", "..%2f..%2fkeys%2fsession", "{upper}.png", "a.png"]
)
def test_nothing_else_is_served_as_media(app: Flask, sign_in: SignIn, name: str) -> None:
    published_with(app, "a.png", PNG)
    known = sha256(PNG).hexdigest()
    address = name.format(hash=known, other="0" * 64, upper=known.upper())
    assert sign_in(a_person()).get(f"/media/{address}").status_code == 404


def test_a_course_weighs_its_words_and_its_media(app: Flask) -> None:
    light, heavy = a_published(), published_with(app, "a.png", PNG * 1000)
    sizes = {each: session.get_one(CourseVersion, each).size for each in (light, heavy)}
    assert sizes[heavy] - sizes[light] > len(PNG) * 1000
    assert app.config["MEDIA"].path_of(sha256(PNG * 1000).hexdigest()).read_bytes() == PNG * 1000


def test_a_course_stays_locked_until_the_one_before_it_is_done_and_says_which(sign_in: SignIn) -> None:
    before = a_cohort()
    later = a_published(a_document(slug="later", code="DP02", title=words("Later"), requires_courses=["a-course"]))
    person = a_person()
    first, second = an_enrolment(before, person), an_enrolment(a_cohort(version_id=later), person)
    trainee = sign_in(person)
    assert "A course" in trainee.text(f"/learn/{second.id}/greeting", 403)
    done(first, "greeting", "asking", "quiz")
    assert trainee.get(f"/learn/{second.id}/greeting").status_code == 403
    done(first, "final")
    assert trainee.get(f"/learn/{second.id}/greeting").status_code == 200


def test_a_course_that_needs_one_nobody_published_stays_locked(sign_in: SignIn) -> None:
    version = a_published(a_document(requires_courses=["not-here"]))
    enrolment = an_enrolment(a_cohort(version_id=version))
    trainee = sign_in(session.get_one(User, enrolment.user_id))
    assert "not-here" in trainee.text(f"/learn/{enrolment.id}/")
    assert trainee.get(f"/learn/{enrolment.id}/greeting").status_code == 403


def test_publishing_is_on_the_audit_trail_once_for_each_version(app: Flask) -> None:
    from lms.core.audit import AuditEvent

    for _ in range(2):
        a_published()
    published = select(func.count()).where(AuditEvent.action == "library.published")
    assert session.scalar(published) == 1
