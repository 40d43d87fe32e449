"""Handing in, and judging what was handed in."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.assignments.models import HandIn
from lms.cohorts.closing import check_open
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library import media, pictures
from lms.library.activities import Assignment
from lms.library.edition import edition
from lms.library.media_store import MediaStore
from lms.progress.access import open_activity
from lms.record import service as record
from lms.record.models import Verb

# In bytes: a voice over 2G, a photo before it is made small.
LARGEST = 15_000_000
MOST_FILES, MOST_WORDS = 5, 20_000
PDF = b"%PDF-"
PHOTOS, SOUNDS = frozenset({"png", "jpg", "webp"}), frozenset({"mp3", "ogg", "m4a", "webm", "mp4"})
TYPES = {**media.TYPES, "pdf": "application/pdf"}


def assignment_of(hand_in: HandIn) -> Assignment:
    """The assignment that something was handed in for."""
    activity = edition(hand_in.course_version_id).activities[hand_in.activity_id]
    assert isinstance(activity, Assignment)
    return activity


def hand_ins_at(enrolment: Enrolment, activity_id: str) -> Sequence[HandIn]:
    """What was handed in, first to last."""
    return session.scalars(
        select(HandIn)
        .where(HandIn.enrolment_id == enrolment.id, HandIn.activity_id == activity_id)
        .order_by(HandIn.number)
    ).all()


def hand_in(enrolment: Enrolment, activity_id: str, words: str, sent: Sequence[bytes], store: MediaStore) -> HandIn:
    """Hand something in. Until it is marked, handing in again takes its place; files stay when none are sent anew."""
    activity = open_activity(enrolment, activity_id).activity
    if not isinstance(activity, Assignment):
        raise DomainError(N_("This is not an assignment."))
    earlier = hand_ins_at(enrolment, activity_id)
    if any(each.passed for each in earlier):
        raise DomainError(N_("You have passed this already."))
    waiting = earlier[-1] if earlier and earlier[-1].marked_at is None else None
    words = words.strip() if "text" in activity.hand_in else ""
    if len(words) > MOST_WORDS:
        raise DomainError(N_("This is too long. Shorten it to 20,000 characters."))
    if len(sent) > MOST_FILES:
        raise DomainError(N_("These are too many files. Send five at most."))
    files = [_kept(content, activity, store) for content in sent] or (waiting.files if waiting else [])
    if not words and not files:
        raise DomainError(N_("There is nothing to hand in yet. Write something or add a file."))
    if waiting is None:
        waiting = HandIn(
            enrolment_id=enrolment.id,
            user_id=enrolment.user_id,
            course_version_id=enrolment.course_version_id,
            activity_id=activity_id,
            number=len(earlier) + 1,
        )
        session.add(waiting)
    waiting.words, waiting.files, waiting.handed_in_at = words, files, clock.now()
    session.flush()
    record.append(
        Verb.INITIALIZED,
        id=uuid5(waiting.id, "handed in"),
        actor_id=enrolment.user_id,
        registration=enrolment.id,
        activity_id=activity_id,
        context={"hand_in": str(waiting.id)},
    )
    return waiting


def _kept(content: bytes, activity: Assignment, store: MediaStore) -> dict[str, Any]:
    """Take a file for what it is, whatever it is called; photos lose what they tell of place and camera."""
    if len(content) > LARGEST:
        raise DomainError(N_("This file is larger than 15 MB. Make it smaller or shorter."))
    ending = "pdf" if content.startswith(PDF) else media.ending_of(content)
    wanted = set(activity.hand_in)
    taken = (
        (ending in PHOTOS and wanted & {"photo", "file"})
        or (ending in SOUNDS and wanted & {"audio", "file"})
        or (ending == "pdf" and "file" in wanted)
    )
    if ending is None or not taken:
        raise DomainError(N_("A file of this kind is not asked for here. See above what is handed in."))
    if ending in PHOTOS:
        content, ending = pictures.prepared(content)
    digest = sha256(content).hexdigest()
    store.keep(digest, content)
    return {"sha256": digest, "type": TYPES[ending], "ending": ending, "bytes": len(content)}


def mark(hand_in: HandIn, levels: Mapping[str, str], remark: str, *, by: UUID) -> None:
    """Judge by the rubric: a level for each criterion, ``{criterion id: level id}``. A second click changes nothing."""
    session.refresh(hand_in, with_for_update=True)
    check_open(session.get_one(Enrolment, hand_in.enrolment_id).cohort_id, by=by)
    if hand_in.marked_at is not None:
        if hand_in.levels == dict(levels):
            return
        raise DomainError(N_("Somebody has marked this already. The page shows how."))
    assignment, earned = assignment_of(hand_in), 0
    for criterion in assignment.rubric:
        level = next((each for each in criterion.levels if each.id == levels.get(criterion.id)), None)
        if level is None:
            raise DomainError(N_("Choose a level for every criterion."))
        earned += level.points
    hand_in.levels = {criterion.id: levels[criterion.id] for criterion in assignment.rubric}
    hand_in.remark, hand_in.marked_by, hand_in.marked_at = remark.strip(), by, clock.now()
    hand_in.score = earned / assignment.most_points()
    hand_in.passed = earned * 100 >= assignment.pass_mark * assignment.most_points()
    record.append(
        Verb.PASSED if hand_in.passed else Verb.FAILED,
        id=uuid5(hand_in.id, "marked"),
        actor_id=hand_in.user_id,
        registration=hand_in.enrolment_id,
        activity_id=hand_in.activity_id,
        score=hand_in.score,
        context={"hand_in": str(hand_in.id), "marked_by": str(by)},
    )
