"""The transcript: everything that one person took here, on paper, in a language of their choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent
from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates.models import Credential
from lms.certificates.words import KINDS, STATES
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock, printing
from lms.core.db import session
from lms.core.percent import whole
from lms.core.vault import Vault
from lms.core.words import N_, catalogue, pick
from lms.grades.marks import ATTENDANCE, Scheme, mark
from lms.grades.models import GradeScheme
from lms.library.edition import edition
from lms.missions.models import Mission
from lms.progress.outline import outline
from lms.progress.queries import states_of


@dataclass(frozen=True)
class Award:
    """A certificate, and whether it was renewed."""

    credential: Credential
    renewed: bool


@dataclass(frozen=True)
class Course:
    """A place in a course: ``final`` and ``attendance`` from 0 to 1, ``done`` of ``total`` required activities."""

    code: str
    title: Mapping[str, str]
    hours: int
    begins: date
    ends: date
    left: bool
    done: int
    total: int
    final: float | None
    attendance: float | None
    awards: tuple[Award, ...]


@dataclass(frozen=True)
class Transcript:
    """Everything that stands on it; the name only where every mission that it tells of keeps names."""

    number: str
    name: str | None
    issuer: str
    verify_url: str
    missions: tuple[str, ...]
    courses: tuple[Course, ...]


def of(person: User, *, vault: Vault, base_url: str, issuer: str, mission_id: UUID | None = None) -> Transcript:
    """What the person took, first to last, in one mission or in all; five statements."""
    places = _places(person.id, mission_id)
    states = states_of(*(place.id for place in places))
    schemes = _schemes([place.cohort_id for place in places])
    awards = _awards(person.id)
    missions = {place.mission_id: (place.mission, place.keeps_names) for place in places}
    named = bool(missions) and all(keeps for _, keeps in missions.values()) and person.name_sealed
    return Transcript(
        number=person.shown_as,
        name=vault.open(person.name_sealed) if named and person.name_sealed else None,
        issuer=issuer,
        verify_url=f"{base_url}/verify/",
        missions=tuple(title for title, _ in missions.values()),
        courses=tuple(_course(place, states[place.id], schemes, awards.get(place.id, ())) for place in places),
    )


def _places(user_id: UUID, mission_id: UUID | None) -> list[Any]:
    wanted = (
        select(
            Enrolment.id,
            Enrolment.course_version_id,
            Enrolment.left_at,
            Cohort.id.label("cohort_id"),
            Cohort.begins,
            Cohort.ends,
            Cohort.closed_at,
            Mission.id.label("mission_id"),
            Mission.title.label("mission"),
            Mission.keeps_names,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Mission, Mission.id == Cohort.mission_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Cohort.begins, Enrolment.enrolled_at)
    )
    return list(session.execute(wanted if mission_id is None else wanted.where(Mission.id == mission_id)))


def _schemes(cohort_ids: list[UUID]) -> dict[UUID, Scheme]:
    rows = session.execute(
        select(GradeScheme.cohort_id, GradeScheme.weights, GradeScheme.pass_mark)
        .where(GradeScheme.cohort_id.in_(cohort_ids))
        .order_by(GradeScheme.at, GradeScheme.id)
    )
    return {row.cohort_id: Scheme(row.weights, row.pass_mark) for row in rows}


def _awards(user_id: UUID) -> dict[UUID, tuple[Award, ...]]:
    credentials = session.scalars(
        select(Credential).where(Credential.user_id == user_id).order_by(Credential.issued_at, Credential.id)
    ).all()
    renewed = {each.renews_id for each in credentials}
    found: dict[UUID, tuple[Award, ...]] = {}
    for each in credentials:
        found[each.enrolment_id] = (*found.get(each.enrolment_id, ()), Award(each, each.id in renewed))
    return found


def _course(place: Any, states: Mapping[str, Any], schemes: Mapping[UUID, Scheme], awards: tuple[Award, ...]) -> Course:
    shown = edition(place.course_version_id)
    scheme = schemes.get(place.cohort_id, Scheme())
    standing, marked = outline(shown, states), mark(scheme, shown, states, closed=place.closed_at is not None)
    return Course(
        code=shown.document.code,
        title=shown.document.title,
        hours=shown.document.hours,
        begins=place.begins,
        ends=place.ends,
        left=place.left_at is not None,
        done=standing.done,
        total=standing.total,
        final=marked.final,
        attendance=marked.parts[ATTENDANCE].score,
        awards=awards,
    )


def pdf(transcript: Transcript, language: str) -> bytes:
    """The transcript's bytes in a language of the interface, in its direction."""
    words, locale = catalogue(language), Locale.parse(language, sep="-")

    def day(value: date) -> str:
        return format_date(value, "medium", locale=locale)

    def share(value: float | None) -> str:
        return "\u2013" if value is None else format_percent(whole(value) / 100, locale=locale)

    html = printing.page(
        "pdf/transcript.html",
        language,
        transcript=transcript,
        day=day,
        share=share,
        title_of=lambda text: pick(text, [language, "en"])[1],
        kind=lambda each: _kind(each, words.gettext),
        state=lambda award: _state(award, words.gettext, day),
        printed=day(clock.today()),
        hours=sum(each.hours for each in transcript.courses if each.done == each.total),
    )
    return printing.pdf(html, printing.TEMPLATES / "pdf" / "transcript.css")


def _kind(credential: Credential, say: Callable[[str], str]) -> str:
    name = say(KINDS[credential.kind])
    if credential.level is None:
        return name
    template = say("%(kind)s, level %(level)s")
    return template % {"kind": name, "level": credential.level}


def _state(award: Award, say: Callable[[str], str], day: Callable[[date], str]) -> str:
    """The state in a word, and until when a certificate that ends is valid."""
    status, ends = award.credential.status, award.credential.expires_at
    if status == "valid" and ends is not None:
        return say(N_("Valid until %(date)s")) % {"date": day(ends.date())}
    return say(STATES["renewed" if award.renewed and status == "expired" else status])
