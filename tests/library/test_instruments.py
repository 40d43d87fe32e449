"""The list of instruments, and what it says of a reference."""

import pytest

from lms.library.instruments import find, instruments, named


@pytest.mark.parametrize(
    "reference",
    [
        "ICCPR",
        "ICCPR 9",
        "ICCPR 9(2)",
        "ICCPR 14(3)(g)",
        "ICCPR 9–11",
        "ECPE 35-46",
        "CAT 2(2)–(3)",
        "CAT 2(2), 2(3)",
        "GC35 33",
        "BJR 13.1",
        "BPUFF 26",
        "UN-SGF 2017.14",
        "IP chapter 4",
    ],
)
def test_a_right_reference_is_found(reference: str) -> None:
    assert find(reference) is None


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("ICPR 9", "'ICPR' is not in the list of instruments"),
        ("CCLEO 9", "CCLEO has articles 1 to 8, so not 9"),
        ("BPUFF 25–27", "BPUFF has articles 1 to 26, so not 25–27"),
        ("ICCPR 0", "ICCPR has articles 1 to 53, so not 0"),
        ("ICCPR 11–9", "'11–9' runs backwards"),
        ("ICCPR nine", "'nine' is not an article"),
        ("ICCPR 9, 99", "so not 99"),
    ],
)
def test_a_wrong_reference_is_told_with_its_mend(reference: str, said: str) -> None:
    assert said in str(find(reference))


def test_every_instrument_has_its_own_id_and_its_words_in_english_and_french() -> None:
    ids = [each.id for each in instruments()]
    assert len(set(ids)) == len(ids) == 31
    for each in instruments():
        assert each.title.keys() == {"en", "fr"}
        assert all(topic.keys() == {"en", "fr"} for topic in each.topics.values())


def test_a_reference_is_named_as_texts_in_its_language_write_it() -> None:
    assert named("ICCPR 9(2)", "fr") == "PIDCP 9(2)"
    assert [named("ICCPR 9(2)", "en"), named("CAT 12", "fr"), named("POLICE-ACT 4", "fr")] == [
        "ICCPR 9(2)",
        "CAT 12",
        "POLICE-ACT 4",
    ]


def test_every_topic_is_of_an_article_that_there_is() -> None:
    for each in instruments():
        for article in each.topics:
            assert find(f"{each.id} {article}") is None
