"""Quizzes in QTI 1.2.1 as Common Cartridge profiles it (1EdTech, "QTI profile for Common Cartridge")."""

from xml.etree.ElementTree import Element

from lms.exchange.gathering import NO_FILES, NO_KIND, Gathered
from lms.exchange.html import markdown_of
from lms.exchange.xml import child, children, local, parse, words

SINGLE, MULTIPLE = "cc.multiple_choice.v0p1", "cc.multiple_response.v0p1"
TRUTH, WRITTEN = "cc.true_false.v0p1", "cc.fib.v0p1"


def read(content: bytes, language: str) -> Gathered:
    """The questions of an assessment or a bank; raises ``CourseError`` for what is not whole XML."""
    gathered = Gathered(language)
    for item in (each for each in parse(content).iter() if local(each) == "item"):
        presentation = child(item, "presentation")
        title = item.get("title") or ""
        prompt = _text(presentation, gathered, title) if presentation is not None else ""
        profile = _profile(item)
        if profile == WRITTEN:
            _read_words(item, title, prompt, gathered)
        elif profile in (SINGLE, MULTIPLE, TRUTH):
            _read_choices(item, title, prompt, profile, gathered)
        else:
            gathered.note(title or prompt, NO_KIND)
    return gathered


def _profile(item: Element) -> str:
    """What kind of question it says it is."""
    for field in (each for each in item.iter() if local(each) == "qtimetadatafield"):
        if words(child(field, "fieldlabel")) == "cc_profile":
            return words(child(field, "fieldentry"))
    return ""


def _text(element: Element | None, gathered: Gathered, place: str) -> str:
    """The first words of a material, as Markdown."""
    for each in (each for each in (element.iter() if element is not None else []) if local(each) == "mattext"):
        text, lost = markdown_of("".join(each.itertext()))
        if lost:
            gathered.note(place or text, NO_FILES)
        return text
    return ""


def _right(item: Element) -> tuple[set[str], dict[str, str]]:
    """``(answers that earn points, answer → id of its feedback)``."""
    right: set[str] = set()
    said: dict[str, str] = {}
    for condition in (each for each in item.iter() if local(each) == "respcondition"):
        where = child(condition, "conditionvar")
        if where is None:
            continue
        negated = {id(inner) for each in where.iter() if local(each) == "not" for inner in each.iter()}
        named = [words(each) for each in where.iter() if local(each) == "varequal" and id(each) not in negated]
        scored = child(condition, "setvar")
        if scored is not None and words(scored) not in ("", "0", "0.0"):
            right.update(named)
        feedback = child(condition, "displayfeedback")
        if feedback is not None and len(named) == 1:
            said[named[0]] = feedback.get("linkrefid", "")
    return right, said


def _read_choices(item: Element, title: str, prompt: str, profile: str, gathered: Gathered) -> None:
    right, said = _right(item)
    notes = {each.get("ident", ""): each for each in children(item, "itemfeedback")}
    rows = []
    for label in (each for each in item.iter() if local(each) == "response_label"):
        ident = label.get("ident", "")
        feedback = _text(notes.get(said.get(ident, "")), gathered, title)
        rows.append((_text(label, gathered, title), ident in right, feedback))
    gathered.choices(title, prompt, rows, several=profile == MULTIPLE)


def _read_words(item: Element, title: str, prompt: str, gathered: Gathered) -> None:
    right, _ = _right(item)
    accepted = {gathered.language: sorted(each for each in right if each)}
    gathered.add("short_text", title, prompt, accepted=accepted, **gathered.judged(title, prompt))
