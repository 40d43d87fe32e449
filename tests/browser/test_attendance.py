"""A session in a room: the code on the wall, a trainee's phone without JavaScript, and the mentor's sheet."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import CLASS_TWO, OpenPage, a_trainee

pytestmark = pytest.mark.browser


def test_a_session_with_attendance_by_code_a_correction_and_a_count_that_differs(
    inside: Flask, open_page: OpenPage
) -> None:
    with inside.app_context():
        for name in ("arriving", "mistaken"):
            a_trainee(name, CLASS_TWO)
    mentor = open_page("mentor")
    mentor.get_by_role("link", name="Sessions").first.click()
    mentor.get_by_role("link", name="Custody").click()
    mentor.get_by_role("button", name="Check in by code").click()
    expect(mentor.locator("h1")).to_have_text("Check in with this code")

    for name in ("arriving", "mistaken"):
        phone = open_page(name, java_script_enabled=False, viewport={"width": 360, "height": 640})
        phone.get_by_role("link", name="Check in").click()
        phone.get_by_label("Code").fill("222 222")
        phone.get_by_role("button", name="I am here").click()
        expect(phone.locator(".error-summary")).to_contain_text("does not fit")
        phone.get_by_label("Code").fill((mentor.locator(".room-code").text_content() or "").strip())
        phone.get_by_role("button", name="I am here").click()
        expect(phone.get_by_role("status").last).to_contain_text("You are checked in")

    mentor.get_by_role("link", name="To the attendance").click()
    row = mentor.get_by_role("row").filter(has=mentor.get_by_text("by code"))
    expect(row).to_have_count(2)
    expect(row.first.get_by_label("Late")).to_be_checked()
    # By keyboard: the letter marks, and leads to the next person.
    row.last.get_by_label("Late").focus()
    mentor.keyboard.press("a")
    mentor.get_by_role("button", name="Save", exact=True).click()
    expect(mentor.get_by_role("status").last).to_contain_text("Attendance is saved")
    expect(row).to_have_count(1)

    mentor.get_by_label("People in the room").fill("2")
    mentor.get_by_role("button", name="Note the count").click()
    expect(mentor.locator(".look")).to_contain_text("2 people were counted, 1 are marked as there")
    mentor.get_by_role("link", name="Sessions").last.click()
    expect(mentor.locator(".look").filter(has_text="the same sheet")).to_have_count(2)
