"""What proof says in words, in the language of whoever reads it.

Promises: it says who took part, when, how long and as what. It says nothing about what that is worth to anybody else.
"""

from __future__ import annotations

from flask_babel import format_date, format_time, gettext, ngettext

from facilitator.methods.loader import load_catalogue
from facilitator.proof.content import Held, Role
from facilitator.proof.corrections import CannotBe, Wrong
from facilitator.proof.presence import Stay


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


def role(found: Role) -> str:
    """What somebody was."""
    return {Role.PEER: _("peer"), Role.CASE_GIVER: _("case giver"), Role.MODERATOR: _("moderator")}[found]


def length(minutes: int) -> str:
    """So many hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(num)s minute", "%(num)s minutes", rest))
    return " ".join(parts)


def method(held: Held, locale: str) -> str:
    """The method by its name in this language; by the name it had, where its file is gone."""
    found = load_catalogue().get(held.method_key)
    return found.text(locale).title if found else held.method


def group(held: Held) -> str:
    """The group with its number at a register and the number of the meeting, as far as they are there."""
    name = (
        f"{held.group} ({held.group_number})" if held.group and held.group_number else held.group or held.group_number
    )
    if name and held.number:
        return _("%(group)s, meeting %(number)s", group=name, number=held.number)
    return name


def place(held: Held) -> str:
    """Where it was."""
    if held.is_online:
        return f"{_('live video')}, {held.place}" if held.place else _("live video")
    return held.place


def day(held: Held) -> str:
    """The date, in full."""
    return str(format_date(held.started_at, "full"))


def hours(held: Held) -> str:
    """From when until when."""
    start, end = format_time(held.started_at, "HH:mm"), format_time(held.ended_at, "HH:mm")
    return _("%(start)s to %(end)s", start=start, end=end)


def counted(found: Stay | None) -> str:
    """What was counted of somebody."""
    if found is None:
        return _("Counted: not there while the meeting ran")
    came, went = format_time(found.came, "HH:mm"), format_time(found.went, "HH:mm")
    return _("Counted: %(came)s to %(went)s, %(length)s net", came=came, went=went, length=length(found.minutes))


def yes_or_no(is_so: bool) -> str:
    """A question with two answers."""
    return _("yes") if is_so else _("no")


def cannot_be(wrong: CannotBe, name: str, ran_from: str, ran_to: str) -> str:
    """Why a correction of somebody cannot be."""
    sentences = {
        Wrong.OUTSIDE: _("%(name)s: the meeting ran from %(start)s to %(end)s.", name=name, start=ran_from, end=ran_to),
        Wrong.TURNED: _("%(name)s: the time of going is before the time of coming.", name=name),
        Wrong.TOO_LONG: _("%(name)s: there were %(most)s net minutes between these times.", name=name, most=wrong.most),
    }
    return sentences[wrong.wrong]


def themes() -> tuple[str, ...]:
    """Words for a theme that tell no case."""
    return (
        _("cooperation"),
        _("giving and receiving feedback"),
        _("guiding starters"),
        _("my role and my task"),
        _("setting limits"),
        _("workload"),
        _("dealing with resistance"),
        _("difficult conversations"),
        _("change at work"),
        _("safety at work"),
    )
