"""Forms that belong to no domain."""

from hashlib import sha256
from typing import Any

from flask_babel import gettext
from wtforms import Field, HiddenField, SelectField

from lms.web.pages import Form


class EmptyForm(Form):
    """A button: nothing but the token that proves it was pressed here."""


class _SeenForm(Form):
    """A form upon something that others may change while its page lies open; its page carries ``seen``."""

    seen = HiddenField()

    def _stands(self, now: object) -> None:
        self._now = sha256(repr(now).encode()).hexdigest()
        if not self.is_submitted():
            self.seen.data = self._now

    def _is_news(self) -> bool:
        """Whether something else was saved since the page was fetched; asked again, it has been said."""
        if self.seen.data in (None, "", self._now):
            return False
        self.seen.data = self._now
        return True


class PartsForm(_SeenForm):
    """A form upon something of many parts, whose fields the page writes itself.

    Give it what stands and what was chosen, to compare. Where ``meanwhile`` holds, others have saved something else,
    and the page shows it beside each part.
    """

    meanwhile = False

    def __init__(self, stands: object, chosen: object) -> None:
        super().__init__()
        self._stands(stands)
        self._differs = chosen != stands

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether nobody saved something else since the page was fetched."""
        if not super().validate(*args, **kwargs):
            return False
        self.meanwhile = self._differs and self._is_news()
        if self.meanwhile:
            words = gettext(
                "Somebody saved something else meanwhile: it stands beside what you chose. "
                "Save again to put yours in its place."
            )
            self.form_errors = [*self.form_errors, words]
        return not self.meanwhile


class ChangeForm(_SeenForm):
    """The same upon a row: what others saved is said field by field, once, then replaced.

    Give it the row.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stands([(field.name, _said(field)) for field in self._own()])

    def _own(self) -> list[Field]:
        return [field for field in self if field.name not in ("csrf_token", "seen")]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the shape is right, and nobody saved something else since the page was fetched."""
        if not super().validate(*args, **kwargs):
            return False
        other = [field for field in self._own() if _said(field) != _said(field, field.data)]
        if not other or not self._is_news():
            return True
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
