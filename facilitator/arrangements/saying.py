"""What the forms and states of arrangements are called."""

from __future__ import annotations

from flask_babel import gettext as _

from facilitator.arrangements.models import BUDDY
from facilitator.arrangements.reading import State


def form_of(form: str) -> str:
    """What a form is called, in the reader's language."""
    return str({BUDDY: _("Buddies")}[form])


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
