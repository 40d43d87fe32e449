"""A course written as a folder and read back is the same course, whatever words are in it."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.library import folder
from lms.library.document import CourseDocument
from lms.studio import parts

LANGUAGES = ["en", "fr", "ar", "no", "prs"]
# Words that YAML reads as something else, or that stand in its way.
TRICKY = st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "2026-11-01",
        "0x1F",
        "1:30",
        "1e3",
        "- item",
        "key: value",
        "# not a comment",
        "a: b\nc: d",
        "\"quoted\" and 'quoted'",
        "trailing \n",
        "\n leading",
        "&anchor *alias !tag",
        "{a: [b]}",
        "tab\tand \\backslash",
        "\ufeffmark",
        "%directive",
        "---",
        "العربية مع English",
        "🚓 l’été",
    ]
)
# Every character but those that a course may not hold: control characters and halves of one.
CONTROL = "".join(chr(each) for each in [*range(0x20), 0x7F] if chr(each) not in "\t\n\r")
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL), min_size=1, max_size=30).filter(
    lambda words: words.strip() != ""
)
WORDS = st.one_of(TRICKY, TYPED)
PNG = b"\x89PNG\r\n\x1a\n"


def content(name: str) -> bytes:
    """A file of the course, by its name."""
    return PNG if name.endswith(".png") else b"OggS" + name.encode()


def a_text(languages: list[str], words: st.SearchStrategy[str] = WORDS) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(dict.fromkeys(languages, words))


@st.composite
def questions(draw: st.DrawFn, id: str, kind: str, languages: list[str], media: list[str]) -> dict[str, Any]:
    text, pictured = a_text(languages), draw(st.booleans())
    made: dict[str, Any] = {"kind": kind, "id": id, "prompt": draw(text), "points": draw(st.integers(1, 20))}
    if draw(st.booleans()):
        made |= {"scenario": draw(text), "objective": "o", "references": ["ICCPR 9(2)", "ICCPR"]}
    if media and pictured:
        made["image"] = {"file": media[0], "alt": draw(text)}
    heard = st.fixed_dictionaries(dict.fromkeys(languages, st.sampled_from(media[1:]))) if media else st.nothing()
    if media and draw(st.booleans()):
        made["audio"] = draw(heard)
    count = draw(st.integers(2, 4))
    if kind in ("single_choice", "multiple_choice"):
        right = {0} if kind == "single_choice" else draw(st.sets(st.integers(0, count - 1), min_size=1))
        made["options"] = [
            {"id": f"o{n}", "text": draw(text), "correct": n in right, "feedback": draw(text)} for n in range(count)
        ]
        if "audio" in made:
            made["options"][0]["audio"] = draw(heard)
        return made
    if kind == "true_false":
        return made | {"answer": draw(st.booleans()), "when_true": draw(text), "when_false": draw(text)}
    made |= {"feedback_right": draw(text), "feedback_wrong": draw(text)}
    if kind == "numeric":
        made["answer"] = draw(st.floats(allow_nan=False, allow_infinity=False))
        # A tolerance of nothing is left out, as a writer would.
        if tolerance := draw(st.floats(0, 1e6)):
            made["tolerance"] = tolerance
        if draw(st.booleans()):
            made["unit"] = draw(text)
    elif kind == "short_text":
        accepted = st.lists(WORDS, min_size=1, max_size=3)
        made["accepted"] = draw(st.fixed_dictionaries(dict.fromkeys(languages, accepted)))
    elif kind == "matching":
        made["pairs"] = [{"id": f"p{n}", "term": draw(text), "match": draw(text)} for n in range(count)]
    else:
        made["items"] = [{"id": f"i{n}", "text": draw(text)} for n in range(count)]
    return made


KINDS = ["single_choice", "multiple_choice", "true_false", "numeric", "short_text", "matching", "ordering"]


@st.composite
def practice(draw: st.DrawFn, n: int, text: st.SearchStrategy[dict[str, str]]) -> list[dict[str, Any]]:
    """Sometimes a scenario, sometimes an assignment."""
    ends = [
        {"id": outcome, "text": draw(text), "outcome": outcome, "debrief": draw(text)} for outcome in ("good", "poor")
    ]
    choices = [
        {"id": f"to-{end['id']}", "text": draw(text), "consequence": draw(text), "to": end["id"]} for end in ends
    ]
    frames = [{"id": "begin", "text": draw(text), "choices": choices}, *ends]
    levels = [{"id": f"l{points}", "text": draw(text), "points": points} for points in (3, 1)]
    made: list[dict[str, Any]] = [
        {"kind": "scenario", "id": f"scenario-{n}", "title": draw(text), "minutes": 5, "frames": frames},
        {
            "kind": "assignment",
            "id": f"assignment-{n}",
            "title": draw(text),
            "minutes": 5,
            "instructions": draw(text),
            "hand_in": draw(st.lists(st.sampled_from(["text", "file", "audio", "photo"]), min_size=1, unique=True)),
            "rubric": [{"id": "facts", "text": draw(text), "levels": levels}],
            "pass_mark": draw(st.integers(0, 100)),
        },
    ]
    return draw(st.lists(st.sampled_from(made), unique_by=lambda each: each["kind"]))


@st.composite
def documents(draw: st.DrawFn) -> CourseDocument:
    """One to three modules, each with a lesson and a quiz or final; a question of every kind."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=2, unique=True))
    text = a_text(languages)
    # A lesson of nothing but space is refused when it is read.
    body = a_text(languages, WORDS.filter(lambda each: each.strip() != ""))
    media = ["a.png", "a.ogg", "b.ogg"] if draw(st.booleans()) else []
    figures = "\n\n".join(f"![A post](media/{name})" for name in media)
    shown = dict.fromkeys(languages, figures)
    modules, pools = [], []
    for n in range(draw(st.integers(1, 3))):
        kinds = KINDS if n == 0 else draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2))
        asked = [draw(questions(f"q{n}-{place}", kind, languages, media)) for place, kind in enumerate(kinds)]
        pools.append({"id": f"pool-{n}", "title": draw(text), "questions": asked})
        lesson = {"kind": "lesson", "id": f"lesson-{n}", "title": draw(text), "minutes": draw(st.integers(1, 600))}
        lesson["body"] = shown if media and n == 0 else draw(body)
        if draw(st.booleans()):
            lesson["law"] = draw(text)
        kind = draw(st.sampled_from(["quiz", "final_assessment", "pre_test", "post_test"]))
        test = {
            "kind": kind,
            "id": f"test-{n}",
            "title": draw(text),
            "minutes": 5,
            "required": draw(st.booleans()),
            "requires": draw(st.sampled_from([[], [f"lesson-{n}"]])),
            "intro": draw(st.none() | text),
            "draws": [{"pool": f"pool-{n}", "count": draw(st.none() | st.just(1))}],
            "time_limit": draw(st.none() | st.integers(1, 600)),
            "shuffle": draw(st.booleans()),
        }
        if kind != "pre_test":
            test |= {"pass_mark": draw(st.integers(0, 100)), "attempts": draw(st.none() | st.integers(1, 9))}
        modules.append(
            {"id": f"module-{n}", "title": draw(text), "activities": [lesson, test, *draw(practice(n, text))]}
        )
    page = st.none() | a_text(languages, WORDS.filter(lambda each: each.strip() != ""))
    return CourseDocument.model_validate(
        {
            "slug": "a-course",
            "code": "DP01",
            "source_language": draw(st.sampled_from(languages)),
            "languages": languages,
            "title": draw(text),
            "summary": draw(text),
            "audience": draw(text),
            "hours": draw(st.integers(1, 100)),
            "topics": draw(st.sampled_from([[], ["on", "null"]])),
            "text_date": draw(st.dates()),
            "requires_courses": draw(st.sampled_from([[], ["yes"]])),
            "objectives": [{"id": "o", "text": draw(text)}],
            "sources": [{"id": "ICCPR", "binding": "treaty", "title": draw(text), "dated": draw(WORDS)}],
            "glossary": draw(st.lists(st.fixed_dictionaries({"term": text, "meaning": text}), max_size=2)),
            "certificate": draw(
                st.sampled_from(
                    [
                        None,
                        {"kind": "completion"},
                        {"valid_months": 24},
                        {"activities": ["lesson-0"], "attendance": 70, "hours": 12},
                    ]
                )
            ),
            "more_certificates": draw(
                st.sampled_from(
                    [
                        [],
                        [{"kind": "attendance"}],
                        [{"kind": "attendance", "attendance": 75, "activities": ["lesson-0"]}],
                        [{"kind": "attendance", "activities": None, "valid_months": 6}],
                    ]
                )
            ),
            "modules": modules,
            "pools": pools,
            "guide": draw(page),
            "job_aid": draw(page),
            "observations": draw(
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "id": st.sampled_from(["warns", "no", "1e3"]),
                            "text": text,
                            "critical": st.booleans(),
                            "competency": st.sampled_from(["C1", "C10"]),
                            "look_for": text,
                        }
                    ),
                    unique_by=lambda item: item["id"],
                    max_size=3,
                )
            ),
            "reading": draw(
                st.lists(
                    st.fixed_dictionaries(
                        {"title": text}, optional={"note": text, "source": st.sampled_from(["ICCPR", None])}
                    ),
                    max_size=2,
                )
            ),
            "media": {
                name: {
                    "sha256": hashlib.sha256(content(name)).hexdigest(),
                    "type": "image/png" if name.endswith(".png") else "audio/ogg",
                    "bytes": len(content(name)),
                }
                for name in media
            },
        }
    )


@settings(max_examples=40)
@given(documents())
def test_a_course_written_and_read_is_the_same(document: CourseDocument) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / document.slug
        folder.write(document, path, content)
        again = folder.read(path)
    assert again == document
    assert again.content_hash() == document.content_hash()


@settings(max_examples=40)
@given(documents())
def test_a_course_taken_apart_for_writing_and_joined_is_the_same(document: CourseDocument) -> None:
    media = {name: file.model_dump() for name, file in document.media.items()}
    assert CourseDocument.model_validate(parts.join(document.slug, parts.split(document), media)) == document


@settings(max_examples=40)
@given(documents())
def test_a_course_kept_in_the_database_is_the_same(document: CourseDocument) -> None:
    kept = CourseDocument.model_validate_json(document.canonical_json())
    assert kept == document
    assert kept.content_hash() == document.content_hash()
