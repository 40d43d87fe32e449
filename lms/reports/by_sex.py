"""The figures by sex of a cohort; of a closed one they are kept, since the roll on which the sex stands goes on.

Kept is what the report shows and no more: counts and means, and of a line that is held back its total alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from lms.certificates.models import Credential
from lms.cohorts import closing
from lms.cohorts.models import Cohort, Correction, Enrolment, Leaving
from lms.core import clock
from lms.core.db import session
from lms.grades import queries as grades
from lms.grades.marks import Mark
from lms.missions.models import RollEntry
from lms.progress import standing
from lms.progress.standing import Standing
from lms.reports import suppression
from lms.reports.models import KeptBySex
from lms.reports.suppression import FEWEST, Cells, Split


@dataclass(frozen=True)
class BySex:
    """Three lines, and the mean final marks of women and of men. Enrolled are all who had a place, but by mistake."""

    enrolled: Cells
    completed: Cells
    certificates: Cells
    means: tuple[float, float] | None


def places_of(cohort: Cohort) -> Sequence[Any]:
    """Everyone who ever had a place: ``(id, sex, when and why they left, whether they hold a certificate)``."""
    certified = select(func.count()).where(Credential.enrolment_id == Enrolment.id, Credential.revoked_at.is_(None))
    on_roll = (RollEntry.user_id == Enrolment.user_id) & (RollEntry.mission_id == cohort.mission_id)
    return session.execute(
        select(
            Enrolment.id,
            RollEntry.sex,
            Enrolment.left_at,
            Enrolment.left_because,
            certified.correlate(Enrolment).scalar_subquery().label("certified"),
        )
        .outerjoin(RollEntry, on_roll)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Enrolment.id)
    ).all()


def of_cohort(
    cohort: Cohort, places: Sequence[Any], stands: list[Standing], marks: Mapping[UUID, Mark], kept: BySex | None
) -> BySex:
    """The figures as the roll has them now, or as they were ``kept``.

    A certificate may be given and revoked after a cohort is closed: then its line alone is of the roll as it is now.
    """
    sex = {place.id: place.sex for place in places}
    enrolled = Counter(place.sex for place in places if place.left_because != Leaving.MISTAKE)
    done = Counter(sex[each.id] for each in stands if each.complete)
    certified = Counter(place.sex for place in places if place.certified)
    if kept is not None:
        certificates = suppression.line(certified, enrolled, done, *_splits(kept))
        same = certificates.total == kept.certificates.total
        return BySex(kept.enrolled, kept.completed, kept.certificates if same else certificates, kept.means)
    return BySex(
        enrolled=suppression.line(enrolled, enrolled),
        completed=suppression.line(done, enrolled),
        certificates=suppression.line(certified, enrolled, done),
        means=_means(sex, {id: mark.final for id, mark in marks.items()}),
    )


def _splits(kept: BySex) -> list[Split]:
    """The lines that are shown above the certificates, as they are read."""
    shown = [each for each in (kept.enrolled, kept.completed) if not each.hidden]
    return [{"f": each.women or 0, "m": each.men or 0, None: each.unknown or 0} for each in shown]


def _means(sex: dict[UUID, str | None], finals: dict[UUID, float | None]) -> tuple[float, float] | None:
    """The mean marks of women and of men, where there are five of each, and nobody or five whose sex is not known.

    With the mean over all, any smaller group's could be worked out.
    """
    by_sex: dict[str | None, list[float]] = {"f": [], "m": [], None: []}
    for id, final in finals.items():
        if final is not None:
            by_sex[sex[id]].append(final)
    women, men, unknown = by_sex["f"], by_sex["m"], by_sex[None]
    if min(len(women), len(men)) < FEWEST or 0 < len(unknown) < FEWEST:
        return None
    return fmean(women), fmean(men)


def kept(cohort: Cohort) -> BySex | None:
    """What was kept of a closed cohort, unless it was corrected since; one statement."""
    if cohort.closed_at is None:
        return None
    corrected = select(Correction.id).where(Correction.cohort_id == cohort.id, Correction.ends_at > KeptBySex.at)
    found = session.scalar(select(KeptBySex).where(KeptBySex.cohort_id == cohort.id, ~corrected.exists()))
    return None if found is None else _read(found.figures)


@closing.on_closing
def keep(cohort: Cohort) -> None:
    """Keep the figures as they are shown now: at closing, after a correction, and after each certificate."""
    stands, marks = standing.of_cohort(cohort), grades.marks_of_cohort(cohort)
    found = of_cohort(cohort, places_of(cohort), stands, marks, kept(cohort))
    session.merge(KeptBySex(cohort_id=cohort.id, figures=_written(found), at=clock.now()))


def to_keep(most: int) -> Sequence[UUID]:
    """Closed cohorts of which nothing is kept, or that a correction, now over, or a certificate has changed since."""
    now = clock.now()
    corrections = select(Correction.id).where(Correction.cohort_id == Cohort.id)
    certificates = (
        select(Credential.id)
        .join(Enrolment, Enrolment.id == Credential.enrolment_id)
        .where(
            Enrolment.cohort_id == Cohort.id,
            or_(Credential.issued_at > KeptBySex.at, Credential.revoked_at > KeptBySex.at),
        )
    )
    return session.scalars(
        select(Cohort.id)
        .outerjoin(KeptBySex, KeptBySex.cohort_id == Cohort.id)
        .where(
            Cohort.closed_at.is_not(None),
            ~corrections.where(Correction.ends_at > now).exists(),
            or_(
                KeptBySex.cohort_id.is_(None),
                corrections.where(Correction.ends_at > KeptBySex.at).exists(),
                certificates.exists(),
            ),
        )
        .order_by(Cohort.id)
        .limit(most)
    ).all()


def _written(found: BySex) -> dict[str, Any]:
    lines = {"enrolled": found.enrolled, "completed": found.completed, "certificates": found.certificates}
    return {**{name: list(astuple(cells)) for name, cells in lines.items()}, "means": found.means and list(found.means)}


def _read(figures: Mapping[str, Any]) -> BySex:
    means = figures["means"]
    enrolled, completed, certificates = (Cells(*figures[each]) for each in ("enrolled", "completed", "certificates"))
    return BySex(enrolled, completed, certificates, (means[0], means[1]) if means else None)
