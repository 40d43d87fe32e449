"""What the checks find in a readable course, each with its place and its mend."""

from collections.abc import Callable
from typing import Any

import pytest

from lms.library import check
from lms.library.check.guessing import chance_of
from lms.library.check.readability import FORMULAE, ease, syllables_of
from lms.library.check.weight import words_of
from lms.library.document import CourseDocument
from tests.documents import a_document, a_scenario, a_single_choice, words

Data = dict[str, Any]

EASY = {
    "en": "You stop the man at the gate. Tell him your name. Say why you stop him. Then he can go home. " * 8,
    "fr": "Vous parlez à cet homme. Dites votre nom. Dites pourquoi vous êtes là. Il peut alors partir. " * 8,
}
HARD = {
    "en": "Notwithstanding considerable organisational difficulties, supervisory personnel necessarily facilitate "
    "appropriate communication regarding fundamental constitutional responsibilities of participating institutions. "
    * 8,
    "fr": "Nonobstant les considérables difficultés organisationnelles rencontrées, les autorités hiérarchiques "
    "faciliteront obligatoirement une communication appropriée concernant les responsabilités constitutionnelles. " * 8,
}
ICCPR = {"id": "ICCPR", "binding": "treaty", "title": words("Covenant"), "dated": "1966"}


def found(change: Callable[[Data], None], about: str) -> list[str]:
    """The problems that a change to the tests' course brings, as far as they are about this."""
    data = a_document().model_dump(mode="json")
    change(data)
    said = [str(each) for each in check.problems(CourseDocument.model_validate(data))]
    return [each for each in said if about in each]


def greeting(data: Data, **texts: str) -> None:
    data["modules"][0]["activities"][0]["body"] |= texts


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lesson_that_is_hard_to_read_is_told_with_its_language(language: str) -> None:
    assert found(lambda data: greeting(data, **{language: EASY[language]}), "reading ease") == []
    (said,) = found(lambda data: greeting(data, **{language: HARD[language]}), "reading ease")
    assert said.startswith(f"{language}/greeting.md: has a reading ease of -")


def test_tables_headings_and_references_do_not_make_a_lesson_hard() -> None:
    table = "\n\n| Constitutional responsibilities | Institutional participation |\n|---|---|\n| a | b |\n"
    heading = "\n\n## Fundamental constitutional responsibilities\n\n"
    cited = EASY["en"].replace("name.", "name (ICCPR 9(2); BPUFF 4).")
    assert ease(EASY["en"] + table + heading + EASY["en"], "en") == ease(EASY["en"] * 2, "en")
    assert ease(cited, "en") == pytest.approx(ease(EASY["en"], "en"))


def test_a_language_without_a_formula_and_a_few_words_are_not_judged() -> None:
    assert ease(HARD["en"], "ar") is None
    assert ease("Notwithstanding constitutional responsibilities.", "en") is None


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [
        ("en", "police", 2),
        ("en", "area", 2),
        ("en", "asked", 1),
        ("en", "able", 2),
        ("en", "identify", 4),
        ("fr", "été", 2),
        ("fr", "garde", 1),
        ("fr", "équipier", 3),
        ("fr", "arrestation", 4),
    ],
)
def test_syllables_are_counted_as_they_are_said(language: str, word: str, count: int) -> None:
    assert syllables_of(word, FORMULAE[language]) == count


def test_a_cited_article_that_is_not_there_is_told() -> None:
    def cite(data: Data) -> None:
        data["sources"] = [ICCPR]
        data["pools"][0]["questions"][0]["references"] = ["ICCPR 9(2)", "ICCPR 99"]

    (said,) = found(cite, "ICCPR 99")
    assert said.endswith("cites 'ICCPR 99': ICCPR has articles 1 to 53, so not 99: look the article up")
    assert "questions[" in said
    assert found(cite, "9(2)") == []


def test_a_decision_of_a_scenario_is_held_to_its_references_too() -> None:
    def cite(data: Data) -> None:
        data["sources"] = [ICCPR]
        scenario = a_scenario("gate")
        scenario["frames"][0]["choices"][0]["references"] = ["ICCPR 60"]
        data["modules"][0]["activities"].append(scenario)

    (said,) = found(cite, "ICCPR 60")
    assert "activities[gate].frames[knock].choices[secret-choice-open]" in said


def test_a_law_of_the_country_may_be_a_source_and_is_advice_only() -> None:
    data = a_document().model_dump(mode="json")
    data["sources"] = [{"id": "POLICE-ACT", "binding": "treaty", "title": words("Act"), "dated": "2020"}]
    data["pools"][0]["questions"][0]["references"] = ["POLICE-ACT 12"]
    (problem,) = [each for each in check.problems(CourseDocument.model_validate(data)) if "POLICE-ACT" in each.message]
    assert problem.advice


@pytest.mark.parametrize("page", ["lesson", "guide", "job_aid"])
def test_a_citation_in_a_text_is_held_to_the_list_and_to_the_sources(page: str) -> None:
    text = "Say who you are.\n\nGive reasons (ICCPR 9(2)), always, and keep calm (CCLEO 9)."

    def cite(data: Data) -> None:
        data["sources"] = [ICCPR]
        if page == "lesson":
            greeting(data, en=text)
        else:
            data[page] = {"en": text, "fr": text}

    file = {"lesson": "en/greeting.md", "guide": "en/guide.md", "job_aid": "en/job-aid.md"}[page]
    said = [each for each in found(cite, "cites '") if each.startswith(file)]
    assert said == [
        f"{file}:3: cites 'CCLEO 9': CCLEO has articles 1 to 8, so not 9: look the article up",
        f"{file}:3: cites 'CCLEO 9': add CCLEO to the course's 'sources'",
    ]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("PIDCP 60", "ICCPR 60"),
        ("CCLEO 7 et 9", "CCLEO 7, 9"),
        ("BPUFF 25 à 27", "BPUFF 25–27"),
        ("CCLEO 7 and 9", "CCLEO 7, 9"),
        ("articles 9 et 60 du PIDCP", "ICCPR 9, 60"),
        ("L’article 72 de la CNUCC", "UNCAC 72"),
        ("article 60 of the ICCPR", "ICCPR 60"),
        ("le PIDCP, article 60", "ICCPR 60"),
    ],
)
def test_a_citation_is_found_however_english_and_french_write_it(text: str, cited: str) -> None:
    (said,) = found(lambda data: greeting(data, fr=f"Dites pourquoi ({text})."), "so not")
    assert said.startswith(f"fr/greeting.md:1: cites '{cited}'")


def test_a_citation_in_feedback_and_in_a_scenario_is_held_to_the_list_too() -> None:
    def cite(data: Data) -> None:
        question, scenario = a_single_choice("q-1"), a_scenario("s")
        question["options"][0]["feedback"] = {"en": "Right.", "fr": "Exact (CCLEO 9)."}
        scenario["frames"][0]["choices"][0]["consequence"] = words("He asks why (CCLEO 10).")
        scenario["frames"][-1]["debrief"] = words("CCLEO 11 says so.")
        data["pools"].append({"id": "p", "title": words("Pool"), "questions": [question]})
        data["modules"][0]["activities"].append(scenario)

    said = [each.partition(": cites")[0] for each in found(cite, "so not")]
    assert said[0].startswith("questions/p.yaml: questions[q-1].options[")
    assert {each.rpartition(".")[0].rpartition(".")[2] for each in said} == {"feedback", "consequence", "debrief"}


def test_an_article_cited_in_one_language_only_is_told() -> None:
    same = {"en": "Say why (ICCPR 9 and 17).", "fr": "Dites pourquoi (PIDCP 9 et 17)."}
    assert found(lambda data: greeting(data, **same), "in one language") == []
    (said,) = found(lambda data: greeting(data, **same | {"fr": "Dites pourquoi (PIDCP 9)."}), "in one language")
    assert said.startswith("fr/greeting.md: 'ICCPR 17'")


def test_paragraphs_and_items_of_lists_are_counted_in_every_language() -> None:
    (said,) = found(lambda data: greeting(data, en="One.\n\nTwo.", fr="Un."), "paragraphs")
    assert said.startswith("fr/greeting.md: paragraphs: here 1, in the source language 2")
    (said,) = found(lambda data: greeting(data, en="- One\n- Two", fr="- Un"), "items of lists")
    assert "here 1, in the source language 2" in said


@pytest.mark.parametrize("page", ["guide", "job_aid"])
def test_guide_and_job_aid_are_alike_in_every_language(page: str) -> None:
    missing = found(lambda data: data.update({page: {"en": "Bring chalk."}}), "has no words in 'fr'")
    assert [each for each in missing if each.startswith(f"course.yaml: {page}:")]
    unlike = found(lambda data: data.update({page: {"en": "## One\n\nTwo.", "fr": "Deux."}}), "headings")
    assert len(unlike) == 1


def test_pictures_count_towards_what_a_lesson_weighs() -> None:
    def show(data: Data, size: int) -> None:
        data["media"] = {
            name: {"sha256": "0" * 64, "type": kind, "bytes": size}
            for name, kind in (("a.png", "image/png"), ("b.mp3", "audio/mpeg"))
        }
        greeting(data, en="![A gate](media/a.png)\n\n![A call](media/b.mp3)")

    assert found(lambda data: show(data, 400_000), "with its pictures") == []
    (said,) = found(lambda data: show(data, 600_000), "with its pictures")
    assert said.startswith("en/greeting.md: weighs 600,0")


def test_a_job_aid_that_fills_more_than_a_page_is_told() -> None:
    (said, *_) = found(lambda data: data.update({"job_aid": words("word " * 321)}), "fit on its page")
    assert said.startswith("en/job-aid.md: has 321 words")


@pytest.mark.parametrize("where", ["question", "frame", "guide"])
def test_every_picture_says_in_every_language_what_it_shows(where: str) -> None:
    def show(data: Data) -> None:
        data["media"] = {"a.png": {"sha256": "0" * 64, "type": "image/png", "bytes": 1}}
        picture = {"file": "a.png", "alt": {"en": "A gate"}}
        if where == "question":
            data["pools"][0]["questions"][0]["image"] = picture
        elif where == "frame":
            scenario = a_scenario("gate")
            scenario["frames"][0]["image"] = picture
            data["modules"][0]["activities"].append(scenario)
        else:
            data["guide"] = words("![](media/a.png)")

    wanted = "shows 'media/a.png' without words" if where == "guide" else "alt: has no words in 'fr'"
    assert found(show, wanted)


def a_bank(questions: list[Data]) -> Callable[[Data], None]:
    """The course with these questions as its pool."""

    def change(data: Data) -> None:
        final, kinds = data["pools"]
        final["questions"], kinds["questions"] = questions, kinds["questions"][3:]

    return change


def lengthened(question: Data, option: str, language: str) -> Data:
    for each in question["options"]:
        if each["id"] == option:
            each["text"] |= {language: each["text"][language] + ", and so on and so forth"}
    return question


@pytest.mark.parametrize("language", ["en", "fr"])
def test_right_options_that_stand_out_by_their_length_are_told(language: str) -> None:
    right = "abc" * 4
    guessable = [lengthened(a_single_choice(f"q-{n}", each), each, language) for n, each in enumerate(right)]
    (said,) = found(a_bank(guessable), "is the longest")
    assert said.startswith(f"questions: in '{language}' the right option is the longest in 12 of 12")
    # A third of them is what chance gives with three options.
    fair = [lengthened(a_single_choice(f"q-{n}", each), "abc"[n // 4], language) for n, each in enumerate(right)]
    assert found(a_bank(fair), "is the longest") == []


def test_right_options_in_one_place_are_told() -> None:
    (said, *_) = found(a_bank([a_single_choice(f"q-{n}", "a") for n in range(15)]), "stands in place")
    assert "the right option stands in place 1 in 15 of 15 single-choice questions, where 5 would be even" in said
    spread = [a_single_choice(f"q-{n}", "abc"[n % 3]) for n in range(15)]
    assert found(a_bank(spread), "stands in place") == []


def test_statements_that_are_nearly_all_true_are_told() -> None:
    def statements(*answers: bool) -> list[Data]:
        common = {"kind": "true_false", "prompt": words("So?"), "when_true": words("Yes"), "when_false": words("No")}
        return [{**common, "id": f"t-{n}", "answer": answer} for n, answer in enumerate(answers)]

    (said,) = found(a_bank(statements(*[True] * 5, False)), "statements are true")
    assert "5 of 6 statements are true" in said
    assert found(a_bank(statements(*[True, False] * 3)), "statements are true") == []


def test_the_chance_of_as_many_is_exact() -> None:
    assert chance_of(0, [0.25] * 3) == pytest.approx(1)
    assert chance_of(3, [0.25] * 3) == pytest.approx(0.25**3)
    assert chance_of(1, [0.5, 0.25]) == pytest.approx(1 - 0.5 * 0.75)


def test_only_what_a_mission_may_go_without_is_advice() -> None:
    data = a_document().model_dump(mode="json")
    greeting(data, en=HARD["en"] + "\n\nAnd CCLEO 9.")
    marked = {
        each.message.partition(" ")[0]: each.advice for each in check.problems(CourseDocument.model_validate(data))
    }
    assert marked["has"]
    assert not marked["cites"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lesson_that_is_too_short_or_too_long_is_told_with_its_language(language: str) -> None:
    def of(count: int) -> list[str]:
        texts = {"en": "word " * 400, "fr": "word " * 400} | {language: "word " * count}
        return [each for each in found(lambda data: greeting(data, **texts), "words, and") if "greeting" in each]

    assert of(300) == of(700) == []
    assert of(299) == [
        f"{language}/greeting.md: has 299 words, and 300 are the least: add an example, or join it to another"
    ]
    assert of(701) == [
        f"{language}/greeting.md: has 701 words, and 700 are the most: shorten it, or make two lessons of it"
    ]


def test_words_are_what_a_reader_reads() -> None:
    picture = '![a long description of it](media/x.svg "a caption")'
    law = "> [!LAW] The law here\n> Ask who says so.\n>\n> > [!NOTE] Even here\n> > Nothing counts."
    assert words_of(f"## Two words\n\nOne, **two**: l’ordre — 48 h.\n\n{picture}\n\n{law}") == 7
    assert words_of("> [!TIP] A title\n> and text\n\n| a | b |\n|---|---|\n| c | d |\n\n- e") == 9
    assert words_of("Vous venez\u202f? Oui\u00a0: «\u00a0demain\u00a0».") == 4
