"""The Canadian partners that assess and decide, under the names that they bore at the time."""

from datetime import date

from lms.core.words import N_

# (first day of the name, name), newest first; the last one also serves for all that came before.
PARTNERS: dict[str, list[tuple[date, str]]] = {
    "gac": [
        (date(2015, 11, 4), N_("Global Affairs Canada")),
        (date(2013, 6, 26), N_("Foreign Affairs, Trade and Development Canada")),
        (date.min, N_("Foreign Affairs and International Trade Canada")),
    ],
    "ps": [(date.min, N_("Public Safety Canada"))],
    "rcmp": [(date.min, N_("Royal Canadian Mounted Police"))],
}
ASKERS = {
    "un": N_("United Nations"),
    "eu": N_("European Union"),
    "other": N_("Another organisation"),
    "government": N_("A government"),
}


def name_on(partner: str, day: date) -> str:
    """What the partner was called on that day, for the catalogues."""
    return next(name for begins, name in PARTNERS[partner] if begins <= day)
