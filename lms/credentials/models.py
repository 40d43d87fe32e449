"""Places in the status lists."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class StatusEntry(Base):
    """A credential's place in the lists numbered ``list``, and its bits there; what was revoked stays so."""

    __tablename__ = "status_entry"
    __table_args__ = (CheckConstraint('"index" >= 0 AND "index" < 131072', name="index_in_list"),)

    list: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revoked: Mapped[bool] = mapped_column(default=False)
    suspended: Mapped[bool] = mapped_column(default=False)
