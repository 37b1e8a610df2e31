"""The actions that a screen may show: looked back on, or made now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.seen import Seen, facets
from facilitator.meetings.snapshot import Action, Item, Snapshot
from facilitator.methods.vocabulary import (
    Facet,
    MarkKind,
)


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action as an audience may see it; `status` and `effect` are empty until they are revealed. `may_note`: whoever leads
    notes how it went, because its owner cannot.
    """

    id: str
    item_id: str
    owner: str
    buddy: str
    when_if: str
    then: str
    due: date | None
    status: str = ""
    effect: str = ""
    is_mine: bool = False
    is_now: bool = False
    is_carried: bool = False
    may_note: bool = False
    owner_id: str = ""
    is_confirmed: bool = False
    may_confirm: bool = False
    may_be_buddy: bool = False
    is_buddy: bool = False


def planned_actions(me: Seen) -> tuple[ActionView, ...]:
    """The actions of the step at hand that a seat may see: looked back on, or made now."""
    phase, step = me.meeting.now.phase, me.meeting.now.step
    shown = me.shown
    if any(form.about_actions for form in phase.forms):
        found = rules.actions_to_answer(me.meeting) if Facet.ACTIONS in shown else ()
        return tuple(_looked_back(me, action, step) for action in found)
    if any(form.makes_action for form in phase.forms):
        made = tuple(
            action for action in me.meeting.actions if not action.is_carried and _is_of(me.meeting, action, step)
        )
        return tuple(_made_now(me, action) for action in made if _sees_action(me, action))
    return ()


def _is_of(snapshot: Snapshot, action: Action, step: Step) -> bool:
    item = snapshot.item(action.item_id)
    return item is not None and item.step_id == step.id and not item.is_removed


def _sees_action(me: Seen, action: Action) -> bool:
    """Confirmed actions go to whom the phase reveals them; a draft only to its owner and, where it was taken down, to the
    moderator, who confirms it for somebody without a phone.
    """
    item = me.meeting.item(action.item_id)
    if not me.seat.is_inside:
        return False
    if action.owner_id == me.seat.id:
        return True
    if not action.is_confirmed:
        return me.seat.kind == "moderator" and item is not None and item.is_taken_down
    return Facet.ACTIONS in facets(me.meeting.now.phase, me.audience(), True)


def _looked_back(me: Seen, action: Action, step: Step) -> ActionView:
    item = next((i for i in me.meeting.items_of(step) if i.about_id == action.id and not i.is_removed), None)
    visible = item is not None and item.is_shown and _sees_answer(me, item)
    told = action.told
    return ActionView(
        id=action.id,
        item_id=item.id if item and visible else "",
        owner=me.meeting.name(action.owner_id) or action.owner_name,
        buddy="",
        when_if=action.when_if,
        then=action.then,
        due=action.due,
        status=item.text("status") if item and visible else told.status if told else "",
        effect=item.text("effect") if item and visible else told.line if told else "",
        is_mine=action.owner_id == me.seat.id,
        is_now=step.item in (action.id, item.id if item else "-"),
        is_carried=True,
        may_note=rules.may_note(me.meeting, action),
        owner_id=action.owner_id or "",
        is_confirmed=True,
    )


def _sees_answer(me: Seen, item: Item) -> bool:
    phase = me.meeting.phases[item.step_id]
    who = me.audience()
    return Facet.ITEMS in facets(phase, who, item.is_revealed) or item.is_by(me.seat)


def _made_now(me: Seen, action: Action) -> ActionView:
    mine = action.owner_id == me.seat.id
    open_for_buddy = action.is_confirmed and action.buddy_id is None and not mine
    is_peer = me.seat.kind == "participant" and me.seat.is_present
    return ActionView(
        id=action.id,
        item_id=action.item_id or "",
        owner=me.meeting.name(action.owner_id) or action.owner_name,
        buddy=me.meeting.name(action.buddy_id),
        when_if=action.when_if,
        then=action.then,
        due=action.due,
        is_mine=mine,
        is_confirmed=action.is_confirmed,
        may_confirm=not action.is_confirmed and mine,
        may_be_buddy=open_for_buddy and is_peer and me.marks is not None and me.marks.kind is MarkKind.BUDDY,
        is_buddy=action.buddy_id == me.seat.id,
    )
