"""Where the pages of tests hang."""

from flask import Blueprint

bp = Blueprint("assessment", __name__)
