"""Where the pages of assignments hang."""

from flask import Blueprint

bp = Blueprint("assignments", __name__)
