"""Where the pages of certificates hang."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
