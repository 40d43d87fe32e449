"""What is wrong with a course folder, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the file, the line where it is known, the path inside, and what to do.

    ``advice`` marks what a mission's own course may be published with, though it is better without.
    """

    file: str
    message: str
    line: int | None = None
    path: str = ""
    advice: bool = False

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        return ": ".join(each for each in (place, self.path, self.message) if each)


class CourseError(ValueError):
    """A course folder that cannot be read; ``problems`` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
