"""Aiken, the plainest question format: a text, lettered options, and ``ANSWER: B`` (Moodle documentation)."""

import re
from collections.abc import Iterable
from string import ascii_uppercase

from lms.core.words import pick
from lms.exchange.gathering import NO_PICTURE, NOT_WHOLE, NOT_WRITTEN, Data, Gathered, text_of

_OPTION = re.compile(r"([A-Z])[.)]\s+(.+)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])\s*", re.IGNORECASE)


def read(content: bytes, language: str) -> Gathered:
    """The questions of an Aiken file; raises ``CourseError`` for a file that is no text."""
    gathered = Gathered(language)
    asked: list[str] = []
    options: dict[str, str] = {}
    for line in (each.strip() for each in text_of(content).split("\n")):
        if answer := _ANSWER.fullmatch(line):
            rows = [(text, letter == answer[1].upper(), "") for letter, text in options.items()]
            gathered.choices("", "\n".join(asked), rows, several=False)
            asked, options = [], {}
        elif option := _OPTION.fullmatch(line):
            options[option[1]] = option[2]
        elif line:
            asked.append(line)
    if asked or options:
        gathered.note(" ".join([*asked, *options.values()]), NOT_WHOLE)
    return gathered


def write(questions: Iterable[Data], language: str) -> tuple[str, Gathered]:
    """Questions with one right answer as Aiken, and what the format cannot hold."""
    told, blocks = Gathered(language), []
    for question in questions:
        if question["kind"] != "single_choice":
            told.note(question["id"], NOT_WRITTEN)
            continue
        # It has no place for feedback either.
        told.note(question["id"], NO_PICTURE)
        words = [pick(question[name], [language])[1] for name in ("scenario", "prompt") if name in question]
        lines = [" ".join(" ".join(words).split())]
        for letter, option in zip(ascii_uppercase, question["options"], strict=False):
            lines.append(f"{letter}. {' '.join(pick(option['text'], [language])[1].split())}")
        right = next(place for place, option in enumerate(question["options"]) if option.get("correct"))
        blocks.append("\n".join([*lines, f"ANSWER: {ascii_uppercase[right]}"]))
    return "\n\n".join([*blocks, ""]), told
