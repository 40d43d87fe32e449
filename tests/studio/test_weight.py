"""What a lesson weighs on a phone is said beside its text."""

from collections.abc import Callable

from flask import Flask

from lms.accounts.models import User
from lms.studio import weight
from tests.builders import a_draft, a_mission, deployed
from tests.pages import Browser
from tests.studio.test_files import MP4, a_photo, upload

SignIn = Callable[[User], Browser]


def test_text_counts_in_bytes_and_each_file_once() -> None:
    files = [
        {"name": "a.jpg", "type": "image/jpeg", "phone": 30_000},
        {"name": "b.jpg", "type": "image/jpeg", "phone": 50_000},
        {"name": "c.mp4", "type": "video/mp4", "phone": 2_000_000},
        {"name": "c.vtt", "type": "text/vtt", "phone": 700},
    ]
    text = "قف\n\n![a](media/a.jpg)\n\n![a](media/a.jpg)\n\n![c](media/c.mp4)[English](media/c.vtt)\n"
    assert weight.of(text, files) == weight.Weight(len(text.encode()), 30_000, 2_000_700)
    assert weight.of("no files", files) == weight.Weight(8, 0, 0)


def test_a_picture_weighs_what_a_phone_fetches_of_it(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    author = deployed(mission)
    draft = a_draft(mission, author=author)
    browser = sign_in(author)
    _, told = upload(browser, draft, "gate.jpg", a_photo(1200, 900), alt="The gate")
    small = browser.get(told["url"].replace(".jpg", "-480.webp"))
    upload(browser, draft, "walk.mp4", MP4, alt="A walk")
    files = browser.get(f"/studio/{draft.id}/files", headers={"Accept": "application/json"}).json
    assert {each["name"]: each["phone"] for each in files} == {"gate.jpg": len(small.data), "walk.mp4": len(MP4)}


def test_a_text_too_long_for_a_slow_network_is_marked(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    author = deployed(mission)
    draft = a_draft(mission, author=author)
    address = f"/studio/{draft.id}/activities/greeting"
    light = sign_in(author).get(address).text
    assert 'class="weight"' in light
    heavy = sign_in(author).post(
        address,
        data={"csrf_token": sign_in(author).token(), "title": "", "text": "ح" * 21_000},
    )
    assert heavy.status_code in (409, 422)
    assert 'class="weight is-heavy"' in heavy.text
    assert "42 KB" in heavy.text
