"""The actions of a meeting, for a report: taken on now, and looked back on. Pure.

Promises: an action counts once its owner has said that it is right, and how an earlier one went is told only once the
owner's answer was revealed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pydantic.json_schema import SkipJsonSchema

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import NOTHING, facets
from facilitator.meetings.showing.texts import public_fields
from facilitator.meetings.snapshot import Action, Snapshot
from facilitator.methods.vocabulary import Facet
from facilitator.reports.texts import READER, is_out, may_read


@dataclass(frozen=True, slots=True)
class Deed:
    """An if-then action. `status` and `effect` are filled where the group looked back on it; `status_key` is
    `phase:form.field.choice`, by which the method has the words of the status.
    """

    owner: str
    buddy: str
    when_if: str
    then: str
    due: date | None
    status: str = ""
    effect: str = ""
    status_key: str = ""
    # Tells it apart while its words are corrected. It is no word of the report, and so in no file and no fingerprint.
    key: SkipJsonSchema[str] = field(default="", compare=False)


def deeds(snapshot: Snapshot, step: Step) -> tuple[Deed, ...]:
    """The actions that were taken on in a step; a draft that its owner has not confirmed is nobody's business."""
    if Facet.ACTIONS not in facets(snapshot.phases[step.id], READER, True):
        return ()
    found = []
    for action in snapshot.actions:
        item = snapshot.item(action.item_id)
        if item is None or item.step_id != step.id or action.is_carried or not action.is_confirmed:
            continue
        if is_out(item):
            found.append(_deed(snapshot, action))
    return tuple(found)


def makes_action(snapshot: Snapshot, step: Step) -> bool:
    """Whether actions are taken on in a step."""
    return any(form.makes_action for form in snapshot.phases[step.id].forms)


def _deed(snapshot: Snapshot, action: Action, status: str = "", effect: str = "", status_key: str = "") -> Deed:
    return Deed(
        owner=snapshot.name(action.owner_id) or action.owner_name,
        buddy=snapshot.name(action.buddy_id),
        when_if=action.when_if,
        then=action.then,
        due=action.due,
        status=status,
        effect=effect,
        status_key=status_key,
        key=action.id,
    )


def follow_up(snapshot: Snapshot, locale: str) -> tuple[Deed, ...]:
    """The actions of earlier meetings, from the moment the group looks back on them."""
    step = next((step for step in snapshot.state.steps if looks_back(snapshot, step)), None)
    if step is None:
        return ()
    return tuple(_looked_back(snapshot, step, action, locale) for action in rules.actions_to_answer(snapshot))


def looks_back(snapshot: Snapshot, step: Step) -> bool:
    """Whether in this step the group has looked back on earlier actions; it has where an answer came out before it was passed over."""
    about = [form.key for form in snapshot.phases[step.id].forms if form.about_actions]
    seen = facets(snapshot.phases[step.id], READER, True) if step.has_begun else NOTHING
    came_out = any(item.form in about and is_out(item) for item in snapshot.items_of(step))
    return Facet.ACTIONS in seen and bool(about) and (step.was_held or came_out)


def _looked_back(snapshot: Snapshot, step: Step, action: Action, locale: str) -> Deed:
    """An earlier action with its status and effect, unless its owner's answer is hidden or was taken off the table."""
    phase = snapshot.phases[step.id]
    form = next(form for form in phase.forms if form.about_actions)
    answers = [item for item in snapshot.items_of(step, form.key) if item.about_id == action.id]
    if not all(may_read(snapshot, step, item) for item in answers):
        return _deed(snapshot, action)
    choice = f"{form.key}.status.{action.status}"
    label = phase.text(locale).choices.get(choice, "")
    is_private = any(field.name == "status" and field.is_private for field in form.fields)
    effect = " ".join(text for item in answers for text in public_fields(snapshot, item))
    effect = effect or (action.told.line if action.told and not answers else "")
    if is_private or not label:
        return _deed(snapshot, action, "", effect)
    return _deed(snapshot, action, label, effect, f"{step.key}:{choice}")
