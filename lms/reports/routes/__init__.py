"""The pages of reports; the home, the cohort table and a trainee's page hang on the blueprints of lower domains."""

from lms.reports.routes import end, home, table, trainee
from lms.reports.routes.blueprint import bp

__all__ = ["bp", "end", "home", "table", "trainee"]
