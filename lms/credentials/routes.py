"""What machines ask an issuer for: its identifier's document and its status lists."""

from flask import Blueprint, Response, abort, current_app, jsonify

from lms.credentials import service
from lms.credentials.here import issuer_asked
from lms.credentials.issuer import did_document
from lms.web.guards import public

bp = Blueprint("credentials", __name__)


@bp.get("/.well-known/did.json")
@bp.get("/did.json")
@public
def did() -> Response:
    """What ``did:web`` resolves to: the keys. The second place is for an installation that lies at a path."""
    return _for_anyone(jsonify(did_document(issuer_asked())))


@bp.get("/credentials/status/<int(max=2147483647):number>/<purpose>")
@public
def status(number: int, purpose: str) -> Response:
    """A status list, signed; whoever fetches it does not tell which certificate they are after."""
    text = service.status_list(issuer_asked(), number, purpose) or abort(404)
    return _for_anyone(current_app.response_class(text, mimetype="application/json"))


def _for_anyone(response: Response) -> Response:
    """Other sites' pages may read it, and caches keep it for five minutes."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
