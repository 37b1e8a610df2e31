"""What is said of turns: the roles by name, why a turn is somebody's, and why it cannot be."""

from __future__ import annotations

from flask_babel import LazyString, get_locale, gettext, lazy_gettext

from facilitator.calendar.rota import Why
from facilitator.core import languages
from facilitator.meetings.turns import CASE_GIVER, MODERATOR, NOTE_TAKER, TIMEKEEPER, Turn
from facilitator.methods.roles import heading, role_names

_ = lazy_gettext

ROLE_NAMES: dict[str, LazyString] = {
    MODERATOR: _("Moderator"),
    CASE_GIVER: _("Case giver"),
    NOTE_TAKER: _("Note-taker"),
    TIMEKEEPER: _("Timekeeper"),
}
OWN_ROLES: dict[str, LazyString] = {
    MODERATOR: _("You moderate this meeting."),
    CASE_GIVER: _("You bring the case to this meeting."),
    NOTE_TAKER: _("You take notes in this meeting."),
    TIMEKEEPER: _("You watch the time in this meeting."),
}
SPARED: dict[str, LazyString] = {
    MODERATOR: _("I cannot moderate"),
    CASE_GIVER: _("I cannot bring a case"),
    NOTE_TAKER: _("I cannot take notes"),
    TIMEKEEPER: _("I cannot watch the time"),
}
REFUSALS: dict[str, LazyString] = {
    "turn_not_member": _("This person is not in the group any more. Choose somebody else."),
    "turn_away": _("%(name)s cannot come to this meeting. Choose somebody else."),
    "turn_spared": _("%(name)s said that they cannot take this role. Choose somebody else."),
    "turn_torn": _(
        "%(name)s cannot moderate the meeting in which they bring the case. Choose somebody else for one of the two."
    ),
    "swap_changed": _(
        "This swap is not possible any more: a turn changed, or somebody answered already. Nothing was changed."
    ),
    "turns_changed": _("Somebody changed a turn meanwhile. Look at how it is now; nothing was kept of what you chose."),
}


def role_name(turn: Turn) -> str:
    """A role as the method of its meeting calls it."""
    if turn.role == CASE_GIVER:
        return heading(role_names(str(get_locale()), turn.words).case_giver)
    return str(ROLE_NAMES[turn.role])


def own_role(turn: Turn) -> str:
    """The same as a sentence to whoever has it."""
    language = str(get_locale())
    has_own = bool(turn.words) and turn.role in turn.words.get(languages.nearest(language, turn.words), {})
    if has_own:
        return str(gettext("You are the %(role)s of this meeting.", role=role_names(language, turn.words).case_giver))
    return str(OWN_ROLES[turn.role])


def reason(why: str, role: str, name: str) -> str:
    """Why a turn is somebody's, in a sentence."""
    if why == Why.NEVER:
        return str(_NEVER[role] % {"name": name})
    return str(_REASONS[Why(why)] % {"name": name})


_NEVER: dict[str, LazyString] = {
    MODERATOR: _("%(name)s has not moderated yet."),
    CASE_GIVER: _("%(name)s has not brought a case yet."),
    NOTE_TAKER: _("%(name)s has not taken notes yet."),
    TIMEKEEPER: _("%(name)s has not watched the time yet."),
}
_REASONS: dict[Why, LazyString] = {
    Why.LONGEST: _("For %(name)s it is the longest ago of everybody who can."),
    Why.ONLY: _("Nobody but %(name)s can."),
    Why.FAIR: _("With %(name)s everybody has about as many turns."),
    Why.CHOSEN: _("%(name)s was chosen by whoever planned the meeting."),
    Why.SWAPPED: _("%(name)s has this turn by a swap."),
}
