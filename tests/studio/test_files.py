"""Files of a draft: taken by what they are, without what they tell about people, and shown to whom they may be."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from lms.accounts.models import User
from lms.core.db import session, transaction
from lms.core.errors import DomainError
from lms.library import pictures
from lms.missions.models import Mission
from lms.studio import service
from lms.studio.models import Asset, Draft, Part
from tests.builders import a_draft, a_mission, a_person, deployed
from tests.pages import Browser

SignIn = Callable[[User], Browser]
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 100


def a_photo(width: int = 2400, height: int = 1800, kind: str = "JPEG") -> bytes:
    """A photo turned on its side by its camera, which also wrote down where and with what it was taken."""
    picture = Image.merge("RGB", [Image.effect_noise((width, height), 60) for _ in "rgb"])
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (15.0, 30.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, comment=b"Mill Road station") if kind == "JPEG" else picture.save(
        out, kind, exif=exif
    )
    return out.getvalue()


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def author(mission: Mission) -> User:
    return deployed(mission)


@pytest.fixture
def draft(mission: Mission, author: User) -> Draft:
    return a_draft(mission, author=author)


def upload(browser: Browser, draft: Draft, name: str, content: bytes, alt: str = "") -> tuple[int, dict[str, str]]:
    answer = browser.post(
        f"/studio/{draft.id}/files",
        data={"csrf_token": browser.token(), "file": (io.BytesIO(content), name), "alt": alt},
        headers={"Accept": "application/json"},
    )
    return answer.status_code, answer.json


def names(draft: Draft) -> list[str]:
    session.expire_all()
    return [asset.name for asset in session.query(Asset).filter_by(draft_id=draft.id)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_where_it_was_taken_stands_upright_and_is_small(
    draft: Draft, author: User, sign_in: SignIn, kind: str
) -> None:
    browser = sign_in(author)
    status, told = upload(browser, draft, "Gate (1).JPG", a_photo(kind=kind), alt="The gate")
    assert status == 200
    assert told["name"] == "gate-1.jpg"
    answer = browser.get(told["url"])
    assert answer.mimetype == "image/jpeg"
    assert b"SecretCamera" not in answer.data
    assert b"Mill Road" not in answer.data
    with Image.open(io.BytesIO(answer.data)) as shown:
        assert dict(shown.getexif()) == {}
        assert (shown.width, shown.height) == (1200, 1600)
    small = browser.get(told["url"].replace(".jpg", "-480.webp"))
    assert small.mimetype == "image/webp"
    assert len(small.data) < len(answer.data)
    with Image.open(io.BytesIO(small.data)) as shown:
        assert shown.width == 480


def test_the_same_picture_twice_is_one_file(draft: Draft, author: User, sign_in: SignIn) -> None:
    browser, photo = sign_in(author), a_photo(300, 200)
    assert upload(browser, draft, "a.jpg", photo) == upload(browser, draft, "b.jpg", photo)
    assert len(names(draft)) == 1


def test_transparency_stays(draft: Draft, author: User, sign_in: SignIn) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 90)).save(out, "PNG")
    browser = sign_in(author)
    _, told = upload(browser, draft, "mark.png", out.getvalue())
    with Image.open(io.BytesIO(browser.get(told["url"]).data)) as shown:
        assert shown.mode == "RGBA"
        assert shown.getpixel((5, 5)) == (200, 0, 0, 90)


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it is 50,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "of this kind"),
        ("page.png", b"<html><script>alert(1)</script>", "of this kind"),
        ("empty.png", b"", "of this kind"),
        ("script.jpg.exe", b"MZ\x90\x00", "of this kind"),
        ("broken.jpg", a_photo(300, 200)[:900], "cannot be read"),
        ("lies.png", b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>", "cannot be read"),
        ("bomb.png", a_bomb(), ""),
    ],
)
def test_what_is_no_picture_sound_or_film_is_refused_with_the_mend(
    draft: Draft, author: User, sign_in: SignIn, name: str, content: bytes, words: str
) -> None:
    before = names(draft)
    status, told = upload(sign_in(author), draft, name, content)
    assert status == 422
    assert words in told["errors"][0]
    assert names(draft) == before


def test_a_picture_with_a_page_behind_it_comes_out_as_a_picture_alone(
    draft: Draft, author: User, sign_in: SignIn
) -> None:
    browser = sign_in(author)
    _, told = upload(browser, draft, "a.html", a_photo(300, 200) + b"<html><script>alert(1)</script></html>")
    answer = browser.get(told["url"])
    assert b"<script" not in answer.data
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_film_stays_as_it_is_and_is_served_as_film_alone(draft: Draft, author: User, sign_in: SignIn) -> None:
    browser = sign_in(author)
    film = MP4 + b"<script>alert(1)</script>"
    _, told = upload(browser, draft, "walk.png", film)
    assert told["name"] == "walk.mp4"
    answer = browser.get(told["url"])
    assert answer.data == film
    assert answer.mimetype == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_larger_than_other_pages_take_arrive_and_only_from_who_is_signed_in(
    draft: Draft, author: User, sign_in: SignIn, browser: Browser
) -> None:
    large = MP4 + bytes(5_000_000)
    assert upload(sign_in(author), draft, "long.mp4", large)[0] == 200
    data = {"csrf_token": browser.token(), "file": (io.BytesIO(large), "long.mp4")}
    assert browser.post(f"/studio/{draft.id}/files", data=data).status_code == 413


def test_a_drafts_files_are_for_its_authors_and_for_who_has_the_previews_link(
    draft: Draft, author: User, sign_in: SignIn, browser: Browser
) -> None:
    writer = sign_in(author)
    _, told = upload(writer, draft, "gate.jpg", a_photo(300, 200))
    name = told["url"].rpartition("/")[2]
    assert sign_in(a_person()).get(told["url"]).status_code == 403
    assert sign_in(a_person()).get(f"/media/{name}").status_code == 404
    assert browser.get(told["url"]).status_code == 302
    where = writer.send(f"/studio/{draft.id}/preview-link").headers["Location"]
    code = writer.text(where).split("/preview/")[1].split()[0]
    assert browser.get(f"/preview/{code}/files/{name}").status_code == 200
    assert browser.get(f"/preview/{code}/files/{'0' * 64}.jpg").status_code == 404


def test_a_lesson_shows_the_picture_with_its_small_copy_and_what_is_shown_is_not_taken_out(
    draft: Draft, author: User, sign_in: SignIn
) -> None:
    writer = sign_in(author)
    _, told = upload(writer, draft, "gate.jpg", a_photo(300, 200))
    with transaction():
        part = session.get_one(Part, (draft.id, "lesson/greeting/en"))
        text = "![The gate](media/gate.jpg)\n"
        service.save(session.get_one(Draft, draft.id), part.key, text, part.number, by=author.id)
    page = writer.get(f"/studio/{draft.id}/preview?activity=greeting").text
    assert told["url"] in page
    assert told["url"].replace(".jpg", "-480.webp") in page
    writer.send(f"/studio/{draft.id}/files/gate.jpg/remove")
    assert "Take it out there first" in writer.text(f"/studio/{draft.id}/files")
    assert "gate.jpg" in names(draft)


def test_a_picture_of_too_many_pixels_is_not_even_decoded() -> None:
    with pytest.raises(DomainError):
        pictures.prepared(a_bomb())
