"""Whether this installation can go on with what it has issued."""

import json

from flask import current_app
from sqlalchemy import select

from lms.certificates.models import Credential
from lms.core.db import session
from lms.core.keys import ring
from lms.web.health import ready_when


@ready_when
def keys_belong_to_the_database() -> str | None:
    """New keys beside an old database mean that ``keys/`` was lost or not restored: nothing may be signed with them."""
    newest = select(Credential.document).where(Credential.document.is_not(None)).order_by(Credential.id.desc())
    text = session.scalar(newest.limit(1))
    if text is None:
        return None
    key = json.loads(text)["proof"]["verificationMethod"].rpartition("#")[2]
    if any(pair.id == key for pair in ring(current_app.config["DATA_DIR"]).credentials.all):
        return None
    return "the keys are not those that signed what is in the database: restore keys/ from its backup (docs/keys.md)"
