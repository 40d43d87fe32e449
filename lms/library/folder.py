"""A course on disk: a folder read into a document, and a document written as a folder, without loss."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from lms.core import markup
from lms.core.words import N_, said
from lms.library import media, yaml_source
from lms.library.activities import Scenario
from lms.library.document import GUIDE, JOB_AID, CourseDocument
from lms.library.problems import CourseError, Problem
from lms.library.texts import MEDIA_NAME
from lms.library.yaml_source import Source

COURSE = "course.yaml"
LARGEST_LESSON = 200_000

__all__ = ["CourseError", "Problem", "read", "write"]


def read(folder: Path) -> CourseDocument:
    """The document of a course folder; raises ``CourseError`` with everything that is wrong."""
    problems: list[Problem] = []
    files = _files(folder, problems)
    if COURSE not in files:
        raise CourseError([*problems, Problem(COURSE, "is missing: every course folder needs one")])
    course = yaml_source.parse(COURSE, files.pop(COURSE).read_bytes())
    if not isinstance(course.data, dict):
        raise CourseError([Problem(COURSE, "is empty: begin with 'format: 1'", 1)])
    for key in ("slug", "pools", "media", "guide", "job_aid"):
        if key in course.data:
            line = course.line((key,))
            problems.append(Problem(COURSE, "does not stand here: it follows from the folder", line, key))
    pools = _read_pools(files, problems)
    kept = _read_media(files, problems)
    data = {**course.data, "slug": folder.name, "media": kept, "pools": [pool.data for pool in pools]}
    _add_lessons(data, files, problems)
    data |= {"guide": _page(data, GUIDE, files, problems), "job_aid": _page(data, JOB_AID, files, problems)}
    for stray in files:
        problems.append(Problem(stray, f"belongs to nothing in {COURSE}: name it there or delete it"))
    try:
        document = CourseDocument.model_validate(data)
    except ValidationError as error:
        raise CourseError([*problems, *_located(error, course, pools)]) from None
    problems += _media_problems(document)
    if problems:
        raise CourseError(problems)
    return document


def _files(folder: Path, problems: list[Problem]) -> dict[str, Path]:
    """Every file below the folder by its relative name; what leads outside is refused."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            problems.append(Problem(name, "is a link: put the file itself here"))
        elif path.is_file() and not path.name.startswith("."):
            files[name] = path
    return files


def _read_pools(files: dict[str, Path], problems: list[Problem]) -> list[Source]:
    pools = []
    for name in [each for each in files if each.startswith("questions/") and each.endswith(".yaml")]:
        try:
            pool = yaml_source.parse(name, files.pop(name).read_bytes())
        except CourseError as error:
            problems += error.problems
            continue
        if not isinstance(pool.data, dict):
            problems.append(Problem(name, "is empty: begin with 'title:' and 'questions:'", 1))
            continue
        pool.data = {**pool.data, "id": Path(name).stem}
        pools.append(pool)
    return pools


def _read_media(files: dict[str, Path], problems: list[Problem]) -> dict[str, Any]:
    kept = {}
    for name in [each for each in files if each.startswith("media/")]:
        content = files.pop(name).read_bytes()
        if not re.fullmatch(MEDIA_NAME, name.removeprefix("media/")):
            problems.append(Problem(name, "is not a plain name: rename it to letters, digits, '-', '_' and '.'"))
            continue
        if refused := media.refusal(name, content):
            problems.append(Problem(name, refused))
            continue
        kept[name.removeprefix("media/")] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "type": media.type_of(name),
            "bytes": len(content),
        }
    return kept


def _add_lessons(data: dict[str, Any], files: dict[str, Path], problems: list[Problem]) -> None:
    """Put each lesson's bodies, one for each language, into the course's data."""
    for module in _list(data, "modules"):
        for activity in _list(module, "activities"):
            if not isinstance(activity, dict) or activity.get("kind") != "lesson":
                continue
            source = str(data.get("source_language", "en"))
            name = f"{source}/{activity.get('id')}.md"
            if name not in files and source in _list(data, "languages"):
                problems.append(Problem(name, "is missing: write the lesson's text there"))
            activity["body"] = _page(data, activity.get("id"), files, problems) or {source: "-"}


def _page(data: dict[str, Any], id: Any, files: dict[str, Path], problems: list[Problem]) -> dict[str, str] | None:
    """The Markdown files of one name, by language; ``None`` where there is none."""
    page = {}
    for language in _list(data, "languages"):
        name = f"{language}/{id}.md"
        if name in files and (text := _text(name, files.pop(name), problems)):
            page[language] = text
    return page or None


def _list(data: Any, key: str) -> list[Any]:
    """The list under ``key``; nothing where the data is of another shape, which validation tells of."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _text(name: str, path: Path, problems: list[Problem]) -> str | None:
    content = path.read_bytes()
    if len(content) > LARGEST_LESSON:
        problems.append(Problem(name, f"is larger than {LARGEST_LESSON:,} bytes: make two lessons of it"))
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        problems.append(Problem(name, "is not UTF-8: save it as UTF-8"))
        return None
    if not text.strip():
        problems.append(Problem(name, "is empty: write its text there, or delete the file"))
        return None
    return text


_WORDS = {
    "missing": N_("is missing: add it"),
    "extra_forbidden": N_("is not known here: check its spelling or delete it"),
    "too_short": N_("is empty: give at least %(min_length)s"),
    "too_long": N_("has too many entries: at most %(max_length)s"),
    "string_too_short": N_("is empty: write something"),
    "string_too_long": N_("is too long: at most %(max_length)s characters"),
    "string_type": N_("is not text: put it in quotes"),
    "string_pattern_mismatch": N_("is not of the form %(pattern)s"),
    "literal_error": N_("must be one of %(expected)s"),
    "union_tag_invalid": N_("has the unknown kind '%(tag)s': use one of %(expected_tags)s"),
    "union_tag_not_found": N_("has no 'kind': say which kind it is"),
    "int_parsing": N_("is not a whole number"),
    "int_parsing_size": N_("is not a whole number that makes sense here: make it smaller"),
    "int_type": N_("is not a whole number"),
    "float_parsing": N_("is not a number"),
    "bool_type": N_("must be true or false"),
    "dict_type": N_("needs a text for each language, like 'en: …'"),
    "list_type": N_("must be a list"),
    "greater_than_equal": N_("must be %(ge)s or more"),
    "less_than_equal": N_("must be %(le)s or less"),
    "finite_number": N_("is not a number that can be written out"),
    "date_from_datetime_parsing": N_("is not a date: write it like 2026-11-01"),
}


def words_of(error: Any) -> str:
    """One of Pydantic's errors in plain words, with the mend."""
    if error["type"] == "value_error":
        # What was raised remembers how to be said in other languages; its text alone does not.
        raised: str = error["ctx"]["error"].args[0]
        return raised
    known = _WORDS.get(error["type"])
    return said(known, **error.get("ctx", {})) if known else str(error["msg"])


def _located(error: ValidationError, course: Source, pools: list[Source]) -> list[Problem]:
    """Pydantic's errors with file, line, path and plain words."""
    problems = []
    for each in error.errors():
        path = _path_in_data(each["loc"], course, pools)
        source = course
        if len(path) >= 2 and path[0] == "pools" and isinstance(path[1], int):
            source, path = pools[path[1]], path[2:]
        problems.append(Problem(source.file, words_of(each), source.line(path), _spelled(path)))
    return problems


def _path_in_data(location: tuple[int | str, ...], course: Source, pools: list[Source]) -> yaml_source.Path:
    """Pydantic's location without the names of union members, which the data does not have."""
    data: Any = {**course.data, "pools": [pool.data for pool in pools]}
    path: list[str | int] = []
    for place, step in enumerate(location):
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
            data = data[step]
        elif not (place == len(location) - 1 or isinstance(step, int)) or step == (
            data.get("kind") if isinstance(data, dict) else None
        ):
            continue
        path.append(step)
    return tuple(path)


def _spelled(path: yaml_source.Path) -> str:
    spelled = ""
    for step in path:
        spelled += f"[{step}]" if isinstance(step, int) else f".{step}" if spelled else str(step)
    return spelled


def _media_problems(document: CourseDocument) -> list[Problem]:
    """Media that a text names and the folder lacks, and media that nothing names."""
    problems, used = [], set()
    for activity in document.activities():
        if isinstance(activity, Scenario):
            used |= {frame.image.file for frame in activity.frames if frame.image}
    for page, texts in document.markdown():
        for language, text in texts.items():
            for address in markup.files(text):
                name = address.removeprefix("media/")
                used.add(name)
                if not address.startswith("media/") or name not in document.media:
                    file = f"{language}/{page}.md"
                    problems.append(Problem(file, f"shows '{address}': put that file into media/ or take it out"))
    for question in (each for pool in document.pools for each in pool.questions):
        used |= {*question.recordings(), *([question.image.file] if question.image else [])}
    for name in sorted(set(document.media) - used):
        problems.append(Problem(f"media/{name}", "is shown nowhere: show it or delete it"))
    return problems


def media_of(folder: Path) -> Callable[[str], bytes]:
    """What gives a media file's bytes by its name."""
    return lambda name: (folder / "media" / name).read_bytes()


def write(document: CourseDocument, folder: Path, content: Callable[[str], bytes]) -> None:
    """Write the document as an empty folder named by its slug; ``content`` gives a media file's bytes by name."""
    data = document.model_dump(mode="json", exclude_defaults=True, exclude={"slug", "pools", "media"})
    data = {"format": document.format, **data}
    for page, field in ((GUIDE, "guide"), (JOB_AID, "job_aid")):
        for language, text in (data.pop(field, None) or {}).items():
            _put(folder / language / f"{page}.md", text.encode())
    for module in data["modules"]:
        for activity in module["activities"]:
            for language, body in activity.pop("body", {}).items():
                _put(folder / language / f"{activity['id']}.md", body.encode())
    _put(folder / COURSE, _dumped(data))
    for pool in document.pools:
        values = pool.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
        _put(folder / "questions" / f"{pool.id}.yaml", _dumped(values))
    for name in document.media:
        _put(folder / "media" / name, content(name))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class _Plain(yaml.SafeDumper):
    """Writes the same value twice rather than as a reference, which reading refuses."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_words(self, data: str) -> yaml.Node:
        # Outside double quotes YAML reads these three as an ordinary line end.
        style = '"' if re.search("[\x85\u2028\u2029]", data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Plain.add_representer(str, _Plain.represent_words)


def _dumped(data: dict[str, Any]) -> bytes:
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110).encode()
