"""GIFT, the question format that teachers write by hand (Moodle documentation, "GIFT format")."""

import re
from collections.abc import Iterable
from typing import Any

from lms.core.words import pick
from lms.exchange.gathering import (
    NO_FILES,
    NO_KIND,
    NO_PICTURE,
    NOT_WRITTEN,
    ONE_NUMBER,
    WEIGHTS,
    Data,
    Gathered,
    text_of,
)
from lms.exchange.html import markdown_of

# An escaped sign stands for itself; while the text is read it is one that means nothing here.
_SIGNS = "~=#{}:"
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate(_SIGNS)}
_BLOCK = re.compile(
    r"\A(?:::(?P<title>.*?)::)?\s*(?:\[(?P<format>\w+)\])?(?P<head>[^{]*)\{(?P<answers>.*)\}(?P<tail>[^}]*)\Z", re.S
)
_ANSWER = re.compile(r"([=~])\s*(?:%(-?[\d.]+)%)?([^=~]*)")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#([^#]*))?(?:#([^#]*))?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:(:|\.\.)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?))?\s*\Z")


def read(content: bytes, language: str) -> Gathered:
    """The questions of a GIFT file; raises ``CourseError`` for a file that is no text."""
    gathered = Gathered(language)
    for block in re.split(r"\n[ \t]*\n", _hidden(text_of(content))):
        lines = [line for line in block.split("\n") if not re.match(r"\s*(//|\$CATEGORY:)", line)]
        if written := "\n".join(lines).strip():
            _read(written, gathered)
    return gathered


def _read(written: str, gathered: Gathered) -> None:
    found = _BLOCK.match(written)
    if found is None:
        gathered.note(_shown(written), NO_KIND)
        return
    title = _shown(found["title"] or "")
    head, tail = _words(found["head"], found["format"]), _words(found["tail"], found["format"])
    prompt = f"{head} _____ {tail}" if tail else head
    if "@@PLUGINFILE@@" in found["head"]:
        gathered.note(title or prompt, NO_FILES)
    answers, _, general = found["answers"].partition("####")
    _read_answers(answers.strip(), _shown(general), title, prompt, gathered)


def _read_answers(answers: str, general: str, title: str, prompt: str, gathered: Gathered) -> None:
    if truth := _TRUTH.match(answers):
        answer, wrong, right = truth[1].upper().startswith("T"), truth[2] or general, truth[3] or general
        said = {True: gathered.feedback(title or prompt, _shown(right), True)}
        said[False] = gathered.feedback(title or prompt, _shown(wrong), False)
        gathered.add("true_false", title, prompt, answer=answer, when_true=said[answer], when_false=said[not answer])
    elif answers.startswith("#"):
        _read_number(answers[1:], general, title, prompt, gathered)
    elif "~" in answers:
        _read_choices(answers, title, prompt, gathered)
    elif rows := _ANSWER.findall(answers):
        texts = [text.partition("#") for _, _, text in rows]
        if all("->" in text for text, _, _ in texts):
            pairs = [_shown(text).partition("->") for text, _, _ in texts]
            listed = [
                {"id": f"p{n}", "term": term, "match": match}
                for n, (term, _, match) in enumerate(pairs, 1)
                if term.strip()
            ]
            gathered.add("matching", title, prompt, pairs=listed, **gathered.judged(title, prompt, general, general))
            return
        right = next((_shown(said) for _, _, said in texts if said.strip()), "")
        accepted = {gathered.language: [_shown(text) for text, _, _ in texts if text.strip()]}
        gathered.add("short_text", title, prompt, accepted=accepted, **gathered.judged(title, prompt, right, general))
    else:
        gathered.note(title or prompt, NO_KIND)


def _read_choices(answers: str, title: str, prompt: str, gathered: Gathered) -> None:
    options, weights = [], set()
    for sign, weight, text in _ANSWER.findall(answers):
        words, _, said = text.partition("#")
        share = float(weight) if re.fullmatch(r"-?\d+(\.\d+)?", weight) else 100.0 if sign == "=" else 0.0
        weights.add(share)
        options.append((_shown(words), share > 0, _shown(said)))
    if len({share for share in weights if share > 0}) > 1:
        gathered.note(title or prompt, WEIGHTS)
    gathered.choices(title, prompt, options, several=sum(right for _, right, _ in options) != 1)


def _read_number(answers: str, general: str, title: str, prompt: str, gathered: Gathered) -> None:
    rows = [text for sign, _, text in _ANSWER.findall(answers) if sign == "="] or [answers]
    if len(rows) > 1:
        gathered.note(title or prompt, ONE_NUMBER)
    number, _, said = rows[0].partition("#")
    found = _NUMBER.match(number.replace(_HIDDEN[":"], ":"))
    first, second = (float(found[1]), float(found[3] or 0)) if found else (float("nan"), 0.0)
    if found and found[2] == "..":
        first, second = (first + second) / 2, abs(second - first) / 2
    judged = gathered.judged(title, prompt, _shown(said), general)
    gathered.add("numeric", title, prompt, answer=first, tolerance=second, **judged)


def _hidden(text: str) -> str:
    return re.sub(r"\\([~=#{}:])", lambda found: _HIDDEN[found[1]], text)


def _shown(text: str) -> str:
    """The words with their signs again; a written ``\\n`` is a new line."""
    for sign, stand_in in _HIDDEN.items():
        text = text.replace(stand_in, sign)
    return text.replace("\\n", "\n").strip()


def _words(text: str, form: str | None) -> str:
    return markdown_of(_shown(text))[0] if form == "html" else _shown(text)


def write(questions: Iterable[Data], language: str) -> tuple[str, Gathered]:
    """Questions as GIFT, and what the format cannot hold."""
    told, blocks = Gathered(language), []
    for question in questions:
        writer = _WRITERS.get(question["kind"])
        if writer is None:
            told.note(question["id"], NOT_WRITTEN)
            continue
        if question.keys() & {"image", "audio", "hint", "references"}:
            told.note(question["id"], NO_PICTURE)
        prompt = "\n\n".join(_say(question[name], language) for name in ("scenario", "prompt") if name in question)
        blocks.append(f"::{question['id']}::[markdown]{_escaped(prompt)} {{\n{writer(question, language)}\n}}")
    return "\n\n".join([*blocks, ""]), told


def _say(text: dict[str, str], language: str) -> str:
    return pick(text, [language])[1]


def _escaped(words: str) -> str:
    return re.sub(r"([~=#{}:])", r"\\\1", words.strip()).replace("\n", "\\n")


def _said(part: Data, name: str, language: str) -> str:
    return _escaped(_say(part[name], language))


def _write_choices(question: Data, language: str) -> str:
    several, lines = question["kind"] == "multiple_choice", []
    share = 100 / max(1, sum(each.get("correct", False) for each in question["options"]))
    for option in question["options"]:
        right = option.get("correct", False)
        sign = (f"~%{share:.5g}%" if right else "~%-100%") if several else "=" if right else "~"
        lines.append(f"{sign}{_said(option, 'text', language)}#{_said(option, 'feedback', language)}")
    return "\n".join(lines)


def _write_truth(question: Data, language: str) -> str:
    said = {True: _said(question, "when_true", language), False: _said(question, "when_false", language)}
    return f"{str(question['answer']).upper()}#{said[not question['answer']]}#{said[question['answer']]}"


def _write_number(question: Data, language: str) -> str:
    right, wrong = _said(question, "feedback_right", language), _said(question, "feedback_wrong", language)
    return f"#={question['answer']:.15g}:{question.get('tolerance', 0):.15g}#{right}\n####{wrong}"


def _write_words(question: Data, language: str) -> str:
    right, wrong = _said(question, "feedback_right", language), _said(question, "feedback_wrong", language)
    accepted: Any = question["accepted"].get(language) or next(iter(question["accepted"].values()))
    return "\n".join([*(f"={_escaped(each)}#{right}" for each in accepted), f"####{wrong}"])


def _write_pairs(question: Data, language: str) -> str:
    lines = [f"={_said(pair, 'term', language)} -> {_said(pair, 'match', language)}" for pair in question["pairs"]]
    return "\n".join([*lines, f"####{_said(question, 'feedback_wrong', language)}"])


_WRITERS = {
    "single_choice": _write_choices,
    "multiple_choice": _write_choices,
    "true_false": _write_truth,
    "numeric": _write_number,
    "short_text": _write_words,
    "matching": _write_pairs,
}
