"""The blueprint that the pages of cohorts share."""

from flask import Blueprint

bp = Blueprint("cohorts", __name__)
