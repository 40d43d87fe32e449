"""The files of a draft: taken in by what they are, kept by their content."""

import re
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library import media, pictures
from lms.library.media_store import MediaStore
from lms.library.texts import slug
from lms.studio import service
from lms.studio.models import Asset, Draft

# In bytes: a photo as a camera makes it, before it is made small; sound and film as they are shown.
LARGEST_PHOTO, LARGEST_FILM = 25_000_000, 95_000_000
PICTURES = frozenset({"png", "jpg", "webp", "gif"})


def add(draft: Draft, name: str, content: bytes, *, alt: str, store: MediaStore, by: UUID) -> Asset:
    """Take a file into the draft; the same content is the same file. Its type is told by its content alone."""
    service.open_for_writing(draft)
    ending = media.ending_of(content)
    if ending is None:
        raise DomainError(
            N_(
                "A file of this kind is not taken. Use a picture (PNG, JPEG, WebP, GIF), "
                "sound (MP3, Ogg, M4A), film (MP4, WebM) or captions (WebVTT)."
            )
        )
    if ending in PICTURES:
        if len(content) > LARGEST_PHOTO:
            raise DomainError(N_("This picture is larger than 25 MB. Make it smaller."))
        content, ending = pictures.prepared(content)
    elif len(content) > LARGEST_FILM:
        raise DomainError(N_("This is larger than 95 MB. Cut it shorter or save it with less quality."))
    digest = sha256(content).hexdigest()
    known = session.scalar(select(Asset).where(Asset.draft_id == draft.id, Asset.sha256 == digest))
    if known is not None:
        return known
    store.keep(digest, content)
    made = Asset(
        draft_id=draft.id,
        name=_free_name(draft, name, ending),
        sha256=digest,
        type=media.TYPES[ending],
        bytes=len(content),
        alt=alt,
        added_by=by,
    )
    session.add(made)
    session.flush()
    return made


def _free_name(draft: Draft, name: str, ending: str) -> str:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.replace("\\", "/").rpartition("/")[2])
    taken = {each.rpartition(".")[0] for each in session.scalars(select(Asset.name).where(Asset.draft_id == draft.id))}
    return f"{slug(stem, taken, 'file')}.{ending}"


def remove(draft: Draft, name: str) -> None:
    """Take a file out of the draft, unless a text shows it; what is published keeps it."""
    service.open_for_writing(draft)
    asset = session.get(Asset, (draft.id, name))
    if asset is None:
        return
    if any(f"media/{name}" in content or f':"{name}"' in content for content in service.contents(draft).values()):
        raise DomainError(N_("'%(name)s' is shown in the course. Take it out there first."), name=name)
    session.delete(asset)


def with_content(draft: Draft, digest: str) -> Asset | None:
    """The draft's file with this content."""
    return session.scalar(select(Asset).where(Asset.draft_id == draft.id, Asset.sha256 == digest).limit(1))
