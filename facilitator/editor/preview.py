"""How a phase looks: on the wall, on phones and on the console, before what was written is revealed and after. Drawn by the very screens
of a meeting, from a meeting that is made up.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from facilitator.core.db import now
from facilitator.editor import made_up
from facilitator.editor.words import option
from facilitator.meetings.screens import build, rendered
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.problem import is_hidden
from facilitator.methods.vocabulary import Audience, Method, Phase

SEATS = {
    Audience.WALL: ("wall", "wall"),
    Audience.PEER: ("ada", "phone"),
    Audience.CASE_GIVER: (made_up.GIVER, "phone"),
    Audience.MODERATOR: ("mo", "console"),
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen: whose, of which kind, and the page of it; empty where it cannot be drawn yet."""

    title: str
    view: str
    page: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What everybody sees at one moment."""

    title: str
    screens: tuple[Shown, ...]


def moments(method: Method, phase: Phase, locale: str) -> tuple[Moment, ...]:
    """Before and after the reveal, or once where nothing waits for one."""
    hides = any(is_hidden(form) for form in phase.forms) or phase.shows is not None
    titles = (
        {False: _("Before it is revealed"), True: _("Once it is revealed")} if hides else {True: _("In this phase")}
    )
    found = []
    for is_revealed, title in titles.items():
        meeting = made_up.meeting(method, phase.key, _words(locale), locale, now(), is_revealed=is_revealed)
        found.append(Moment(title, tuple(_shown(meeting, audience, locale) for audience in SEATS)))
    return tuple(found)


def _shown(meeting: Snapshot, audience: Audience, locale: str) -> Shown:
    name, view = SEATS[audience]
    seat = meeting.seat(name)
    assert seat is not None
    try:
        drawn = rendered(meeting, build(meeting, seat, view), locale, view).html_for(seat.name)
    except (LookupError, ValueError, TypeError):  # what is wrong with the draft is said beside its fields
        log.exception("a preview could not be drawn")
        return Shown(str(option(audience)), view, "")
    return Shown(
        str(option(audience)), view, render_template("editor/screen.html", view=view, content=drawn, locale=locale)
    )


def _words(locale: str) -> made_up.Words:
    with force_locale(locale):
        return made_up.Words(
            title=_("A starter who says nothing"),
            question=_("How can I keep him with us?"),
            when_if=_("I see him on Monday"),
            then=_("I ask him what he needs"),
            texts={
                "gia": _("I notice that I fill in the silence myself."),
                "pete": _("What happened just before he walked away?"),
                "ada": _("When does he talk of his own accord?"),
                "bob": _("Who does he go to with a question?"),
            },
        )
