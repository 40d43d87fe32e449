"""What was answered in an attempt that is handed in, and what there is to say to it."""

from typing import Any

from lms.assessment import marking, paper, scoring
from lms.assessment.models import Attempt
from lms.library.edition import edition
from lms.library.instruments import named
from lms.library.rendering import inline


def answers_of(attempt: Attempt, languages: list[str]) -> list[dict[str, Any]]:
    """Every question of the paper with what was answered, how it was marked, and what there is to say to it."""
    shown, responses = edition(attempt.course_version_id), scoring.responses_of(attempt)
    answers = []
    for position, entry in enumerate(attempt.paper, start=1):
        asked = shown.questions[entry["question"]]
        response = responses.get(position)
        given = response.answer if response else None
        answers.append(
            {
                "position": position,
                "shown": paper.show(shown, entry, given, languages),
                "share": response.share if response and response.share is not None else 0,
                "answered": given is not None,
                "feedback": [
                    inline(text)
                    for text in marking.feedback(
                        asked, given, languages, accepted=response is not None and response.share == 1
                    )
                ],
                "references": [named(each, languages[0]) for each in asked.references],
            }
        )
    return answers
