"""Who may look at courses."""

from lms.accounts.models import User
from lms.core.policy import permission


@permission("library.browse")
def browses(user: User) -> bool:
    """Everyone with an account sees the catalogue."""
    return user.is_authenticated
