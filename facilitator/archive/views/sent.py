"""What was sent to complete a card: its steps and its files. A file that is right is kept at once, whatever else is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from facilitator.archive.files.actions import attach, detach, files_of
from facilitator.archive.files.forms import MOST_STEPS, KnowledgeForm
from facilitator.archive.files.kinds import Unusable
from facilitator.archive.models import Card
from facilitator.core.text import one_line, tidy

SINGLE = ("video", "captions", "paper")
LONGEST_STEP, LONGEST_ALT = 600, 200


@dataclass(frozen=True)
class TypedStep:
    """A step as it stands in the form: its words, the picture it has, and what is wrong with it, also as a status."""

    text: str
    picture_id: str = ""
    alt: str = ""
    error: str = ""
    status: int = 0


def keep_files(form: KnowledgeForm, card: Card) -> int:
    """Keeps the single files that were chosen, each in place of the one before; answers 0 or the status of what went wrong."""
    status = 0
    for kind in SINGLE:
        chosen = chosen_file(kind)
        if request.form.get(f"drop_{kind}") or chosen is not None:
            problem = _replace(card.id, kind, chosen)
            if problem:
                form[kind].errors = [str(problem)]
                status = max(status, problem.status)
    return status


def _replace(card_id: str, kind: str, chosen: BinaryIO | None) -> Unusable | None:
    earlier = [found.id for found in files_of(card_id) if found.kind == kind]
    if chosen is None:
        for file_id in earlier:
            detach(card_id, file_id)
        return None
    try:
        attach(card_id, kind, chosen, instead_of=earlier)
    except Unusable as unusable:
        return unusable
    return None


def typed_steps(card: Card) -> list[TypedStep]:
    """The steps as they were sent, without their new pictures; a step without words and picture is no step."""
    known = {found.id for found in files_of(card.id) if found.kind == "picture"}
    found = [_typed_step(number, known) for number in range(sent_steps())]
    return [step for step in found if step.text or step.picture_id]


def kept_steps(card: Card) -> list[TypedStep]:
    """The same, their new pictures kept."""
    known = {found.id for found in files_of(card.id) if found.kind == "picture"}
    found = [_with_new_picture(card, number, _typed_step(number, known)) for number in range(sent_steps())]
    return [step for step in found if step.text or step.picture_id or step.error]


def _typed_step(number: int, known: set[str]) -> TypedStep:
    text = tidy(request.form.get(f"step_{number}"))
    alt = one_line(request.form.get(f"alt_{number}"))
    picture_id = request.form.get(f"picture_id_{number}", "")
    is_kept = picture_id in known and not request.form.get(f"drop_{number}")
    problem = _too_long(text, LONGEST_STEP) or _too_long(alt, LONGEST_ALT)
    return TypedStep(text, picture_id if is_kept else "", alt, problem, 422 if problem else 0)


def _too_long(text: str, most: int) -> str:
    return str(_("Keep it within %(most)s characters.", most=most)) if len(text) > most else ""


def _with_new_picture(card: Card, number: int, step: TypedStep) -> TypedStep:
    chosen = chosen_file(f"picture_{number}")
    if chosen is None:
        return step
    try:
        return replace(step, picture_id=attach(card.id, "picture", chosen))
    except Unusable as unusable:
        return replace(step, error=str(unusable), status=unusable.status)


def sent_steps() -> int:
    """How many steps the form had."""
    return min(MOST_STEPS, request.form.get("steps", 0, type=int))


def chosen_file(name: str) -> BinaryIO | None:
    """The file of a field, if one was chosen."""
    found = request.files.get(name)
    return found.stream if isinstance(found, FileStorage) and found.filename else None  # type: ignore[return-value]  # a file
