"""The pages of this floor; those that a lower domain's name suits better join its blueprint."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

# After the blueprint, which they join.
from lms.reports import home, table  # noqa: E402, F401
