"""Forms that belong to no domain."""

from hashlib import sha256
from typing import Any

from flask_babel import gettext
from wtforms import Field, HiddenField, SelectField

from lms.web.pages import Form


class EmptyForm(Form):
    """A button: nothing but the token that proves it was pressed here."""


class ChangeForm(Form):
    """A form upon a row that others may change while its page lies open: what they saved is said once, then replaced.

    Give it the row, and let its page carry ``seen``.
    """

    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = [(field.name, _said(field)) for field in self._own()]
        self._now = sha256(repr(now).encode()).hexdigest()
        if not self.is_submitted():
            self.seen.data = self._now

    def _own(self) -> list[Field]:
        return [field for field in self if field.name not in ("csrf_token", "seen")]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the shape is right, and nobody saved something else since the page was fetched."""
        if not super().validate(*args, **kwargs):
            return False
        other = [field for field in self._own() if _said(field) != _said(field, field.data)]
        if not other or self.seen.data in (None, "", self._now):
            return True
        self.seen.data = self._now
        words = gettext(
            "Somebody saved this meanwhile, and it says now: %(now)s. Save again to put yours in its place.",
            now="; ".join(f"{field.label.text}: {_shown(field)}" for field in other),
        )
        self.form_errors = [*self.form_errors, words]
        return False


def _said(field: Field, *typed: Any) -> str:
    """What the row says, or else what was typed, in one way."""
    value = typed[0] if typed else field.object_data
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _shown(field: Field) -> str:
    said = _said(field)
    if isinstance(field.object_data, bool):
        return str(gettext("Yes") if field.object_data else gettext("No"))
    if isinstance(field, SelectField):
        labels = {str(each.value): str(each.label) for each in field.choices or []}
        return labels.get(said, said)
    return said or "–"
