"""Moodle XML, the question format that Moodle keeps most in (Moodle documentation, "Moodle XML format")."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from lms.core.words import pick
from lms.exchange.gathering import NO_FILES, NO_KIND, NO_PICTURE, ONE_NUMBER, WEIGHTS, Data, Gathered, refused
from lms.exchange.html import markdown_of
from lms.exchange.xml import child, children, local, parse, words


def read(content: bytes, language: str) -> Gathered:
    """The questions of a Moodle XML file; raises ``CourseError`` for what is no such file."""
    root = parse(content)
    if local(root) != "quiz":
        raise refused("is not Moodle XML: in Moodle, export the questions as “Moodle XML format”")
    gathered = Gathered(language)
    for question in children(root, "question"):
        kind = question.get("type", "")
        if kind == "category":
            continue
        title, prompt = words(child(question, "name")), _text(child(question, "questiontext"))
        place = title or prompt
        if any(local(each) == "file" for each in question.iter()):
            gathered.note(place, NO_FILES)
        if reader := _READERS.get(kind):
            reader(question, title, prompt, gathered)
        else:
            gathered.note(place, NO_KIND)
    return gathered


def _text(element: Element | None) -> str:
    """The words of ``<…><text>``, as Markdown where they are HTML."""
    if element is None:
        return ""
    written = words(child(element, "text"))
    return markdown_of(written)[0] if element.get("format", "html") in ("html", "moodle_auto_format") else written


def _share(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _right(question: Element, name: str) -> str:
    return _text(child(question, name)) or _text(child(question, "generalfeedback"))


def _judged(question: Element, title: str, prompt: str, gathered: Gathered) -> Data:
    said = [_text(child(answer, "feedback")) for answer in children(question, "answer") if _share(answer) >= 100]
    right = next((each for each in said if each), "") or _right(question, "correctfeedback")
    return gathered.judged(title, prompt, right, _right(question, "incorrectfeedback"))


def _choices(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    answers = children(question, "answer")
    if len({_share(answer) for answer in answers if _share(answer) > 0}) > 1:
        gathered.note(title or prompt, WEIGHTS)
    several = words(child(question, "single")).lower() in ("false", "0")
    rows = [(_text(answer), _share(answer) > 0, _text(child(answer, "feedback"))) for answer in answers]
    if not several and sum(right for _, right, _ in rows) > 1:
        rows = [(text, _share(answer) >= 100, said) for answer, (text, _, said) in zip(answers, rows, strict=True)]
    gathered.choices(title, prompt, rows, several=several)


def _truth(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    answers = {words(child(each, "text")).lower(): each for each in children(question, "answer")}
    if not {"true", "false"} <= answers.keys():
        gathered.note(title or prompt, NO_KIND)
        return
    holds = _share(answers["true"]) > _share(answers["false"])
    said = {name: _text(child(answers[name], "feedback")) for name in ("true", "false")}
    gathered.add(
        "true_false",
        title,
        prompt,
        answer=holds,
        when_true=gathered.feedback(title or prompt, said["true"], holds),
        when_false=gathered.feedback(title or prompt, said["false"], not holds),
    )


def _number(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    right = [answer for answer in children(question, "answer") if _share(answer) >= 100]
    if len(right) > 1:
        gathered.note(title or prompt, ONE_NUMBER)
    try:
        answer = float(words(child(right[0], "text"))) if right else float("nan")
        tolerance = float(words(child(right[0], "tolerance")) or 0) if right else 0.0
    except ValueError:
        answer, tolerance = float("nan"), 0.0
    judged = _judged(question, title, prompt, gathered)
    gathered.add("numeric", title, prompt, answer=answer, tolerance=tolerance, **judged)


def _short(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    accepted = [words(child(each, "text")) for each in children(question, "answer") if _share(each) >= 100]
    judged = _judged(question, title, prompt, gathered)
    gathered.add("short_text", title, prompt, accepted={gathered.language: accepted}, **judged)


def _pairs(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    rows = [(_text(each), words(child(each, "answer"))) for each in children(question, "subquestion")]
    listed = [
        {"id": f"p{place}", "term": term, "match": match} for place, (term, match) in enumerate(rows, start=1) if term
    ]
    gathered.add("matching", title, prompt, pairs=listed, **_judged(question, title, prompt, gathered))


def _order(question: Element, title: str, prompt: str, gathered: Gathered) -> None:
    items = [{"id": f"i{n}", "text": _text(each)} for n, each in enumerate(children(question, "answer"), start=1)]
    judged = gathered.judged(title, prompt, _right(question, "correctfeedback"), _right(question, "incorrectfeedback"))
    gathered.add("ordering", title, prompt, items=items, **judged)


_READERS: dict[str, Callable[[Element, str, str, Gathered], None]] = {
    "multichoice": _choices,
    "truefalse": _truth,
    "numerical": _number,
    "shortanswer": _short,
    "matching": _pairs,
    "ordering": _order,
}
_KINDS = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "numeric": "numerical",
    "short_text": "shortanswer",
    "matching": "matching",
    "ordering": "ordering",
}


def write(questions: Iterable[Data], language: str) -> tuple[str, Gathered]:
    """Questions as Moodle XML, and what the format cannot hold."""
    told, root = Gathered(language), Element("quiz")
    for question in questions:
        if question.keys() & {"image", "audio", "references"}:
            told.note(question["id"], NO_PICTURE)
        made = SubElement(root, "question", type=_KINDS[question["kind"]])
        SubElement(SubElement(made, "name"), "text").text = question["id"]
        parts = [pick(question[name], [language])[1] for name in ("scenario", "prompt") if name in question]
        _say(made, "questiontext", "\n\n".join(parts))
        SubElement(made, "defaultgrade").text = str(question.get("points", 1))
        _WRITERS[question["kind"]](made, question, language)
        if "hint" in question:
            _say(made, "hint", pick(question["hint"], [language])[1])
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n", told


def _say(parent: Element, name: str, said: str, fraction: str = "") -> Element:
    made = SubElement(parent, name, {"format": "markdown", **({"fraction": fraction} if fraction else {})})
    SubElement(made, "text").text = said
    return made


def _answer(parent: Element, fraction: float, said: str, feedback: str) -> Element:
    made = _say(parent, "answer", said, fraction=f"{fraction:.7g}")
    _say(made, "feedback", feedback)
    return made


def _write_choices(made: Element, question: Data, language: str) -> None:
    several = question["kind"] == "multiple_choice"
    SubElement(made, "single").text = "false" if several else "true"
    share = 100 / sum(option.get("correct", False) for option in question["options"])
    for option in question["options"]:
        fraction = share if option.get("correct") else -100 if several else 0
        _answer(made, fraction, pick(option["text"], [language])[1], pick(option["feedback"], [language])[1])


def _write_truth(made: Element, question: Data, language: str) -> None:
    for holds in (True, False):
        said = pick(question[f"when_{str(holds).lower()}"], [language])[1]
        _answer(made, 100 if question["answer"] is holds else 0, str(holds).lower(), said)


def _write_judged(made: Element, question: Data, language: str) -> None:
    _say(made, "correctfeedback", pick(question["feedback_right"], [language])[1])
    _say(made, "incorrectfeedback", pick(question["feedback_wrong"], [language])[1])


def _write_number(made: Element, question: Data, language: str) -> None:
    answer = _answer(made, 100, f"{question['answer']:.15g}", pick(question["feedback_right"], [language])[1])
    SubElement(answer, "tolerance").text = f"{question.get('tolerance', 0):.15g}"
    _write_judged(made, question, language)


def _write_short(made: Element, question: Data, language: str) -> None:
    accepted = question["accepted"].get(language) or next(iter(question["accepted"].values()))
    for each in accepted:
        _answer(made, 100, each, pick(question["feedback_right"], [language])[1])
    _write_judged(made, question, language)


def _write_pairs(made: Element, question: Data, language: str) -> None:
    for pair in question["pairs"]:
        row = _say(made, "subquestion", pick(pair["term"], [language])[1])
        SubElement(SubElement(row, "answer"), "text").text = pick(pair["match"], [language])[1]
    _write_judged(made, question, language)


def _write_order(made: Element, question: Data, language: str) -> None:
    for place, item in enumerate(question["items"], start=1):
        _say(made, "answer", pick(item["text"], [language])[1], fraction=f"{place}")
    _write_judged(made, question, language)


_WRITERS: dict[str, Callable[[Element, Data, str], None]] = {
    "single_choice": _write_choices,
    "multiple_choice": _write_choices,
    "true_false": _write_truth,
    "numeric": _write_number,
    "short_text": _write_short,
    "matching": _write_pairs,
    "ordering": _write_order,
}
