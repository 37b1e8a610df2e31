"""The papers of proof, as data for the typesetter: a certificate, an attendance list, an overview, hours for a register, an annex.

Promises: everything on them comes from what was confirmed or from their holder; none is made from a meeting's texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from facilitator.core.addresses import base_here
from facilitator.core.codes import in_groups
from facilitator.core.pdf import typeset
from facilitator.core.qr import qr
from facilitator.core.times import times_of_day
from facilitator.proof import labels
from facilitator.proof.actions import Issued
from facilitator.proof.content import Confirmed, Held, Listed, Moderator, Particulars, Proof, Reflection
from facilitator.proof.models import RegisterRule
from facilitator.proof.overview import Overview, Session
from facilitator.proof.registers import RegisterYear

Rows = list[tuple[str, str]]


def certificate(issued: Issued, locale: str) -> bytes:
    proof, number = issued.proof, in_groups(issued.number)
    address = f"{base_here()}/proof/{number}"
    code = qr(address)
    data = {
        "kind": _("Peer consultation"),
        "title": _("Proof of participation"),
        "name": proof.name,
        "own": _filled([(_("Function"), proof.function), (_("Registration number"), proof.registration)]),
        "facts": _filled(
            [
                *_meeting(proof.held, locale),
                (_("Net time, without pauses"), labels.length(proof.minutes)),
                (_("Role"), labels.role(proof.role, proof.held, proof.gave_by)),
                (_("Promised confidentiality"), labels.yes_or_no(proof.has_agreed)),
                (_("Taking part"), labels.signed(proof)),
                (_("Moderator"), _moderator(proof.held.moderator)),
            ]
        ),
        "people": _people(proof),
        "signatures": [_("Signature of the participant"), _("Signature of the moderator")],
        "issued": [(_("Issued on"), format_date(issued.issued_on, "long")), (_("Document number"), number)],
        "check": {
            "text": _(
                "Check this number at %(address)s. The page says whether it is genuine, and nothing else.",
                address=address,
            ),
            "qr": {"path": code.path, "size": code.size},
            "alt": _("QR code of the address where this number can be checked"),
        },
        "foot": _("Proof of participation, %(number)s", number=number),
    }
    return typeset("certificate", data, locale=locale, title=_("Proof of participation")).content


def attendance(
    held: Held, people: Sequence[tuple[Confirmed, Particulars, bool]], confirmed_on: date, locale: str
) -> bytes:
    """The attendance list: who confirmed that they took part, and room for the signatures of others. It does not say whose case it was."""
    data = {
        "kind": _("Peer consultation"),
        "title": _("Attendance list"),
        "facts": _filled([*_meeting(held, locale), (_("Moderator"), _moderator(held.moderator))]),
        "heads": [_("Name"), _("Came"), _("Went"), _("Net time"), _("Signature")],
        "rows": [_attended(confirmed, own, signed) for confirmed, own, signed in people if confirmed.was_there],
        "signature": _("Signature of the moderator"),
        "confirmed": _("Confirmed by the moderator on %(day)s.", day=format_date(confirmed_on, "long")),
        "foot": _("Attendance list, %(day)s", day=format_date(held.started_at, "long")),
    }
    return typeset("attendance", data, locale=locale, title=_("Attendance list")).content


def overview(found: Overview, name: str, made_at: datetime, locale: str) -> bytes:
    """Somebody's sessions and hours over a period."""
    data = {
        "kind": _("Peer consultation"),
        "title": _("Overview of participation"),
        "name": name,
        "facts": [(_("Period"), labels.period(found.first, found.last)), *_totals(found)],
        "years_title": _("Per year"),
        "years": [
            {
                "year": str(year.year),
                "text": f"{labels.sessions(year.sessions)}, {labels.length(year.minutes)}",
                "share": year.share,
            }
            for year in found.years
        ],
        "bars_alt": "; ".join(f"{year.year}: {labels.length(year.minutes)}" for year in found.years),
        "sessions_title": _("Sessions"),
        "heads": [_("Date"), _("Group"), _("Method"), _("Role"), _("Net time"), _("Document number")],
        "rows": [_session(session, locale) for session in found.sessions],
        "none": _("There are no sessions in this period."),
        "made": _("Made on %(day)s.", day=format_date(made_at, "long")),
        "foot": _("Overview of participation of %(name)s", name=name),
    }
    return typeset("overview", data, locale=locale, title=_("Overview of participation")).content


def register(
    rule: RegisterRule, years: Sequence[RegisterYear[Session]], name: str, made_at: datetime, locale: str
) -> bytes:
    """Somebody's hours by the years of a register. It says what was asked for by whoever filled it in, not what the register says."""
    title = _("Hours for a register")
    data = {
        "kind": _("Peer consultation"),
        "title": title,
        "name": name,
        "facts": [(_("Register"), rule.name), (_("As it was filled in"), "; ".join(labels.register(rule)))],
        "years": [_register_year(year, locale) for year in years],
        "heads": [_("Date"), _("Group"), _("Method"), _("Net time"), _("Document number")],
        "left_out_title": _("Not counted"),
        "left_out_heads": [_("Date"), _("Group"), _("Net time"), _("Why not")],
        "none": _("There are no sessions in this period."),
        "made": _("Made on %(day)s.", day=format_date(made_at, "long")),
        "foot": _("Hours for a register of %(name)s", name=name),
    }
    return typeset("register", data, locale=locale, title=title).content


def _register_year(year: RegisterYear[Session], locale: str) -> dict[str, object]:
    lines = [(line.label, labels.length(line.minutes)) for line in labels.standing(year)]
    return {
        "title": labels.register_year(year),
        "alt": "; ".join(f"{label}: {length}" for label, length in lines),
        "pieces": year.pieces,
        "facts": lines,
        "rows": [
            [
                format_date(one.day, "medium"),
                labels.group(one.held),
                labels.method(one.held, locale),
                labels.length(one.minutes),
                in_groups(one.number) if one.number else "–",
            ]
            for one in year.sessions
        ],
        "left_out": [
            [
                format_date(one.day, "medium"),
                labels.group(one.held),
                labels.length(one.minutes),
                labels.lack(why, one.people),
            ]
            for one, why in year.left_out
        ],
    }


def annex(found: Reflection, name: str, locale: str) -> bytes:
    """Somebody's own annex, for themselves to hand to whom they like."""
    when = format_date(found.held_at, "full") if found.held_at else ""
    data = {
        "kind": _("Personal annex to a proof of participation"),
        "title": _("What I take with me"),
        "facts": _filled(
            [(_("Name"), name), (_("Group"), found.group), (_("Date"), when), (_("Competence"), found.competence)]
        ),
        "parts": [{"title": title, "text": text} for title, text in labels.reflection(found) if text],
        "none": _("Nothing is filled in."),
        "foot": _("Personal annex of %(name)s", name=name),
    }
    return typeset("annex", data, locale=locale, title=_("Personal annex")).content


def file_name(kind: str, moment: datetime | None, ending: str = "pdf") -> str:
    """What a file is called: its kind and a date, and nothing of whom or what."""
    return f"{kind}-{format_datetime(moment, 'yyyy-MM-dd')}.{ending}" if moment else f"{kind}.{ending}"


def _meeting(held: Held, locale: str) -> Rows:
    return [
        (_("Group"), labels.group(held)),
        (_("Date"), labels.day(held)),
        (_("Time"), labels.hours(held)),
        (_("Place"), labels.place(held)),
        (_("Method"), labels.method(held, locale)),
        (_("Theme"), held.theme),
    ]


def _moderator(found: Moderator) -> str:
    return _with_number(found.name, found.function, found.registration)


def _people(proof: Proof) -> dict[str, object]:
    """Those who want to be named, and how many there were."""
    return {
        "title": _("Participants"),
        "count": labels.people(proof.people, len(proof.listed)),
        "names": [_listed(listed) for listed in proof.listed],
    }


def _listed(found: Listed) -> str:
    return _with_number(found.name, found.function, found.registration)


def _with_number(name: str, function: str, registration: str) -> str:
    number = _("registration number %(number)s", number=registration) if registration else ""
    return ", ".join(part for part in (name, function, number) if part)


def _attended(confirmed: Confirmed, own: Particulars, has_signed: bool) -> list[str]:
    assert confirmed.came is not None
    assert confirmed.went is not None
    name = own.name or confirmed.name if own.is_listed else confirmed.name
    who = _with_number(name, own.function, own.registration) if own.is_listed else name
    came, went = times_of_day(confirmed.came, confirmed.went)
    return [who, came, went, labels.length(confirmed.minutes), _("confirmed") if has_signed else ""]


def _totals(found: Overview) -> Rows:
    return [(_("Sessions"), str(len(found.sessions))), (_("Net time together"), labels.length(found.minutes))]


def _session(found: Session, locale: str) -> list[str]:
    return [
        format_date(found.held.started_at, "medium"),
        labels.group(found.held),
        labels.method(found.held, locale),
        labels.role(found.role, found.held, found.gave_by),
        labels.length(found.minutes),
        in_groups(found.number) if found.number else "–",
    ]


def _filled(rows: Rows) -> Rows:
    return [(label, value) for label, value in rows if value]
