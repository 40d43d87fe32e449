"""Courses as tests need them: small ones, with every kind of question and activity."""

from typing import Any

from lms.library.document import CourseDocument


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": f"{text} (fr)"}


def an_option(id: str, correct: bool = False) -> dict[str, Any]:
    return {
        "id": id,
        "text": words(f"Option {id}"),
        "correct": correct,
        "feedback": words(f"{'Right' if correct else 'Wrong'}, because of {id}"),
    }


def a_single_choice(id: str, right: str = "b") -> dict[str, Any]:
    return {
        "kind": "single_choice",
        "id": id,
        "prompt": words(f"Question {id}?"),
        "options": [an_option(each, each == right) for each in "abc"],
    }


def a_question_of_each_kind() -> list[dict[str, Any]]:
    judged = {"feedback_right": words("You have it"), "feedback_wrong": words("Read it again")}
    return [
        a_single_choice("single"),
        {
            "kind": "multiple_choice",
            "id": "multiple",
            "prompt": words("Which ones?"),
            "options": [an_option("a", True), an_option("b"), an_option("c", True)],
        },
        {
            "kind": "true_false",
            "id": "truth",
            "prompt": words("Is it so?"),
            "answer": True,
            "when_true": words("It is so"),
            "when_false": words("It is so after all"),
        },
        {"kind": "numeric", "id": "number", "prompt": words("How many hours?"), "answer": 48, **judged},
        {
            "kind": "short_text",
            "id": "text",
            "prompt": words("One word?"),
            "accepted": {"en": ["dignity"], "fr": ["dignité"]},
            **judged,
        },
        {
            "kind": "matching",
            "id": "match",
            "prompt": words("What belongs?"),
            "pairs": [{"id": each, "term": words(f"Term {each}"), "match": words(f"Match {each}")} for each in "xyz"],
            **judged,
        },
        {
            "kind": "ordering",
            "id": "order",
            "prompt": words("In which order?"),
            "items": [{"id": each, "text": words(f"Step {each}")} for each in ("one", "two", "three")],
            **judged,
        },
    ]


def a_scenario(id: str, to: str = "good", outcome: str = "good") -> dict[str, Any]:
    """Two decisions and two ends; ``to`` is where the second right decision leads, ``outcome`` how that ends."""

    def choice(id: str, said: str, followed: str, to: str) -> dict[str, Any]:
        return {"id": f"secret-choice-{id}", "text": words(said), "consequence": words(followed), "to": to}

    def end(id: str, outcome: str, debrief: str) -> dict[str, Any]:
        return {"id": id, "text": words("It is over"), "outcome": outcome, "debrief": words(debrief)}

    return {
        "kind": "scenario",
        "id": id,
        "title": words("At the gate"),
        "minutes": 5,
        "frames": [
            {
                "id": "knock",
                "text": words("Somebody knocks"),
                "choices": [
                    choice("open", "Open", "The door opens", "asking"),
                    choice("wait", "Wait", "The knocking stops", "poor"),
                ],
            },
            {
                "id": "asking",
                "text": words("He asks for help"),
                "choices": [
                    choice("help", "Help", "He thanks you", to),
                    choice("send", "Send him away", "He leaves", "poor"),
                ],
            },
            end("good", outcome, "Helping is your duty"),
            end("poor", "poor", "Somebody needed you"),
        ],
    }


def a_document(**changes: Any) -> CourseDocument:
    """Two lessons, a quiz of each kind of question, and a final assessment, in English and French."""
    values: dict[str, Any] = {
        "slug": "a-course",
        "code": "DP01",
        "source_language": "en",
        "languages": ["en", "fr"],
        "title": words("A course"),
        "summary": words("What it is about"),
        "audience": words("Recruits"),
        "hours": 16,
        "topics": ["human-rights"],
        "text_date": "2026-11-01",
        "objectives": [{"id": "o", "text": words("Do it")}],
        "modules": [
            {
                "id": "first",
                "title": words("First module"),
                "activities": [
                    {
                        "kind": "lesson",
                        "id": "greeting",
                        "title": words("Greeting"),
                        "minutes": 10,
                        "body": words("## Say who you are\n\nSpeak **clearly**."),
                        "law": words("Which law says who may ask?"),
                    },
                    {
                        "kind": "lesson",
                        "id": "asking",
                        "title": words("Asking"),
                        "minutes": 10,
                        "requires": ["greeting"],
                        "body": words("Ask once."),
                    },
                    {
                        "kind": "quiz",
                        "id": "quiz",
                        "title": words("Quiz"),
                        "minutes": 5,
                        "draws": [{"pool": "kinds"}],
                        "pass_mark": 60,
                        "shuffle": False,
                        "requires": ["asking"],
                    },
                ],
            },
            {
                "id": "last",
                "title": words("Last module"),
                "activities": [
                    {
                        "kind": "final_assessment",
                        "id": "final",
                        "title": words("Final"),
                        "minutes": 30,
                        "draws": [{"pool": "final", "count": 4}],
                        "attempts": 2,
                        "time_limit": 30,
                        "requires": ["quiz"],
                    }
                ],
            },
        ],
        "pools": [
            {"id": "kinds", "title": words("Kinds"), "questions": a_question_of_each_kind()},
            {"id": "final", "title": words("Pool"), "questions": [a_single_choice(f"f-{n}") for n in range(8)]},
        ],
    }
    return CourseDocument.model_validate(values | changes)


def an_assignment(id: str, *hand_in: str) -> dict[str, Any]:
    """A report judged by two criteria, with four points to win; the pass mark is 70 %."""

    def criterion(id: str) -> dict[str, Any]:
        levels = [("full", "All of it", 2), ("part", "Some of it", 1), ("none", "Nothing", 0)]
        return {
            "id": id,
            "text": words(f"About the {id}"),
            "levels": [{"id": level, "text": words(said), "points": points} for level, said, points in levels],
        }

    return {
        "kind": "assignment",
        "id": id,
        "title": words("A report"),
        "minutes": 20,
        "instructions": words("Write what happened."),
        "hand_in": list(hand_in or ("text", "photo")),
        "rubric": [criterion("facts"), criterion("words")],
    }


def with_practice() -> CourseDocument:
    """The course with a branching scenario and an assignment at its end, which are not required."""
    data = a_document().model_dump(mode="json")
    data["modules"][-1]["activities"] += [
        {**a_scenario("gate"), "required": False},
        {**an_assignment("report"), "required": False},
    ]
    return CourseDocument.model_validate(data)


def with_pre_and_post() -> CourseDocument:
    """The course with a pre-test before everything and a post-test in place of the final assessment."""
    data = a_document().model_dump(mode="json")
    common = {"minutes": 20, "draws": [{"pool": "final", "count": 4}]}
    pre = {"kind": "pre_test", "id": "before", "title": words("Before the course"), **common}
    post = {"kind": "post_test", "id": "after", "title": words("After the course"), "attempts": 3, **common}
    data["modules"][0]["activities"].insert(0, pre)
    data["modules"][-1]["activities"] = [{**post, "requires": ["quiz"]}]
    return CourseDocument.model_validate(data)


def with_handouts(**changes: Any) -> CourseDocument:
    """The course with a guide, a job aid, two observations, and something to read."""
    return a_document(
        guide=words("## First hour\n\nBring chalk."),
        job_aid=words("## At the gate\n\nSay who you are."),
        observations=[
            {
                "id": "identifies",
                "text": words("Identifies himself or herself"),
                "critical": True,
                "competency": "C1",
                "look_for": words("Name and unit first"),
            },
            {"id": "explains", "text": words("Explains"), "competency": "C3", "look_for": words("Gives the reason")},
        ],
        sources=[
            {"id": "ICCPR", "binding": "treaty", "title": words("The Covenant"), "dated": "1966-12-16"},
            {"id": "CCLEO", "binding": "standard", "title": words("The Code"), "dated": "1979-12-17"},
        ],
        reading=[{"title": words("The Code in full"), "note": words("Eight articles"), "source": "CCLEO"}],
        **changes,
    )
