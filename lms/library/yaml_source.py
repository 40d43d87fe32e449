"""YAML as people write it for courses: plain data, with the line of every value, and nothing clever."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.library.problems import CourseError, Problem

Path = tuple[str | int, ...]
LARGEST = 1_000_000


@dataclass
class Source:
    """The data of a YAML file and the line, from 1, at which each path in it begins."""

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """The line of the nearest value that exists on the way to ``path``."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def parse(file: str, content: bytes) -> Source:
    """Read a YAML file; aliases, doubled keys, dates and other surprises are refused or left as text.

    Raises ``CourseError`` with the line.
    """
    if len(content) > LARGEST:
        raise CourseError([Problem(file, f"is larger than {LARGEST:,} bytes: split it")])
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise CourseError([Problem(file, "is not UTF-8: save it as UTF-8")]) from None
    source = Source(file, None)
    try:
        # Bare tokens first: an alias can make a small file enormous before any value is built.
        for token in yaml.scan(text):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                line = token.start_mark.line + 1
                raise CourseError([Problem(file, "uses & or * references: write the value out", line)])
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        source.data = _value(source, node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {error.problem or error.context}"
        raise CourseError([Problem(file, message, mark.line + 1 if mark else None)]) from None
    except (yaml.YAMLError, RecursionError):
        raise CourseError(
            [Problem(file, "is not YAML: it holds characters or a depth that YAML does not allow")]
        ) from None
    return source


def _value(source: Source, node: yaml.Node, path: Path) -> Any:
    source.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            line = key_node.start_mark.line + 1
            if key is None:
                raise CourseError([Problem(source.file, "has a key that is not a word", line)])
            if key in values:
                raise CourseError([Problem(source.file, f"has the key '{key}' twice: keep one", line)])
            values[key] = _value(source, value_node, (*path, key))
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_value(source, each, (*path, place)) for place, each in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    """Text, whole number, decimal, true/false or nothing; a date stays the text that it is."""
    kind = node.tag.rpartition(":")[2]
    text: str = node.value
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    # Longer numbers are nobody's hours or points, and Python refuses to read the longest.
    if kind == "int" and len(text) < 20 and text.lstrip("+-").isdecimal():
        return int(text)
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            return text
    return None if kind == "null" else text
