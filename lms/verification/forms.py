"""The shapes of what strangers type and send."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.verification import many
from lms.web.pages import Form

# In the first, numbers are looked for; everything else is taken for a certificate. Spreadsheets are not opened for
# strangers: they cost too much before it is known that they hold nothing.
LISTS, SPREADSHEETS = (".txt", ".csv"), (".xlsx", ".xls", ".ods")


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
        """One of the two has to be there, and no spreadsheet."""
        if not any(field.data or ()) and not (self.numbers.data or "").strip():
            raise ValidationError(_l("Paste numbers, or choose files."))
        if any(_ends(each, SPREADSHEETS) for each in self._files()):
            raise ValidationError(_l("Spreadsheets are not read here. Copy the column of numbers and paste it above."))

    def cells(self) -> Iterator[str]:
        """What may be numbers: what was pasted, and the cells of lists, each read when its turn comes."""
        yield from many.cells_in(self.numbers.data or "")
        for each in self._files():
            if _ends(each, LISTS):
                yield from many.cells_in(_decoded(each.read()))

    def shown(self) -> list[tuple[str, bytes]]:
        """The certificates among the files, as ``(name, content)``."""
        return [((each.filename or "")[:120], each.read()) for each in self._files() if not _ends(each, LISTS)]

    def _files(self) -> list[FileStorage]:
        return [each for each in self.files.data or () if each]


def _ends(file: FileStorage, endings: tuple[str, ...]) -> bool:
    return (file.filename or "").lower().endswith(endings)


def _decoded(content: bytes) -> str:
    """The text of a list; numbers are read in any encoding that spreadsheets write."""
    encoding = "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    return content.decode(encoding, errors="replace")
