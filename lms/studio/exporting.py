"""Drafts as files for elsewhere."""

from pydantic import ValidationError

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.exchange import package
from lms.library.document import CourseDocument
from lms.library.media_store import MediaStore
from lms.studio import readiness
from lms.studio.models import Draft


def package_of(draft: Draft, *, store: MediaStore) -> bytes:
    """The draft as a course package; what is unfinished cannot travel."""
    try:
        document = CourseDocument.model_validate(readiness.data_of(draft))
    except ValidationError:
        raise DomainError(N_("Some things must be mended first. The checklist links to each of them.")) from None
    return package.write(document, store.reader(document))
