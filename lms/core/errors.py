"""Errors that a person can act on."""


class DomainError(Exception):
    """A rule said no; ``message`` is a translatable sentence with the mend, ``params`` fill its slots.

    ``field`` names the form field the message belongs to, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params
