"""From a TOML file to a checked method, or to every reason why not.

What this promises: a `Method` that was loaded is complete and consistent; a file that is not is refused as a whole,
with the file, the path in it and the reason, one sentence for every problem.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pydantic import ValidationError

from facilitator.core import languages, sandbox
from facilitator.core.sandboxed import MEGABYTE, FileRefused, WorkLimits, work
from facilitator.methods.checks import problems_of
from facilitator.methods.limits import shape_problems
from facilitator.methods.problem import Problem, _
from facilitator.methods.usual import Document, completed, with_usual_reveals
from facilitator.methods.vocabulary import Method, Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

CATALOGUE = Path(__file__).parent / "catalogue"
WORK = "facilitator.meetings.playing:problems"  # by name: a room above this one plays methods
APART = "facilitator.methods.loader:document_in"
LIMITS = WorkLimits(memory=512 * MEGABYTE, output=0, processor_seconds=10, seconds=20)
REFUSALS = {
    "too_much": "takes more to read than a method may: it is too long or nested too deeply",
    "busy": "cannot be read now, for there is no room for another process",
}

TOO_DEEP = Problem("", _("is nested too deeply"))


class MethodError(Exception):
    """A method file that cannot be used; `problems` holds one sentence for each thing that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@cache
def load_catalogue() -> dict[str, Method]:
    """The methods that ship with the product, by key, in order of their file names. Read once; do not change it.

    Raises MethodError with the problems of all files together.
    """
    found: dict[str, Method] = {}
    problems: list[str] = []
    for path in sorted(CATALOGUE.glob("*.toml")):
        try:
            method = load_file(path)
        except MethodError as error:
            problems += error.problems
            continue
        problems += _catalogue_problems(path, method)
        found[method.key] = method
    if problems:
        raise MethodError(problems)
    return found


def load_file(path: Path) -> Method:
    """The method in a file. Raises MethodError if anything is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MethodError([sentence(path, "", f"cannot be read: {error.strerror}")]) from None
    return _load(path, content)


def _load(path: Path, content: bytes) -> Method:
    method, problems = read(content)[1:]
    if method is None or problems:
        raise MethodError([sentence(path, problem.path, problem.reason) for problem in problems])
    return method


def judged(document: Document) -> tuple[Method | None, list[Problem]]:
    """The method that a file's document says, and everything that is wrong with it; None where it does not have the shape of one."""
    try:
        if too_much := list(shape_problems(document)):
            return None, too_much
        whole = completed(document)
        method = Method.model_validate_json(json.dumps(whole, default=str), strict=True)
    except RecursionError:
        return None, [TOO_DEEP]
    except ValidationError as error:
        return None, list(_shape_problems(error))
    method = method.model_copy(update={"phases": tuple(map(with_usual_reveals, method.phases))})
    return method, problems_of(method)


def check_file(path: Path) -> list[str]:
    """Every problem of a method file as a sentence with the file, the path in it and the reason; empty if fine. It may have been
    written by anybody: it is judged, and played, in a process of its own.
    """
    try:
        with path.open("rb") as source:
            return [str(problem) for problem in sandbox.run(WORK, source, LIMITS, path.name).answer]
    except OSError as error:
        return [sentence(path, "", f"cannot be read: {error.strerror}")]
    except FileRefused as refused:
        return [sentence(path, "", REFUSALS.get(refused.code, "cannot be read"))]


def taken_apart(source: BinaryIO) -> tuple[Document | None, list[Problem]]:
    """The document in a file that somebody sent, and everything that is wrong with it; None where it does not have the shape of a
    method. Raises FileRefused.
    """
    document, found = sandbox.run(APART, source, LIMITS).answer
    return document, [Problem(*one) for one in found]


@work()
def document_in(
    source: BinaryIO, _target: BinaryIO
) -> tuple[Document | None, list[tuple[str, str, Mapping[str, str]]]]:
    """The same as JSON."""
    document, method, found = read(source.read())
    return document if method else None, [(one.path, one.text, one.names) for one in found]


def read(content: bytes) -> tuple[Document, Method | None, list[Problem]]:
    """What is in a file: its document, the method if it has the shape of one, and everything that does not fit together."""
    try:
        text = content.decode().removeprefix("\ufeff").replace("\r\n", "\n")  # both as Windows writes them, or not
        document = json.loads(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as error:
        return {}, None, [Problem("", _("is not valid TOML: %(reason)s"), {"reason": str(error)})]
    except UnicodeDecodeError:
        return {}, None, [Problem("", _("is not text in UTF-8"))]
    except RecursionError:
        return {}, None, [TOO_DEEP]
    return (document, *judged(document))


def _catalogue_problems(path: Path, method: Method) -> Iterator[str]:
    if method.key != path.stem:
        yield sentence(path, "key", f"must be the name of the file, {path.stem!r}")
    for language in languages.complete():
        if language not in method.texts:
            yield sentence(path, f"texts.{language}", "is missing; every method in the catalogue has it")


def _shape_problems(error: ValidationError) -> Iterator[Problem]:
    # The input itself stays out of the sentence: it may be long, and the path already leads to it.
    found = error.errors(include_url=False, include_input=False)
    broken = {detail["loc"] for detail in found}
    for detail in found:
        if not _follows(detail, broken):
            yield Problem(_place(detail["loc"]), _reason(detail))


def _follows(detail: ErrorDetails, broken: set[tuple[int | str, ...]]) -> bool:
    """Whether a problem is gone with another: what a phase without a kind could not take from it, a list that lacks what is broken."""
    place = detail["loc"]
    if detail["type"] not in ("missing", "too_short") or place[2:] == ("kind",):
        return False
    return (*place[:2], "kind") in broken or any(place == other[: len(place)] != other for other in broken)


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part == "[key]":
            continue
        elif "." in part:
            place += f'."{part}"'
        else:
            place += f".{part}"
    return place.removeprefix(".")


def _reason(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a word that a method file knows here" + _where_it_belongs(detail["loc"])
        case "string_pattern_mismatch":
            return "must begin with a small letter and be made of small letters, digits and _ only: 40 at most, a language two"
        case _:
            message = detail["msg"]
            return message[:1].lower() + message[1:]


def _where_it_belongs(location: tuple[int | str, ...]) -> str:
    """In TOML a line belongs to the heading above it, so a word of a phase that comes after its texts is one of the texts."""
    match location:
        case ("phases", _, "texts", language, word) if word in Phase.model_fields:
            return f"; put it above [phases.texts.{language}]"
        case ("texts", language, word) if word in Method.model_fields:
            return f"; put it above [texts.{language}]"
        case _:
            return ""


def sentence(path: Path, place: str, reason: str) -> str:
    """A problem with the file and the path in it."""
    where = f"{path.name}: {place}: " if place else f"{path.name}: "
    return f"{where}{reason}."
