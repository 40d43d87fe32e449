"""Setting what counts in a cohort."""

from collections.abc import Mapping
from uuid import UUID

from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort
from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.grades.models import GradeScheme
from lms.grades.queries import scheme_of

# Of one activity.
HEAVIEST = 100


def set_scheme(cohort: Cohort, weights: Mapping[str, int], pass_mark: int, *, by: UUID) -> None:
    """Say what counts with what weight, and from how many percent the course is passed; marks follow by themselves."""
    check_open(cohort.id, by=by)
    if any(not 0 <= weight <= HEAVIEST for weight in weights.values()) or not 0 <= pass_mark <= 100:
        raise DomainError(N_("Give whole numbers from 0 to 100."))
    if not sum(weights.values()):
        raise DomainError(N_("Nothing would count. Give at least one activity a weight."))
    known = scheme_of(cohort.id)
    if known.weights == dict(weights) and known.pass_mark == pass_mark:
        return
    session.add(GradeScheme(cohort_id=cohort.id, weights=dict(weights), pass_mark=pass_mark, by=by))
    session.flush()
    audit.record("grades.scheme_set", actor_id=by, object_id=cohort.id, pass_mark=pass_mark, weights=dict(weights))
