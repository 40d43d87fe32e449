"""The blueprint that the report's pages hang on."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
