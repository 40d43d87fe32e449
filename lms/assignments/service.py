"""Handing in."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid5

from sqlalchemy import select

from lms.assignments.models import HandIn
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


def hand_ins_at(enrolment: Enrolment, activity_id: str, *, lock: bool = False) -> Sequence[HandIn]:
    """What was handed in, first to last; with ``lock``, who is marking it meanwhile is waited for."""
    wanted = (
        select(HandIn)
        .where(HandIn.enrolment_id == enrolment.id, HandIn.activity_id == activity_id)
        .order_by(HandIn.number)
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).all()


def hand_in(enrolment: Enrolment, activity_id: str, words: str, sent: Sequence[bytes], store: MediaStore) -> HandIn:
    """Hand something in. Until it is marked, handing in again takes its place; files stay when none are sent anew."""
    activity = open_activity(enrolment, activity_id).activity
    if not isinstance(activity, Assignment):
        raise DomainError(N_("This is not an assignment."))
    earlier = hand_ins_at(enrolment, activity_id, lock=True)
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
