"""The forms of a meeting: joining, and whatever a method asks people to fill in. WTForms checks the shape; a method's
form becomes a WTForms class.
"""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from facilitator.meetings import words
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType, InputField
from facilitator.methods.vocabulary import Form as MethodForm

NAME_LENGTH = 40
LONGEST_NUMBER = 12
# Direction overrides can make a text read as something else; the letters of right-to-left languages are welcome.
OVERRIDES: dict[int, None] = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs, without tab and new line


def tidy(text: str | None) -> str:
    """A text as it is kept: composed Unicode, plain line ends, no direction overrides, no space around it."""
    plain = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return plain.translate(OVERRIDES).strip()


def one_line(text: str | None) -> str:
    """A text on one line."""
    return " ".join(tidy(text).split())


def is_readable(text: str | None) -> bool:
    """Whether a text is free of what no keyboard makes: NUL and other control characters, and halves of characters."""
    return not UNREADABLE.search(text or "")


def readable(_form: Form, field: Field) -> None:
    """Refuses a text that is not readable."""
    if not is_readable(field.data):
        raise ValidationError(words.sentence("bad_text"))


class PageForm(FlaskForm):
    """A form of an ordinary page, with the types its library lacks."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call]

    @property
    def was_sent(self) -> bool:
        """Whether this request sends the form."""
        return bool(self.is_submitted())  # type: ignore[no-untyped-call]

    @property
    def is_right(self) -> bool:
        """Whether this request sends the form and everything in it is fine."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]


class CodeForm(PageForm):
    """The code on the screen."""

    code = StringField(
        _("Meeting code"), filters=[one_line], validators=[DataRequired(_("Type the code on the screen."))]
    )


class NameForm(PageForm):
    """The name by which the others know somebody: their own, or one that is made up where the meeting `uses_pseudonyms`."""

    name = StringField(
        _("Your name"),
        filters=[one_line],
        validators=[
            DataRequired(_("Type a name.")),
            Length(max=NAME_LENGTH, message=_("Use at most %(max)d characters.")),
            readable,
        ],
    )

    def __init__(self, uses_pseudonyms: bool = False, **given: object) -> None:
        super().__init__(**given)
        self.name.render_kw = {"autocomplete": "given-name", "maxlength": NAME_LENGTH}
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


class WholeNumber(IntegerField):
    """A whole number as people type one. A far longer one is none: comparing it with a limit would fail already."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads what was typed; raises ValueError."""
        if valuelist and len(valuelist[0]) > LONGEST_NUMBER:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


def input_form(form: MethodForm) -> type[Form]:
    """The WTForms class for a form of a method."""
    return type("MethodInput", (Form,), {field.name: _field(field) for field in form.fields})


def body(form: MethodForm, filled: Form) -> dict[str, Value]:
    """What was filled in, as it is stored: nothing but the fields of the form, empty ones left out."""
    found: dict[str, Value] = {}
    for field in form.fields:
        value = filled[field.name].data
        if value is not None and value != "":
            found[field.name] = value if isinstance(value, int) else str(value)
    return found


def errors(filled: Form) -> dict[str, str]:
    """The first error of each field."""
    return {
        str(name): str(found[0])
        for name, found in dict(filled.errors).items()
        if isinstance(found, list | tuple) and found
    }


def _field(field: InputField) -> Field:
    needed = [InputRequired(_("Fill this in.")) if field.is_required else Optional()]
    if field.type is FieldType.SCALE:
        return WholeNumber(
            filters=[],
            validators=[*needed, NumberRange(field.low, field.high, message=_("Choose one of the answers."))],
        )
    if field.type is FieldType.CHOICE:
        return StringField(
            filters=[one_line], validators=[*needed, AnyOf(field.choices, message=_("Choose one of the answers."))]
        )
    if field.type is FieldType.DATE:
        return DateField(validators=needed)
    too_long = _("Use at most %(max)d characters. What you typed is still here.")
    checks = [*_present(field), Length(max=field.max_length, message=too_long), readable]
    kind, clean = (StringField, one_line) if field.type is FieldType.LINE else (TextAreaField, tidy)
    return kind(filters=[clean], validators=checks)


def _present(field: InputField) -> list[DataRequired]:
    return [DataRequired(_("Write something first."))] if field.is_required else []
