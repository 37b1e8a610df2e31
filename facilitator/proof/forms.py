"""The forms of proof: who was there, what is printed of somebody, a person's own annex, a register, and typing a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, Field, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from facilitator.core import lengths
from facilitator.core.forms import Filled, Form, PlainForm, WholeNumber
from facilitator.proof import labels
from facilitator.proof.content import Held, Role
from facilitator.proof.counting import Person
from facilitator.proof.register_rules import Asked

LINE, SHORT, LONG = 120, 40, 2000


def _line(label: object, most: int = LINE, **attributes: str) -> StringField:
    length = Length(max=most, message=_("Use at most %(max)d characters."))
    return StringField(label, validators=[length], render_kw=attributes)  # type: ignore[arg-type]  # a lazy text acts as one


def _text(label: object) -> TextAreaField:
    length = Length(max=LONG, message=_("Use at most %(max)d characters."))
    return TextAreaField(label, validators=[length])  # type: ignore[arg-type]  # a lazy text acts as one


class PresenceForm(Form):
    """What the moderator says of the meeting; `presence_form` adds everybody's fields."""

    group_number = _line(_("Number of the group"), SHORT)
    is_online = BooleanField(_("It was held by live video"))
    place = _line(_("Place"))
    theme = _line(_("Theme, without the case"), 80, list="themes", autocomplete="off")
    moderator_name = StringField(
        _("Name of the moderator"),
        validators=[
            Filled(_("Fill in who led the meeting.")),
            Length(max=LINE, message=_("Use at most %(max)d characters.")),
        ],
    )
    moderator_function = _line(_("Role of the moderator"), 80)
    moderator_registration = _line(_("Registration number of the moderator"), SHORT)

    def of(self, person: Person) -> PersonFields:
        """Somebody's fields."""
        key, found = person.seat_id, self._fields
        return PersonFields(
            there=cast("BooleanField", found[f"there_{key}"]),
            came=cast("TimeField", found[f"came_{key}"]),
            went=cast("TimeField", found[f"went_{key}"]),
            minutes=cast("WholeNumber", found[f"minutes_{key}"]),
            role=cast("SelectField", found[f"role_{key}"]),
            agreed=cast("BooleanField", found[f"agreed_{key}"]),
            name=cast("StringField | None", found.get(f"name_{key}")),
            on_paper=cast("BooleanField | None", found.get(f"paper_{key}")),
        )


@dataclass(frozen=True)
class PersonFields:
    """The fields of one person; `name` and `on_paper` are there for whoever has no device to say it on."""

    there: BooleanField
    came: TimeField
    went: TimeField
    minutes: WholeNumber
    role: SelectField
    agreed: BooleanField
    name: StringField | None
    on_paper: BooleanField | None

    def all(self) -> Sequence[Field]:
        fields = (self.there, self.came, self.went, self.minutes, self.role, self.agreed, self.name, self.on_paper)
        return [field for field in fields if field is not None]


def presence_form(people: Sequence[Person], held: Held) -> type[PresenceForm]:
    """The form of a meeting, with fields for each of these people."""
    fields: dict[str, object] = {}
    for person in people:
        key = person.seat_id
        roles = [SelectChoice(role.value, labels.role(role, held, person.gave_by)) for role in Role]
        fields[f"there_{key}"] = BooleanField(_("Took part"))
        fields[f"came_{key}"] = TimeField(_("Came"), validators=[Optional()])
        fields[f"went_{key}"] = TimeField(_("Went"), validators=[Optional()])
        fields[f"minutes_{key}"] = WholeNumber(
            _("Net minutes"), validators=[Optional()], render_kw={"inputmode": "numeric"}
        )
        fields[f"role_{key}"] = SelectField(_("Role"), choices=roles)
        fields[f"agreed_{key}"] = BooleanField(_("Promised confidentiality"))
        if not person.has_phone:
            fields[f"name_{key}"] = _line(_("Name in full"))
            fields[f"paper_{key}"] = BooleanField(_("Signed the list on paper"))
    return type("PresenceFormOfMeeting", (PresenceForm,), fields)


class ParticularsForm(Form):
    """What somebody wants printed of themselves."""

    name = StringField(
        _("Name as it is printed"),
        validators=[
            Filled(_("Fill in your name as it should be printed.")),
            Length(max=LINE, message=_("Use at most %(max)d characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    function = _line(_("Your function"), 80, autocomplete="organization-title")
    registration = _line(_("Your registration number"), SHORT, autocomplete="off")
    is_listed = BooleanField(_("Name me on the papers of the others too"))


class AnnexForm(Form):
    goal = _text(_("My learning goal"))
    technical = _text(_("How I did it: technique and tools"))
    normative = _text(_("What I find right: values and norms"))
    personal = _text(_("What it does to me, and what I bring along"))
    learned = _text(_("My learning point"))
    intended = _text(_("What I am going to do"))
    competence = _line(_("Competence this belongs to"), 60)


def _figure(label: object, least: int, most: int, default: int) -> WholeNumber:
    sentence = _("Fill in a whole number from %(least)s to %(most)s.", least=least, most=most)
    checks = [InputRequired(sentence), NumberRange(least, most, sentence)]
    look = {"inputmode": "numeric", "min": least, "max": most}
    return WholeNumber(label, validators=checks, default=default, render_kw=look)  # type: ignore[arg-type]  # as above


def _months() -> list[SelectChoice]:
    return [SelectChoice(number, name) for number, name in labels.months().items()]


class RegisterForm(Form):
    """What a register asks for. `is_for_all` is offered to administrators, of a new one."""

    name = StringField(
        _("Name of the register"),
        validators=[
            Filled(_("Fill in what the register is called.")),
            Length(max=lengths.REGISTER, message=_("Use at most %(max)d characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    hours = _figure(_("Hours a year"), 1, 999, 10)
    month = SelectField(_("The year begins in"), coerce=int, choices=_months, default=1)
    day = _figure(_("On day"), 1, 31, 1)
    along = _figure(_("Hours that may go along to the next year"), 0, 999, 0)
    smallest = _figure(_("Smallest group"), 1, 99, 1)
    needs_all = BooleanField(_("Everybody who took part must confirm it"))
    is_for_all = BooleanField(_("For everybody in the organisation"))

    def validate_day(self, field: Field) -> None:
        """Refuses a day that no year has."""
        month = self.month.data
        if month in labels.months() and isinstance(field.data, int) and field.data > labels.days_in(month):
            raise ValidationError(_("This month has no such day."))

    @property
    def asked(self) -> Asked:
        """What was filled in."""
        return Asked(
            name=self.typed("name"),
            needs_all=bool(self.needs_all.data),
            **{name: int(self[name].data) for name in ("hours", "month", "day", "along", "smallest")},
        )


class NumberForm(Form):
    number = StringField(
        _("Document number"),
        validators=[Filled(_("Type the number that is on the paper."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": "64"},
    )


class PeriodForm(PlainForm):
    """From when until when an overview goes. It is part of an address, so it has no token."""

    first = DateField(_("From"), validators=[Optional()])
    last = DateField(_("Up to and including"), validators=[Optional()])
