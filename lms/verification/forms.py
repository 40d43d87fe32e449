"""The shapes of what strangers type and send."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.exchange import tables
from lms.verification import many
from lms.web.pages import Form

# In these, numbers are looked for; everything else is taken for a certificate.
LISTS = (".txt", ".csv", ".xlsx")


class HolderForm(Form):
    """The name or number that stands on the certificate, to be confirmed."""

    holder = StringField(_l("Name or number on the certificate"), [InputRequired(_l("Type the name or number."))])


class FileForm(Form):
    """A certificate that somebody shows: a file, or the text of one."""

    file = FileField(_l("File (PDF, JSON or PNG)"))
    text = TextAreaField(_l("Or the text of the file"))

    def validate_text(self, field: TextAreaField) -> None:
        """One of the two has to be there."""
        if not self.file.data and not (field.data or "").strip():
            raise ValidationError(_l("Choose a file, or paste its text."))

    def shown(self) -> bytes:
        """What was given; a file comes before text."""
        content: bytes = self.file.data.read() if self.file.data else self.text.data.strip().encode()
        return content


class ManyForm(Form):
    """Numbers as a list or in a file, and certificates as files."""

    numbers = TextAreaField(
        _l("Certificate numbers"), [Length(max=60_000, message=_l("This is too long. Send it in parts."))]
    )
    files = MultipleFileField(_l("Files"))

    def validate_files(self, field: MultipleFileField) -> None:
        """One of the two has to be there."""
        if not any(field.data or ()) and not (self.numbers.data or "").strip():
            raise ValidationError(_l("Paste numbers, or choose files."))

    def cells(self) -> Iterator[str]:
        """What may be numbers: what was pasted, and the cells of lists. Raises what ``tables.lines`` raises."""
        yield from many.cells_in(self.numbers.data or "")
        for each in self._files():
            if _is_list(each):
                for _, row in tables.lines(each.read()):
                    yield from filter(None, row)

    def shown(self) -> list[tuple[str, bytes]]:
        """The certificates among the files, as ``(name, content)``."""
        return [((each.filename or "")[:120], each.read()) for each in self._files() if not _is_list(each)]

    def _files(self) -> list[FileStorage]:
        return [each for each in self.files.data or () if each]


def _is_list(file: FileStorage) -> bool:
    return (file.filename or "").lower().endswith(LISTS)
