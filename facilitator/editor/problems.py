"""What is wrong with a method, said where it can be put right: beside a field, else on top of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import gettext as _
from wtforms import Field
from wtforms import Form as PlainForm

from facilitator.accounts.languages import readers_language
from facilitator.editor.forms import DraftForm, all_labels
from facilitator.editor.sentences import in_words
from facilitator.methods.problem import Problem
from facilitator.methods.vocabulary import Method

PHASE = re.compile(r"phases\[(\d+)\]\.?(.*)")
NOBODYS: Mapping[str, str] = {}
TABLE = re.compile(r'texts\.(\w+)\.(fields|choices|ends)\."([^"]+)"')


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence, and the phase it is about, if it is about one."""

    sentence: str
    phase: int | None
    path: str


def sentence(problem: Problem, titles: Mapping[str, str] = NOBODYS) -> str:
    """What is wrong, in the language of whoever reads it; phases by their titles."""
    if known := in_words(problem.reason, titles):
        return known
    text = str(gettext(problem.text)) % problem.names if problem.names else str(gettext(problem.text))
    return text[:1].upper() + text[1:] + "."


def in_file(problem: Problem) -> str:
    """The same with where in the file."""
    match = PHASE.match(problem.path)
    place = (
        _("Phase %(number)s", number=int(match[1]) + 1) + (f", {match[2]}" if match[2] else "")
        if match
        else problem.path
    )
    return f"{place}: {sentence(problem)}" if place else sentence(problem)


def troubles(problems: Iterable[Problem], method: Method | None = None) -> list[Trouble]:
    """The same of all, each with its phase."""
    titles = {phase.key: phase.text(readers_language()).title for phase in (method.phases if method else ())}
    found = []
    for problem in problems:
        match, words = PHASE.match(problem.path), sentence(problem, titles)
        found.append(Trouble(words, int(match[1]) if match else None, match[2] if match else problem.path))
    return found


def put_beside(form: DraftForm, found: Iterable[Trouble]) -> list[str]:
    """Puts each sentence beside the field where it can be put right; gives those that have none, with what they are about."""
    rest = []
    labels = {(table, language, name): field for table, language, name, field in _labels(form)}
    for trouble in found:
        match = TABLE.fullmatch(trouble.path)
        field = labels.get((match[2], match[1], match[3])) if match else None
        field = field or _nearest(form, trouble.path)
        if field is None:
            rest.append(trouble.sentence)
            continue
        leaf = next(_within(field), None)
        if leaf is None:
            rest.append(trouble.sentence)
        elif trouble.sentence not in leaf.errors:
            leaf.errors = [*leaf.errors, trouble.sentence]
    return rest


def _labels(form: DraftForm) -> Iterator[tuple[str, str, str, Field]]:
    if "forms" in form:
        yield from all_labels(form)


def _nearest(form: PlainForm, path: str) -> Field | None:
    """The field at a path, or the first one of the part that the path leads to."""
    steps = [step for step in re.split(r"[.\[\]]+", path) if step]
    here: object = form
    for step in steps:
        inner = getattr(here, "form", here)
        entries = getattr(here, "entries", None)
        if entries is not None and step.isdecimal():
            if int(step) >= len(entries):
                break
            here = entries[int(step)]
        elif isinstance(inner, PlainForm) and step in inner:
            here = inner[step]
        else:
            break
    return here if isinstance(here, Field) else None


def fields_with_errors(form: PlainForm) -> Iterator[Field]:
    """Those that something is wrong with, in the order of the page."""
    for field in form:
        for one in _within(field):
            if one.errors:
                yield one


def _within(field: Field) -> Iterator[Field]:
    entries = getattr(field, "entries", None)
    if entries is not None:
        for entry in entries:
            yield from _within(entry)
    elif isinstance(inner := getattr(field, "form", None), PlainForm):
        for one in inner:
            yield from _within(one)
    else:
        yield field
