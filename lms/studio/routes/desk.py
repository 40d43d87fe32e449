"""What the lesson editor works with: the files, the instruments, the boxes, and the lesson's weight."""

from typing import Any

from flask import request

from lms.core.words import catalogue
from lms.library import rendering
from lms.library.check.weight import HEAVIEST_TEXT
from lms.studio import citing, weight
from lms.studio.models import Draft
from lms.studio.routes import files
from lms.web.language import reading_languages


def desk(draft: Draft, about: dict[str, Any], text: str, language: str) -> dict[str, Any]:
    """For a lesson's text, or what was typed instead of it and not yet saved."""
    told = files.told(draft)
    return {
        "files": told,
        "weight": weight.of(request.form.get("text", text), told),
        "most": HEAVIEST_TEXT,
        "cited": citing.listed(about, reading_languages(draft.source_language), within=language),
        "boxes": rendering.CALLOUTS,
        "titles": {f"callout_{kind}": title for kind, title in rendering.titles(catalogue(language).gettext).items()},
    }
