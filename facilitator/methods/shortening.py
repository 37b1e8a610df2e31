"""A method's file as short as one by hand: whatever is usual is left out, so that it says only what is its own.

Promises: what is left is read as the same method, words of later versions included, and no word of it could be left out as well. What does
not have the shape of a method stays as it is, and so does a phase that is longer than any by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from facilitator.methods.usual import Document, completed, with_usual_reveals
from facilitator.methods.vocabulary import Method, Phase

# How a file takes back what is usual.
TAKEN_BACK: Mapping[str, object] = {"needs": "", "marks": {}}
FIRST = ("kind", "key")
MOST_WORDS = 1000  # of a phase: several times as many as in the longest one of the catalogue
Path = tuple[str | int, ...]


def document_of(method: Method) -> Document:
    """The file of a method that is given as a whole."""
    return shortened(method.model_dump(mode="json"))


def shortened(document: Document) -> Document:
    """The same file without what it need not say."""
    phases, languages = document.get("phases"), document.get("texts")
    if not isinstance(phases, list) or not isinstance(languages, dict):
        return document
    named = [{"key": phase.get("key", phase.get("kind")) if isinstance(phase, dict) else ""} for phase in phases]
    said = {language: _without_nothing_said(texts) for language, texts in languages.items()}
    roles = {language: {"roles": texts.get("roles", {})} for language, texts in said.items() if isinstance(texts, dict)}
    lean = []
    for number, phase in enumerate(phases):
        others = {"texts": {**dict.fromkeys(said), **roles}, "phases": [*named[:number], *named[number + 1 :]]}
        lean.append(json.loads(_lean(json.dumps(phase), json.dumps(others))) if isinstance(phase, dict) else phase)
    return _without_defaults({**document, "texts": said, "phases": lean})


def _without_nothing_said(texts: object) -> object:
    if not isinstance(texts, dict):
        return texts
    return {word: text for word, text in texts.items() if text not in (None, {})}


def _without_defaults(document: Document) -> Document:
    known = Method.model_fields
    kept = {
        word: value
        for word, value in document.items()
        if word not in known or known[word].is_required() or value != _plain(known[word].get_default())
    }
    return _in_order(kept, [*(word for word in known if word not in ("texts", "phases")), "texts", "phases"])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=1024)
def _lean(one: str, around: str) -> str:
    """A phase in JSON, beside others; it takes a while, and most phases are as they were."""
    phase, others = json.loads(one), json.loads(around)
    return json.dumps(_leaner(phase, others) if len(list(_paths(phase))) <= MOST_WORDS else phase)


def _leaner(phase: Document, others: Document) -> Document:
    said = _without_nothing(
        {**phase, **{word: empty for word, empty in TAKEN_BACK.items() if word in phase and not phase[word]}}
    )
    wanted = _read(said, others)
    if wanted is None:
        return phase
    for path in list(_paths(said)):
        without = _dropped(said, path)
        if without is not None and _read(without, others) == wanted:
            said = without
    return _in_order(said, [*FIRST, *Phase.model_fields])


def _read(phase: Document, others: Document) -> Phase | None:
    whole = completed({**others, "phases": [phase, *others["phases"]]})["phases"][0]
    try:
        return with_usual_reveals(Phase.model_validate_json(json.dumps(whole, default=str), strict=True))
    except ValidationError:
        return None


def _without_nothing(value: Any) -> Any:
    """A document without its nulls, which a file cannot say."""
    if isinstance(value, dict):
        return {word: _without_nothing(one) for word, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


def _paths(value: object, before: Path = ()) -> Iterator[Path]:
    """Every word in it, a whole before its parts."""
    if isinstance(value, dict):
        for word, one in value.items():
            yield (*before, word)
            yield from _paths(one, (*before, word))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _paths(one, (*before, index))


def _dropped(value: Any, path: Path) -> Any:
    """A copy without what is at the path; None where it is gone already."""
    first, *rest = path
    if isinstance(value, dict):
        if first not in value:
            return None
        if not rest:
            return {word: one for word, one in value.items() if word != first}
    inner = _dropped(value[first], tuple(rest))
    if inner is None:
        return None
    if isinstance(value, dict):
        return {**value, first: inner}
    return [inner if index == first else one for index, one in enumerate(value)]


def _in_order(document: Document, words: list[str]) -> Document:
    return {word: document[word] for word in [*words, *document] if word in document}
