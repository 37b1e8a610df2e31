"""The forms of consent: the pieces of a draft, and how an action went."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from facilitator.archive.forms import LONGEST, LONGEST_TITLE, VERDICTS
from facilitator.consent.drafts import Draft, Piece, Place
from facilitator.consent.redaction import Finding, applied, find
from facilitator.core.forms import Form
from facilitator.core.text import tidy


@dataclass(frozen=True)
class Row:
    """One piece as its case giver edits it: the form's fields, and what is marked in the report's words."""

    piece: Piece
    text: TextAreaField
    use: BooleanField
    findings: tuple[tuple[Finding, str, bool], ...]


class PiecesForm(Form):
    """The pieces of one draft; made by `pieces_form`, because every draft has others."""


def pieces_form(draft: Draft) -> PiecesForm:
    fields: dict[str, object] = {}
    numbers: dict[Place, int] = {}
    many = {place for place in Place if sum(p.place is place for p in draft.pieces) > 1}
    for piece in draft.pieces:
        numbers[piece.place] = numbers.get(piece.place, 0) + 1
        name = _name(piece.place, numbers[piece.place] if piece.place in many else 0)
        fields[text_of(piece)] = TextAreaField(
            name,
            default=piece.text,
            validators=[Length(max=longest(piece.place), message=_l("Keep it within %(max)d characters."))],
        )
        fields[use_of(piece)] = BooleanField(_("On the card"), default=piece.is_included)
    form: PiecesForm = type("Pieces", (PiecesForm,), fields)()
    return form


def longest(place: Place) -> int:
    return LONGEST_TITLE if place is Place.TITLE else LONGEST


def text_of(piece: Piece) -> str:
    return "text_" + piece.key.replace("-", "_")


def use_of(piece: Piece) -> str:
    return "use_" + piece.key.replace("-", "_")


def rows(form: PiecesForm, draft: Draft, names: tuple[str, ...], locale: str) -> list[Row]:
    return [_row(form, piece, find(piece.original, names, locale)) for piece in draft.pieces]


def answers(form: PiecesForm, draft: Draft, sent: MultiDict[str, str], names: tuple[str, ...], locale: str) -> Draft:
    """The draft as it was sent. Who changes which proposals are taken and leaves the words alone gets the words made anew."""
    for piece in draft.pieces:
        findings = find(piece.original, names, locale)
        wanted = sent.getlist(f"swap_{piece.key}")
        chosen = [one for one in findings if f"{one.start}-{one.end}" in wanted]
        text = str(form[text_of(piece)].data or "")
        if text == tidy(piece.text) == tidy(applied(piece.original, _taken(piece, findings))):
            text = tidy(applied(piece.original, chosen))
        draft = draft.changed(piece.key, text, is_included=bool(form[use_of(piece)].data))
    return draft


def _row(form: PiecesForm, piece: Piece, findings: tuple[Finding, ...]) -> Row:
    taken = _taken(piece, findings)
    marked = tuple((one, one.of(piece.original), one in taken) for one in findings)
    text, use = form[text_of(piece)], form[use_of(piece)]
    assert isinstance(text, TextAreaField)
    assert isinstance(use, BooleanField)
    return Row(piece, text, use, marked)


def _taken(piece: Piece, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The proposals that were taken: what they replace does not stand in the text any more."""
    return tuple(one for one in findings if one.of(piece.original).strip() not in piece.text)


def _name(place: Place, number: int) -> str:
    name = place_name(place)
    return f"{name} {number}" if number else name


def place_name(place: Place) -> str:
    """What a place on the card is called, as above its words there."""
    names: dict[Place, str] = {
        Place.TITLE: _("Title"),
        Place.QUESTION: _("Question"),
        Place.CONTEXT: _("Situation"),
        Place.TRIED: _("Tried before"),
        Place.INSIGHTS: _("Insight"),
        Place.ADVICE: _("Advice"),
        Place.ACTION: _("Action"),
        Place.WHEN_TO_USE: _("When to use it"),
        Place.WHEN_NOT: _("When not"),
    }
    return names[place]


def place_hint(place: Place) -> str:
    """What helps to fill in a place that the report leaves empty."""
    hints: dict[Place, str] = {
        Place.CONTEXT: _("Role, setting, phase. Would a colleague know who this is about?"),
        Place.TRIED: _("What was tried already, and what came of it."),
        Place.WHEN_TO_USE: _("In which situations would this help somebody else?"),
        Place.WHEN_NOT: _("When would you advise against it?"),
    }
    return hints.get(place, "")


class OutcomeForm(Form):
    outcome = RadioField(
        _l("How did it go?"),
        choices=VERDICTS,
        validators=[InputRequired(message=_l("Choose how it went."))],
    )
    why = TextAreaField(
        _l("Why do you think so?"),
        description=_l("A line or two, without names."),
        validators=[Length(max=LONGEST, message=_l("Keep it within %(max)d characters."))],
    )
