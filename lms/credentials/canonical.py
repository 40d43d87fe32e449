"""A JSON-LD document as the statements that a proof signs (RDF Dataset Canonicalization, RDFC-1.0)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from frozendict import frozendict
from pyld import jsonld

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

FOLDER = Path(__file__).parent / "contexts"
FILES = {CREDENTIALS_V2: "credentials-v2.json", OPEN_BADGES: "ob-v3p0-context-3.0.3.json"}

# RDFC-1.0 takes factorial time where many unnamed nodes look alike, PyLD quadratic time for many values of one term,
# and what is checked may come from anybody. A credential of ours has fewer than 100 values, and 2 in a list.
MOST_OBJECTS, MOST_ALIKE, MOST_LISTED, MOST_VALUES, DEEPEST = 40, 4, 32, 300, 8

# PyLD resolves what is relative against some base, come what may; by this one it is found again.
RELATIVE = "relative://here/"

# URDNA2015 is the name that RDFC-1.0 had before it was a standard.
OPTIONS = {"algorithm": "URDNA2015", "format": "application/n-quads", "base": RELATIVE}

IRI = re.compile(r"(?!relative:)[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


_processed: dict[tuple[Any, ...], tuple[Any, Any]] = {}


class UnknownContext(ValueError):
    """The document names a context that is not one of ours; nothing is ever fetched."""


class NotSigned(ValueError):
    """The document holds something that canonicalization would drop, so that no proof could cover it."""


class TooTangled(ValueError):
    """The document is larger or deeper than any credential."""


def statements(document: dict[str, Any]) -> bytes:
    """The document's canonical N-Quads.

    Every member of the JSON is in them: one that is not is refused with NotSigned. The context is a list of ours, and
    stands at the top alone.
    """
    contexts = document.get("@context")
    if contexts not in ([CREDENTIALS_V2], [CREDENTIALS_V2, OPEN_BADGES]):
        raise UnknownContext(str(contexts)[:200])
    _screen({name: value for name, value in document.items() if name != "@context"})
    try:
        canonical = _Processor(on_property_dropped=_dropped).normalize(document, {**OPTIONS, "documentLoader": load})
    except jsonld.JsonLdError as error:
        raise NotSigned(str(error)[:200]) from None
    return str(canonical).encode()


class _Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """PyLD that refuses what it would drop, and that works out a type's own context once.

    PyLD does so for every node anew, which takes most of the time. Those contexts are ours alone, as a document may
    bring none of its own.
    """

    def expand(self, input_: Any, options: dict[str, Any]) -> Any:
        expanded = super().expand(input_, options)
        _all_absolute(expanded)
        return expanded

    def _process_context(self, active: Any, local: Any, options: dict[str, Any], **flags: Any) -> Any:
        if not isinstance(local, dict) or not isinstance(active, frozendict) or "cycles" in flags:
            return super()._process_context(active, local, options, **flags)
        key = (active["_uuid"], id(local), *sorted(flags.items()))
        if key in _processed:
            return _processed[key][0]
        made = super()._process_context(active, local, options, **flags)
        # Ours take a dozen; somebody may show documents with ever new mixtures of types.
        if len(_processed) < 256:
            # The context is kept along, so that no other ever has its id.
            _processed[key] = made, local
        return made


def load(url: str, options: object = None) -> dict[str, Any]:
    """PyLD's loader of contexts: ours, from their files, and no other from anywhere."""
    if url not in FILES:
        raise UnknownContext(url[:200])
    # The tag lets PyLD keep the processed context for the life of the process.
    return {"contextUrl": None, "documentUrl": url, "document": _read(url), "tag": "static"}


@cache
def _read(url: str) -> Any:
    return json.loads((FOLDER / FILES[url]).read_text())


def _dropped(name: object) -> NoReturn:
    raise NotSigned(f"{name} is defined by no context")


def _screen(document: dict[str, Any]) -> None:
    """Refuse what JSON-LD would pass over in silence, and what would take too long."""
    objects = values = 0
    stack: list[tuple[Any, int]] = [(document, 1)]
    while stack:
        value, depth = stack.pop()
        values += 1
        if isinstance(value, dict):
            objects += 1
            for name in value:
                if "@" in name or ":" in name:
                    raise NotSigned(f"{name[:80]} is not a term")
            if str(value.get("id", "")).startswith("_:"):
                raise NotSigned("an unnamed node has a name")
            stack += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            if len(value) > MOST_LISTED or sum(isinstance(each, dict) for each in value) > MOST_ALIKE:
                raise TooTangled("too many of a kind")
            stack += [(each, depth + 1) for each in value]
        if value is None or value in ([], {}):
            raise NotSigned("an empty value")
        if objects > MOST_OBJECTS or values > MOST_VALUES or depth > DEEPEST:
            raise TooTangled("too large or too deep")


def _all_absolute(expanded: Any) -> None:
    """Refuse identifiers and types that are no IRI: they would be left out of the statements."""
    if isinstance(expanded, list):
        for each in expanded:
            _all_absolute(each)
    elif isinstance(expanded, dict):
        types = expanded.get("@type", [])
        for named in [expanded.get("@id"), *(types if isinstance(types, list) else [types])]:
            if named is not None and not (isinstance(named, str) and IRI.fullmatch(named)):
                raise NotSigned(f"{str(named)[:80]} is no IRI")
        for name, value in expanded.items():
            if not name.startswith("@") or name in ("@graph", "@list", "@set"):
                _all_absolute(value)
