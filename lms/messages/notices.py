"""Being told by e-mail that something waits: an address that one gives, confirms, and may take back."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from lms.accounts import throttle
from lms.core import clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.jobs import enqueue
from lms.core.vault import vault_of
from lms.core.words import N_
from lms.messages.models import Notice

OFTEN = {1: N_("Once a day at most"), 7: N_("Once a week at most"), 0: N_("Never")}
LINK_LASTS = timedelta(days=1)
# To one person in an hour, whatever addresses they give: nobody floods a stranger from here.
MOST_LINKS = 5


def notice_of(user_id: UUID) -> Notice | None:
    """What the person asked for."""
    return session.get(Notice, user_id)


def address_of(notice: Notice, data: Path) -> str:
    """The address in the clear, for the one who gave it and for the mail that goes there."""
    return vault_of(data).open(notice.address_sealed) or ""


def give(user_id: UUID, address: str, *, data: Path) -> Notice:
    """Keep an address, sealed, and send a link to it; nothing else goes there before it is confirmed."""
    notice = session.get(Notice, user_id)
    if notice is not None and address_of(notice, data) == address and notice.confirmed_at is not None:
        return notice
    key = f"confirm {user_id}"
    if throttle.locked_until({key: MOST_LINKS}, throttle.LONGEST) is not None:
        raise DomainError(
            N_("You asked for several links in the last hour. Wait an hour, then ask again."), field="address"
        )
    throttle.count(key, window=throttle.LONGEST)
    if notice is None:
        notice = Notice(user_id=user_id, address_sealed=b"")
        session.add(notice)
    notice.address_sealed, notice.confirmed_at = vault_of(data).close(address), None
    session.flush()
    enqueue("messages.confirm", f"confirm/{user_id}/{clock.now():%Y%m%d%H%M%S}", user_id=str(user_id))
    return notice


def choose(notice: Notice, every: int, leaves_out: list[str]) -> None:
    """How often a mail may come, in days or 0 for never, and of which kinds of threads it does not tell."""
    if every not in OFTEN:
        raise DomainError(N_("Choose from the list."), field="every")
    notice.every, notice.leaves_out = every, leaves_out


def take_back(user_id: UUID) -> None:
    """Forget the address."""
    notice = session.get(Notice, user_id)
    if notice is not None:
        session.delete(notice)


def code_for(notice: Notice, keys: list[str]) -> str:
    """What stands in the link: it tells nothing of the person or the address, and ends after a day."""
    return str(_signer(keys, notice).dumps(int((clock.now() + LINK_LASTS).timestamp())))


def confirm(notice: Notice | None, code: str, keys: list[str]) -> None:
    """Confirm that the address is its giver's own; a link for another address no longer counts."""
    gone = DomainError(N_("This link has ended. Give your address once more to get a new one."))
    if notice is None:
        raise gone
    try:
        ends = _signer(keys, notice).loads(code)
    except BadSignature:
        raise gone from None
    if clock.now().timestamp() > ends:
        raise gone
    if notice.confirmed_at is None:
        notice.confirmed_at = notice.told_at = clock.now()


def _signer(keys: list[str], notice: Notice) -> URLSafeSerializer:
    return URLSafeSerializer(keys, salt=f"message-notice-{notice.address_sealed.hex()}")
