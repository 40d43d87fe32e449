"""A room in which work is handed in and marked."""

import pytest
from flask import Flask

from tests.assignments.room import Room, SignIn
from tests.builders import deployed
from tests.pages import Browser


@pytest.fixture
def room(app: Flask, sign_in: SignIn) -> Room:
    return Room(sign_in)


@pytest.fixture
def colleague(room: Room, sign_in: SignIn) -> Browser:
    return sign_in(deployed(room.mission))
