"""Questions in GIFT, Aiken and Moodle XML: in, out, and what a bad file says."""

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lms.exchange import aiken, gathering, gift, moodle_xml
from lms.library.problems import CourseError
from lms.library.questions import Question
from tests.documents import a_question_of_each_kind
from tests.properties.test_course_round_trip import KINDS, questions

GIFT = r"""
// A comment.
$CATEGORY: patrol

::Custody::[html]<p>Who may <b>never</b> be held in secret?</p> {
 =Nobody#Right: no one \= no exception.
 ~A suspect#Read again.
 ~A witness
}

The earth\: is round {TRUE#It is round.#Yes.}

::Hours::How many hours? {#48:2}

::Range::Between? {#1..5}

::Capital::Two plus two is {=four =4} today.

::Match::Match them. {=one -> 1 =two -> 2 ####Count again.}

::Several::Which are rights? {~%50%Life#Yes ~%50%Liberty#Yes ~%-100%Revenge#No}

::Essay::Tell us. {}
"""


def texts(gathered: gathering.Gathered) -> dict[str, dict[str, Any]]:
    return {question["id"]: question for question in gathered.questions}


def test_gift_is_read_with_every_kind_it_has() -> None:
    read = texts(gift.read(GIFT.encode(), "en"))
    assert read["custody"]["prompt"] == {"en": "Who may **never** be held in secret?"}
    assert read["custody"]["options"][0]["feedback"] == {"en": "Right: no one = no exception."}
    assert [option.get("correct", False) for option in read["custody"]["options"]] == [True, False, False]
    truth = read["the-earth-is-round"]
    assert (truth["answer"], truth["when_false"]["en"], truth["when_true"]["en"]) == (True, "It is round.", "Yes.")
    assert (read["hours"]["answer"], read["hours"]["tolerance"]) == (48, 2)
    assert (read["range"]["answer"], read["range"]["tolerance"]) == (3, 2)
    assert read["capital"]["prompt"]["en"] == "Two plus two is _____ today."
    assert read["capital"]["accepted"] == {"en": ["four", "4"]}
    assert [(pair["term"]["en"], pair["match"]["en"]) for pair in read["match"]["pairs"]] == [
        ("one", "1"),
        ("two", "2"),
    ]
    assert read["several"]["kind"] == "multiple_choice"


def test_what_cannot_be_taken_is_told_with_its_place() -> None:
    findings = gift.read(GIFT.encode(), "en").findings
    assert gathering.Finding("Essay", gathering.NO_KIND) in findings
    assert gathering.Finding("Custody", gathering.NO_FEEDBACK) in findings


def test_aiken_is_read_and_a_question_without_its_answer_is_told() -> None:
    text = "Who may search?\nA. Anybody\nB) An officer with a ground\nANSWER: B\n\nLeft open?\nA. Yes\nB. No\n"
    gathered = aiken.read(text.encode(), "en")
    (question,) = gathered.questions
    assert [option.get("correct", False) for option in question["options"]] == [False, True]
    assert any("Left open?" in finding.place for finding in gathered.findings)


MOODLE = """<?xml version="1.0"?><quiz>
<question type="category"><category><text>top</text></category></question>
<question type="multichoice"><name><text>Custody</text></name>
<questiontext format="html"><text><![CDATA[<p>Who?</p><script>alert(1)</script>]]></text></questiontext>
<single>true</single>
<answer fraction="100" format="html"><text>Nobody</text><feedback format="html"><text>Yes</text></feedback></answer>
<answer fraction="0" format="html"><text>All</text><feedback format="html"><text>No</text></feedback></answer>
</question>
<question type="essay"><name><text>Story</text></name><questiontext><text>Tell</text></questiontext></question>
<question type="multichoice"><name><text>Picture</text></name><questiontext format="html">
<text>Look</text><file name="a.png" encoding="base64">AAAA</file></questiontext><single>false</single>
<answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer>
<answer fraction="0"><text>c</text></answer></question></quiz>"""


def test_moodle_xml_is_read_and_nothing_that_runs_comes_with_it() -> None:
    gathered = moodle_xml.read(MOODLE.encode(), "en")
    read = texts(gathered)
    assert read["custody"]["prompt"] == {"en": "Who?"}
    assert read["picture"]["kind"] == "multiple_choice"
    assert gathering.Finding("Story", gathering.NO_KIND) in gathered.findings
    assert gathering.Finding("Picture", gathering.NO_FILES) in gathered.findings


@pytest.mark.parametrize("reader", [gift, aiken, moodle_xml])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00" * 100])
def test_a_file_that_is_none_says_the_mend(reader: ModuleType, content: bytes) -> None:
    with pytest.raises(CourseError) as refused:
        reader.read(content, "en")
    assert ":" in refused.value.problems[0].message


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>',
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY f SYSTEM "file:///etc/passwd">]><quiz>&f;</quiz>',
        b"<quiz><question>",
        b"<html></html>",
        b"<quiz>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</quiz>",
    ],
)
def test_xml_made_to_do_harm_is_refused(content: bytes) -> None:
    with pytest.raises(CourseError):
        moodle_xml.read(content, "en")


@settings(max_examples=150)
@given(st.one_of(st.text(), st.text("~=#{}:%\\ \nT>-.1a"), st.just(GIFT)), st.integers(0, 500))
def test_no_text_breaks_a_reader(text: str, cut: int) -> None:
    for reader in (gift, aiken, moodle_xml):
        for content in (text.encode("utf-8", "ignore"), MOODLE[:cut].encode(), text[:cut].encode("utf-8", "ignore")):
            try:
                gathered = reader.read(content, "en")
            except CourseError:
                continue
            for question in gathered.questions:
                TypeAdapter(Question).validate_python(question)


# What a format has no place for.
LOST = {"points", "scenario", "objective", "references", "image"}


def plain(question: dict[str, Any]) -> dict[str, Any]:
    """A question as these formats can hold it: other ids of options, words without space around them."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: bare(each) for name, each in value.items() if name != "id"}
        if isinstance(value, list):
            return [bare(each) for each in value]
        return value.strip() if isinstance(value, str) else value

    return {"id": question["id"], **bare({name: said for name, said in question.items() if name not in LOST})}


def test_moodle_xml_written_and_read_is_the_same_for_every_kind() -> None:
    asked = a_question_of_each_kind()
    text, told = moodle_xml.write(asked, "en")
    again = moodle_xml.read(text.encode(), "en")
    assert not told.findings
    assert [question["kind"] for question in again.questions] == [question["kind"] for question in asked]
    for question, before in zip(again.questions, asked, strict=True):
        want = plain(TypeAdapter(Question).validate_python(before).model_dump(mode="json", exclude_defaults=True))
        assert plain(question) == english(want)


def english(value: Any) -> Any:
    """The data with English only."""
    if isinstance(value, dict):
        return {name: english(each) for name, each in value.items() if not (name == "fr" and "en" in value)}
    return [english(each) for each in value] if isinstance(value, list) else value


# Signs that mean something in Markdown, YAML or GIFT; a text of one line, as these formats know no other.
WORDS = st.text(st.sampled_from("ab ~=#{}:%é\u0627"), min_size=1, max_size=12).filter(
    lambda words: words.strip() == words and words != "" and "####" not in words
)


@settings(max_examples=60)
@given(st.data())
def test_gift_written_and_read_is_the_same_for_choices(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["single_choice", "multiple_choice", "true_false"]))
    question = data.draw(questions("q", kind, ["en"], []))
    for name in ("prompt", "when_true", "when_false"):
        if name in question:
            question[name] = {"en": data.draw(WORDS)}
    for option in question.get("options", []):
        option |= {"text": {"en": data.draw(WORDS)}, "feedback": {"en": data.draw(WORDS)}}
    whole = TypeAdapter(Question).validate_python(question).model_dump(mode="json", exclude_defaults=True)
    whole.pop("scenario", None)
    text, _ = gift.write([whole], "en")
    (again,) = gift.read(text.encode(), "en").questions
    if kind == "multiple_choice" and again["kind"] == "single_choice":
        again["kind"] = kind
    assert plain(again) == plain(whole)


def test_gift_says_what_it_cannot_hold() -> None:
    _, told = gift.write(a_question_of_each_kind(), "en")
    assert gathering.Finding("order", gathering.NOT_WRITTEN) in told.findings
    assert len(KINDS) == 7


def test_aiken_written_and_read_asks_the_same() -> None:
    text, told = aiken.write(a_question_of_each_kind(), "en")
    (question,) = aiken.read(text.encode(), "en").questions
    assert [option["text"]["en"] for option in question["options"]]
    assert len([finding for finding in told.findings if finding.words == gathering.NOT_WRITTEN]) == 6
