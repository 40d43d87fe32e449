"""Choosing how a mission's certificates look, and printing them so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.core import audit
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import LANGUAGES, N_
from lms.designs.face import DESIGNS, Face, Mark
from lms.designs.models import CertificateDesign, CertificatePartner
from lms.library import pictures
from lms.missions import partners
from lms.missions.models import Mission

# A mark is printed 30 mm wide at most: 400 dots an inch are enough.
MARK_PIXELS, LARGEST_MARK = 480, 10_000_000
MOST_PARTNERS, MOST_MARKS = 8, 4


def design_of(mission: Mission) -> CertificateDesign:
    """What the mission chose, or the first design on A4, which is not kept until somebody chooses."""
    return session.get(CertificateDesign, mission.id) or CertificateDesign(
        mission_id=mission.id, design=DESIGNS[0], paper="a4", languages=[], signatories=[]
    )


def partners_of(mission: Mission) -> Sequence[CertificatePartner]:
    """The mission's partners in the order in which they were entered, their pictures with them."""
    return session.scalars(
        select(CertificatePartner)
        .where(CertificatePartner.mission_id == mission.id)
        .order_by(CertificatePartner.id)
        .options(undefer(CertificatePartner.mark))
    ).all()


def choose(
    mission: Mission,
    *,
    design: str,
    paper: str,
    languages: Sequence[str],
    signatories: Sequence[tuple[str, str]],
    by: UUID,
) -> None:
    """Keep a choice, for certificates that are printed from now on; those that are printed stay as they are."""
    chosen = design_of(mission)
    chosen.design, chosen.paper = design, paper
    chosen.languages = list(dict.fromkeys(each for each in languages if each))
    for name, post in signatories:
        if name and not post:
            raise DomainError(N_("Say which post %(name)s signs for."), name=name)
    chosen.signatories = [[name, post] for name, post in signatories if post]
    session.add(chosen)
    audit.record("designs.chosen", actor_id=by, object_id=mission.id, design=design)


def set_mark(mission: Mission, mark: bytes | None) -> None:
    """Keep the mission's own picture, as ``made_fit`` made it, or take it away."""
    chosen = design_of(mission)
    chosen.mark = mark
    session.add(chosen)


def made_fit(content: bytes) -> bytes:
    """A picture as it is kept: its pixels and nothing else, no longer than it can be printed.

    Raises ``DomainError`` for what is no picture. It takes seconds for a large one: long for a turn to write.
    """
    if len(content) > LARGEST_MARK:
        raise DomainError(N_("This picture is larger than 10 MB. Make it smaller."), field="mark")
    try:
        return pictures.prepared(content, longest=MARK_PIXELS)[0]
    except DomainError as refusal:
        raise DomainError(refusal.message, field="mark", **refusal.params) from None


def add_partner(
    mission: Mission,
    *,
    partner: str,
    name: str,
    begins: date | None,
    ends: date | None,
    mark: bytes | None,
    by: UUID | None,
) -> CertificatePartner:
    """Let a partner stand on the certificates of a range of days, with a picture that ``made_fit`` made."""
    if not partner and not name:
        raise DomainError(N_("Choose a partner or type a name."), field="name")
    if begins and ends and ends < begins:
        raise DomainError(N_("The last day is before the first."), field="ends")
    if len(partners_of(mission)) >= MOST_PARTNERS:
        raise DomainError(N_("There are %(most)s partners already. Remove one first."), most=MOST_PARTNERS)
    made = CertificatePartner(
        mission_id=mission.id,
        partner=partner or None,
        name="" if partner else name,
        begins=begins,
        ends=ends,
        mark=mark,
    )
    session.add(made)
    session.flush()
    audit.record("designs.partner_added", actor_id=by, object_id=made.id)
    return made


def remove_partner(partner: CertificatePartner, *, by: UUID) -> None:
    """Take a partner off the certificates that are printed from now on."""
    session.delete(partner)
    audit.record("designs.partner_removed", actor_id=by, object_id=partner.id)


def dressed(face: Face, mission: Mission, **tried: Any) -> Face:
    """The face as the mission wants it on its day of issue; what is ``tried`` stands in place of what was chosen."""
    chosen = design_of(mission)
    standing = [each for each in partners_of(mission) if each.stands_on(face.issued_on)]
    marks = [Mark(mission.title, chosen.mark, _type(chosen.mark))] if chosen.mark else []
    marks += [Mark(_name(each, face.issued_on), each.mark, _type(each.mark)) for each in standing if each.mark]
    wanted = tried.pop("languages", None) or chosen.languages
    # Where nobody has chosen, the mission's languages stand beside one that others read.
    spoken = _languages(wanted or dict.fromkeys([*mission.languages, *face.course_title]), face)
    look: dict[str, Any] = {
        "languages": spoken if wanted else spoken[:2],
        "design": chosen.design,
        "paper": chosen.paper,
        "partners": tuple(each.partner or each.name for each in standing),
        "marks": tuple(marks[:MOST_MARKS]),
        "signatories": tuple((name, post) for name, post in chosen.signatories),
    }
    return replace(face, **(look | tried))


def _languages(wanted: Iterable[str], face: Face) -> tuple[str, ...]:
    """Those in which there are both words and a title, else one."""
    spoken = [each for each in wanted if each in LANGUAGES and each in face.course_title]
    return tuple(spoken[:3]) or next(((each,) for each in LANGUAGES if each in face.course_title), ("en",))


def _name(partner: CertificatePartner, day: date) -> str:
    return partners.name_on(partner.partner, day) if partner.partner else partner.name


def _type(picture: bytes | None) -> str:
    return "image/png" if picture and picture.startswith(b"\x89PNG") else "image/jpeg"
