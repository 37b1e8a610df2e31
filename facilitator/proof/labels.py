"""What proof says in words, in the language of whoever reads it.

Promises: it says who took part, when, how long and as what. It says nothing about what that is worth to anybody else.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from flask_babel import format_date, get_locale, gettext, ngettext

from facilitator.core.times import times_of_day
from facilitator.meetings.titles import Named, role_words, title, together
from facilitator.methods.roles import role_names
from facilitator.proof.content import Held, Proof, Reflection, Role
from facilitator.proof.corrections import CannotBe, Wrong
from facilitator.proof.models import RegisterRule
from facilitator.proof.overview import Session
from facilitator.proof.presence import Stay
from facilitator.proof.registers import Lack, RegisterYear

LEAP_YEAR = 2024  # has every day there is


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


def role(found: Role, held: Held, gave_by: str = "") -> str:
    """What somebody was in a meeting, by the words of its method, or of that of the case they gave."""
    giver = role_names(str(get_locale()), role_words(_named(held, gave_by or held.method_key))).case_giver
    return {Role.PEER: _("peer"), Role.CASE_GIVER: giver, Role.MODERATOR: _("moderator")}[found]


def length(minutes: int) -> str:
    """So many hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(num)s minute", "%(num)s minutes", rest))
    return " ".join(parts)


def in_hours(minutes: int) -> Decimal:
    """So many hours, as a number."""
    return round(Decimal(minutes) / 60, 2)


def method(held: Held, locale: str) -> str:
    """The method by the name it had in this language, and those of further cases."""
    keys = (held.method_key, *(key for key, _name in held.further))
    return together(title(key, _named(held, key).method_titles, locale) for key in keys)


def _named(held: Held, key: str) -> Named:
    """A method by its names; of what was confirmed before they were kept, by the one it had in the language of the meeting."""
    kept = next((one for one in held.methods if one.method_key == key), None)
    return kept or Named(key, {"": dict(((held.method_key, held.method), *held.further)).get(key, key)}, {})


def group(held: Held) -> str:
    """The group with its number at a register and the number of the meeting, as far as they are there."""
    name = (
        f"{held.group} ({held.group_number})" if held.group and held.group_number else held.group or held.group_number
    )
    if name and held.number:
        return _("%(group)s, meeting %(number)s", group=name, number=held.number)
    return name


def place(held: Held) -> str:
    if held.is_online:
        return ", ".join(part for part in (_("live video"), held.place) if part)
    return held.place


def day(held: Held) -> str:
    return str(format_date(held.started_at, "full"))


def hours(held: Held) -> str:
    start, end = times_of_day(held.started_at, held.ended_at)
    return _("%(start)s to %(end)s", start=start, end=end)


def counted(found: Stay | None) -> str:
    if found is None:
        return _("Counted: not there while the meeting ran")
    came, went = times_of_day(found.came, found.went)
    return _("Counted: %(came)s to %(went)s, %(length)s net", came=came, went=went, length=length(found.minutes))


def yes_or_no(is_so: bool) -> str:
    """A question with two answers."""
    return _("yes") if is_so else _("no")


def cannot_be(wrong: CannotBe, name: str, ran_from: str, ran_to: str) -> str:
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


def period(first: date | None, last: date | None) -> str:
    """From when until when an overview goes."""
    if first and last:
        return _("%(first)s to %(last)s", first=format_date(first, "long"), last=format_date(last, "long"))
    if first:
        return _("from %(first)s on", first=format_date(first, "long"))
    return _("up to %(last)s", last=format_date(last, "long")) if last else _("everything")


def unreadable(count: int) -> str:
    """That some sessions do not open any more."""
    return str(
        ngettext(
            "%(num)s session cannot be read any more and is not counted.",
            "%(num)s sessions cannot be read any more and are not counted.",
            count,
        )
    )


def sessions(count: int) -> str:
    return str(ngettext("%(num)s session", "%(num)s sessions", count))


def people(count: int, named: int) -> str:
    """How many took part, and how many of them are named."""
    there = str(ngettext("%(num)s person took part.", "%(num)s people took part.", count))
    return there if named in (0, count) else " ".join((there, _("Named are those who want to be.")))


def signed(found: Proof) -> str:
    """Who confirmed that they took part, as far as a certificate tells it: nothing of others one by one."""
    if found.all_signed and found.people > 1:
        return str(
            ngettext(
                "%(num)s participant confirmed it",
                "all %(num)s participants confirmed it",
                found.people,
            )
        )
    return _("the participant confirmed it") if found.has_signed else ""


def reflection(found: Reflection) -> list[tuple[str, str]]:
    return [
        (_("My learning goal"), found.goal),
        (_("How I did it: technique and tools"), found.technical),
        (_("What I find right: values and norms"), found.normative),
        (_("What it does to me, and what I bring along"), found.personal),
        (_("My learning point"), found.learned),
        (_("What I am going to do"), found.intended),
    ]


def months() -> dict[int, str]:
    """The months by name."""
    return {month: str(format_date(date(LEAP_YEAR, month, 1), "LLLL")) for month in range(1, 13)}


def days_in(month: int) -> int:
    """How many days a month has at most."""
    return monthrange(LEAP_YEAR, month)[1]


def register(rule: RegisterRule) -> list[str]:
    """What a register asks for, a sentence each."""
    begins = format_date(date(LEAP_YEAR, rule.month, rule.day), "d MMMM")
    found = [
        ngettext("%(num)s hour a year", "%(num)s hours a year", rule.hours),
        _("its year begins on %(day)s", day=begins),
    ]
    if rule.along:
        along = ngettext("at most %(num)s hour goes along", "at most %(num)s hours go along", rule.along)
        found.append(along)
    if rule.smallest > 1:
        found.append(_("groups of %(count)s people or more count", count=rule.smallest))
    if rule.needs_all:
        found.append(_("everybody who took part must confirm it"))
    return [str(one) for one in found]


def register_year(found: RegisterYear[Session]) -> str:
    """A year of a register: by its number where it is one of the calendar."""
    if (found.first.month, found.first.day) == (1, 1):
        return str(found.first.year)
    return period(found.first, found.last)


class Line(NamedTuple):
    """A line about a year; `piece` names the part of its bar that this is, if it is one."""

    label: str
    minutes: int
    piece: str = ""


def standing(found: RegisterYear[Session]) -> list[Line]:
    """What there is to say of a year: always what is asked for, reached and short, the rest where there is any."""
    asked, reached = Line(_("Asked for"), found.asked), Line(_("Reached in this year"), found.counted, "fill")
    brought = Line(_("Taken along from the year before"), found.brought, "along")
    short = Line(_("Still to go") if found.is_running else _("Short"), found.short, "rest")
    over = Line(_("Goes along to the next year"), found.over)
    return [line for line in (asked, brought, reached, short, over) if line.minutes or line not in (brought, over)]


def lack(why: Lack, people: int) -> str:
    """Why a session does not count."""
    sentences = {
        Lack.TOO_FEW: ngettext(
            "The group was too small: %(num)s person took part.",
            "The group was too small: %(num)s people took part.",
            people,
        ),
        Lack.UNSIGNED: _("Not everybody who took part has confirmed it yet."),
    }
    return str(sentences[why])
