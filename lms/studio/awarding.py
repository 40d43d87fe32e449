"""The certificates that a course gives, as typed with the course in its own words."""

from typing import Any, NamedTuple

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.awards import KINDS, MOST_HOURS, MOST_MONTHS
from lms.studio import outline, parts
from lms.studio.models import Draft, Part
from lms.studio.reading import Data, Typed, text, whole

# Done again, these show something: see the course document's renewal.
AGAIN = frozenset({"quiz", "final_assessment", "post_test", "scenario"})
MOST_REMINDERS = 4


class Choice(NamedTuple):
    """An activity that a rule may ask for; ``again``: also for a renewal."""

    id: str
    title: dict[str, str]
    again: bool


def choices(draft: Draft) -> list[Choice]:
    """The draft's activities in teaching order; two statements."""
    tree = parts.load(session.get_one(Part, (draft.id, parts.OUTLINE)).content)
    ids = list(outline.activity_ids(tree))
    keys = {parts.activity_key(id): id for id in ids}
    rows = session.execute(select(Part.key, Part.content).where(Part.draft_id == draft.id, Part.key.in_(keys)))
    known = {keys[row.key]: parts.load(row.content) for row in rows}
    return [Choice(id, known[id].get("title", {}), known[id]["kind"] in AGAIN) for id in ids if id in known]


def rules_in(data: Data) -> dict[str, Data]:
    """The rules that the course has now, by kind."""
    completion = data.get("certificate", {})
    rules = {} if completion is None else {"completion": completion}
    return rules | {rule["kind"]: rule for rule in data.get("more_certificates", [])}


def read(form: Typed, data: Data) -> None:
    """Put the rules of the kinds that are ticked into what the course says of itself."""
    rules = {kind: _rule(form, kind) for kind in KINDS if kind in form.getlist("certificates")}
    completion = rules.pop("completion", None)
    data.pop("certificate", None)
    data.pop("more_certificates", None)
    if completion != {"kind": "completion"}:
        data["certificate"] = completion
    if rules:
        data["more_certificates"] = list(rules.values())


def _rule(form: Typed, kind: str) -> Data:
    typed: dict[str, Any] = {
        "activities": form.getlist(f"{kind}-activities") or None,
        "final_mark": whole(form, f"{kind}-final_mark", 1, 100),
        "attendance": whole(form, f"{kind}-attendance", 1, 100),
        "hours": whole(form, f"{kind}-hours", 1, MOST_HOURS),
        "level": whole(form, f"{kind}-level", 3, 4),
        "valid_months": whole(form, f"{kind}-valid_months", 1, MOST_MONTHS),
        "renewal": _renewal(form, kind),
    }
    return {"kind": kind} | {name: value for name, value in typed.items() if value is not None}


def _renewal(form: Typed, kind: str) -> Data | None:
    again = form.getlist(f"{kind}-again")
    if not again:
        return None
    days = text(form, f"{kind}-remind_days").replace(",", " ").split()
    if len(days) > MOST_REMINDERS or not all(each.isdecimal() and 1 <= int(each) <= 365 for each in days):
        raise DomainError(
            N_("Write at most four numbers of days from 1 to 365, for example: 60 14"), field=f"{kind}-remind_days"
        )
    return {"activities": again} | ({"remind_days": [int(each) for each in days]} if days else {})
