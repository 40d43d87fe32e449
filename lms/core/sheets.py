"""Cells of files for spreadsheets, none of which can become a formula."""


def safe_cell(value: str) -> str:
    """A cell that a spreadsheet reads as text (OWASP, CSV injection)."""
    return "'" + value if value.lstrip()[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r") else value
