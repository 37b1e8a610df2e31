"""From a seat to an audience, and from an audience to what a phase reveals to it. What is not named is hidden."""

from __future__ import annotations

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.snapshot import Item, Seat, Snapshot
from facilitator.methods.vocabulary import Audience, Facet, Phase

NOTHING: frozenset[Facet] = frozenset()


def audience_of(snapshot: Snapshot, seat: Seat, step: Step | None = None) -> Audience:
    """Which audience a seat is in a step, worked out anew at every sending."""
    if seat.kind == "moderator":
        return Audience.MODERATOR
    if seat.kind == "wall":
        return Audience.WALL
    return Audience.CASE_GIVER if rules.is_case_giver(snapshot, seat, step) else Audience.PEER


def facets(phase: Phase, audience: Audience, is_revealed: bool) -> frozenset[Facet]:
    """What a phase shows an audience, before or after the reveal."""
    reveal = phase.reveals.get(audience)
    if reveal is None:
        return NOTHING
    return reveal.before | reveal.after if is_revealed else reveal.before


def may_see_item(snapshot: Snapshot, seat: Seat, item: Item) -> bool:
    """Whether a text goes out to a seat in its own step: revealed to this audience, or written by this very seat."""
    step = next((step for step in snapshot.state.steps if step.id == item.step_id), None)
    if step is None or item.is_removed:
        return False
    shown = facets(snapshot.phases[step.id], audience_of(snapshot, seat, step), item.is_revealed)
    if item.seat_id is not None and item.seat_id == seat.id:
        return Facet.OWN in shown
    if not item.is_shown:
        return False
    return Facet.ITEMS in shown or (Facet.CURRENT in shown and is_on_table(step, item))


def may_see_author(snapshot: Snapshot, seat: Seat, item: Item) -> bool:
    """Whether the name under a text goes out to a seat."""
    step = next((step for step in snapshot.state.steps if step.id == item.step_id), None)
    if step is None or not item.is_revealed:
        return False
    return Facet.NAMES in facets(snapshot.phases[step.id], audience_of(snapshot, seat, step), True)


def is_on_table(step: Step, item: Item) -> bool:
    """Whether a text is the one that is talked about: put there, or its writer has the floor."""
    return item.id == step.item or (step.speaker is not None and item.seat_id == step.speaker)
