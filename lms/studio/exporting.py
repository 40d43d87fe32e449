"""Drafts as files for elsewhere."""

from pathlib import Path

from pydantic import ValidationError

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.exchange import package
from lms.library import media_store
from lms.library.document import CourseDocument
from lms.studio import readiness
from lms.studio.models import Draft


def package_of(draft: Draft, *, data: Path) -> bytes:
    """The draft as a course package; what is unfinished cannot travel."""
    try:
        document = CourseDocument.model_validate(readiness.data_of(draft))
    except ValidationError:
        raise DomainError(N_("Some things must be mended first. The checklist links to each of them.")) from None
    return package.write(document, media_store.reader(data, document))
