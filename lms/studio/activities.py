"""An activity's settings as an author typed them; unfinished is allowed, hostile is not."""

from collections.abc import Sequence

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.studio.reading import Data, Typed, lines, put, rows, say, text, whole

MOST_FRAMES, MOST_CHOICES = 60, 5
MOST_CRITERIA, MOST_LEVELS = 12, 6
TESTS = ("quiz", "final_assessment", "pre_test", "post_test")
OUTCOMES = ("good", "acceptable", "poor")
HAND_IN = ("text", "file", "audio", "photo")
# Chosen as where a choice leads, it makes a moment that can be written then.
NEW = "*"


def activity(form: Typed, standing: Data, language: str, earlier: Sequence[str], *, source: bool) -> Data:
    """An activity's settings as typed; ``earlier`` are those it may require."""
    data: Data = {**standing}
    title = text(form, "title")
    if source and not title:
        raise DomainError(N_("Give it a title."), field="title")
    say(data, "title", language, title)
    for name in ("law", "intro", "instructions"):
        if name in form:
            say(data, name, language, text(form, name))
    if data["kind"] == "scenario":
        _scenario(form, data, language, source)
    elif data["kind"] == "assignment":
        _assignment(form, data, language, source)
    if not source:
        return data
    data["minutes"] = whole(form, "minutes", 1, 600) or data.get("minutes", 15)
    put(data, "required", "required" in form, True)
    put(data, "requires", [id for id in form.getlist("requires") if id in earlier], [])
    if data["kind"] in TESTS:
        _test(form, data)
    return data


def _test(form: Typed, data: Data) -> None:
    if data["kind"] != "pre_test":
        put(data, "pass_mark", whole(form, "pass_mark", 0, 100), 70)
        put(data, "attempts", whole(form, "attempts", 1, 100))
    put(data, "time_limit", whole(form, "time_limit", 1, 600))
    put(data, "shuffle", "shuffle" in form, True)
    put(data, "negative_marking", "negative_marking" in form, False)
    draws = []
    for pool in form.getlist("pools"):
        count = whole(form, f"count-{pool}", 1, 500)
        draws.append({"pool": pool} if count is None else {"pool": pool, "count": count})
    data["draws"] = draws


def _scenario(form: Typed, data: Data, language: str, source: bool) -> None:
    before = data.get("frames", [])
    frames: list[Data] = []
    led_to: list[str] = []
    fields = ("text", "debrief")
    for place, frame in rows(form, before, "frames", fields, language, source, most=MOST_FRAMES, stay=True):
        prefix = f"frames-{place}"
        choices = rows(
            form,
            frame.get("choices", []),
            f"{prefix}-choices",
            ("text", "consequence"),
            language,
            source,
            most=MOST_CHOICES,
        )
        if source:
            for at, choice in choices:
                _lead(form, f"{prefix}-choices-{at}", choice, led_to)
            outcome = text(form, f"{prefix}-outcome")
            put(frame, "outcome", outcome if outcome in OUTCOMES else None)
        put(frame, "choices", [choice for _, choice in choices], [])
        frames.append(frame)
    known = {frame["id"] for frame in frames}
    data["frames"] = [*frames, *({"id": id, "text": {}} for id in led_to if id not in known)]


def _lead(form: Typed, prefix: str, choice: Data, led_to: list[str]) -> None:
    """Where a choice leads, and what it rests on."""
    to = text(form, f"{prefix}-to")
    if to == NEW:
        to = f"after-{choice['id']}"[:64].rstrip("-")
        led_to.append(to)
    put(choice, "to", to or None)
    put(choice, "references", lines(form, f"{prefix}-references"), [])


def _assignment(form: Typed, data: Data, language: str, source: bool) -> None:
    criteria = rows(form, data.get("rubric", []), "rubric", ("text",), language, source, most=MOST_CRITERIA)
    for place, criterion in criteria:
        prefix = f"rubric-{place}-levels"
        levels = rows(form, criterion.get("levels", []), prefix, ("text",), language, source, most=MOST_LEVELS)
        if source:
            for at, level in levels:
                level["points"] = whole(form, f"{prefix}-{at}-points", 0, 100) or 0
        criterion["levels"] = [level for _, level in levels]
    data["rubric"] = [criterion for _, criterion in criteria]
    if source:
        data["hand_in"] = [each for each in HAND_IN if each in form.getlist("hand_in")]
        put(data, "pass_mark", whole(form, "pass_mark", 0, 100), 70)
