"""What the forms and states of arrangements are called."""

from __future__ import annotations

from flask_babel import gettext as _

from facilitator.arrangements.models import BUDDY, COACHING, SHADOWING
from facilitator.arrangements.reading import State


def form_of(form: str) -> str:
    """What a form is called, in the reader's language."""
    said = {BUDDY: _("Buddies"), COACHING: _("Coaching on the job"), SHADOWING: _("Shadowing")}
    return str(said[form])


def goal_of(form: str) -> tuple[str, str]:
    """What is asked of its goal, and an example."""
    said = {
        BUDDY: (_("What is it for?"), _("For example: finding my way in the first half year.")),
        COACHING: (_("What will be watched?"), _("For example: how I explain a job to a starter.")),
        SHADOWING: (_("What is there to see or to learn?"), _("For example: how to plan a shift.")),
    }
    label, example = said[form]
    return str(label), str(example)


def kinds_of_offers() -> dict[str, str]:
    """What can be offered and wished for, by the value of its choice: the form, and whether it is a wish."""
    said = {
        "buddy-offer": _("I can be somebody’s buddy"),
        "buddy-wish": _("I would like a buddy"),
        "shadowing-offer": _("Somebody can come along and watch me"),
        "shadowing-wish": _("I would like to go along with somebody"),
    }
    return {what: str(text) for what, text in said.items()}


def state_of(state: State) -> str:
    """How it stands, in a sentence for one of its people."""
    said = {
        State.ASKED: _("You are asked. Say yes or no."),
        State.WAITS: _("It waits for an answer."),
        State.HOLDS: _("It is under way."),
        State.OVER: _("It is over."),
        State.NEVER: _("It did not come to it."),
    }
    return str(said[state])
