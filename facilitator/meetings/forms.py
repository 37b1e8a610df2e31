"""The forms of a meeting: joining, and whatever a method asks people to fill in. WTForms checks the shape; a method's
form becomes a WTForms class.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, Field, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from facilitator.core import lengths
from facilitator.core.forms import Filled, Form, PlainForm, WholeNumber
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType, InputField
from facilitator.methods.vocabulary import Form as MethodForm

OWN = "field_"  # a method may call a field what the library calls something of its own


class CodeForm(Form):
    """The code on the screen."""

    code = StringField(_("Meeting code"), validators=[Filled(_("Type the code on the screen."))])


class NameForm(Form):
    """The name by which the others know somebody: their own, or one that is made up where the meeting `uses_pseudonyms`."""

    name = StringField(
        _("Your name"),
        validators=[
            Filled(_("Type a name.")),
            Length(max=lengths.NAME_AT_THE_DOOR, message=_("Use at most %(max)d characters.")),
        ],
    )

    def __init__(self, uses_pseudonyms: bool = False, **given: object) -> None:
        super().__init__(**given)
        self.name.render_kw = {"autocomplete": "given-name", "maxlength": lengths.NAME_AT_THE_DOOR}
        if uses_pseudonyms:
            self.name.label.text = _("Your name in this meeting")
            self.name.description = _(
                "Make up a name that does not say who you are: no first name, nickname or initials."
            )
            self.name.render_kw["autocomplete"] = "off"


class JoinForm(NameForm):
    """A name and a promise."""

    agrees = BooleanField(
        _("I keep what is said here confidential"),
        validators=[DataRequired(_("Tick the box first: what is said here stays here."))],
    )


def input_form(form: MethodForm) -> type[PlainForm]:
    """The WTForms class for a form of a method."""
    return type("MethodInput", (PlainForm,), {f"{OWN}{field.name}": _field(field) for field in form.fields})


def body(form: MethodForm, filled: PlainForm) -> dict[str, Value]:
    """What was filled in, as it is stored: nothing but the fields of the form, empty ones left out."""
    found: dict[str, Value] = {}
    for field in form.fields:
        value = filled[f"{OWN}{field.name}"].data
        if value is not None and value != "":
            found[field.name] = value if isinstance(value, int) else str(value)
    return found


def errors(filled: PlainForm) -> dict[str, str]:
    """The first error of each field."""
    return {
        str(name).removeprefix(OWN): str(found[0])
        for name, found in dict(filled.errors).items()
        if isinstance(found, list | tuple) and found
    }


def _field(field: InputField) -> Field:
    needed = InputRequired(_("Fill this in.")) if field.is_required else Optional()
    choose = _("Choose one of the answers.")
    match field.type:
        case FieldType.SCALE:
            return WholeNumber(name=field.name, validators=[needed, NumberRange(field.low, field.high, message=choose)])
        case FieldType.CHOICE:
            return StringField(name=field.name, validators=[needed, AnyOf(field.choices, message=choose)])
        case FieldType.DATE:
            return DateField(name=field.name, validators=[needed])
    too_long = _("Use at most %(max)d characters. What you typed is still here.")
    checks = [*_present(field), Length(max=field.max_length, message=too_long)]
    kind = StringField if field.type is FieldType.LINE else TextAreaField
    return kind(name=field.name, validators=checks)


def _present(field: InputField) -> list[Filled]:
    return [Filled(_("Write something first."))] if field.is_required else []
