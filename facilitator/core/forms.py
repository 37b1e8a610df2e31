"""What every form of the product stands on: whatever is typed comes in cleaned, and whatever is wrong is said in our words.

Promises: a field of text holds what `core.text` makes of it before any check looks at it, so nothing has to be remembered for a
new field; a day is one of the years that calendars reckon with; `required` means something that can be seen; a form reads fields that were sent as a form, never a JSON document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, TypeVar

import wtforms
from flask import Flask, abort, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateTimeField, Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, StopValidation

from facilitator.core import times
from facilitator.core.text import cleaned, if_text, is_filled, one_line, tidy

Clean = Callable[[str | None], str]
LONGEST_NUMBER = 12
T = TypeVar("T")


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


# What the library says by itself, for people. What is not listed here is said as the last one.
SENTENCES: Mapping[str, str] = {
    "This field is required.": _("Fill this in."),
    "Not a valid integer value.": _("Fill in a whole number."),
    "Not a valid decimal value.": _("Fill in a number."),
    "Not a valid date value.": _("Fill in a date, such as 2031-05-01."),
    "Not a valid time value.": _("Fill in a time, such as 14:30."),
    "Not a valid datetime value.": _("Fill in a date and a time, such as 2031-05-01 14:30."),
    "Not a valid choice.": _("Choose one of the answers."),
    "Invalid Choice: could not coerce.": _("Choose one of the answers."),
}
OTHERWISE = _("That did not arrive well. Try again.")


class Verbatim(StringField):
    """A text whose spaces count, such as a password that everybody may see."""


class OurWords:
    """Stands in for the library's translations."""

    def gettext(self, text: str) -> str:
        """What is shown instead of a sentence of the library, in the language of whoever reads it."""
        return str(gettext(SENTENCES.get(text, OTHERWISE)))

    def ngettext(self, singular: str, _plural: str, _n: int) -> str:
        """The same where the library counts."""
        return self.gettext(singular)


def cleaner(kind: type[Field]) -> Clean | None:
    """How what is typed into a field of this kind is cleaned."""
    if issubclass(kind, PasswordField) or not issubclass(kind, StringField):
        return None
    if issubclass(kind, Verbatim):
        return cleaned
    return tidy if issubclass(kind, TextAreaField) else one_line


def reckoned_with(when: T) -> T:
    """A day as it was typed; raises what WTForms shows beside the field where it lies too far away."""
    if isinstance(when, date) and not times.is_reckoned_with(when):
        years = {"first": times.YEARS.start, "last": times.YEARS.stop - 1}
        raise ValueError(gettext("Choose a day in the years %(first)s to %(last)s.", **years))
    return when


class Cleaning:
    """How the library makes the fields of a form."""

    def bind_field(self, form: wtforms.Form, unbound_field: UnboundField[Any], options: dict[str, Any]) -> Field:
        """The field; what its own filters get is clean already."""
        kind = unbound_field.field_class
        clean = cleaner(kind)
        if clean is not None:
            options["filters"] = [if_text(clean), *unbound_field.kwargs.get("filters", ())]
        elif issubclass(kind, DateTimeField):
            options["filters"] = [reckoned_with]
        field: Field = unbound_field.bind(form=form, **options)
        return field

    def get_translations(self, _form: wtforms.Form) -> OurWords:
        return OurWords()


class Cleaned:
    """Mixed into a form, has its fields cleaned and its library speak our words."""

    Meta: ClassVar[Any] = Cleaning  # Any: the library adds to it what else a form needs


class Form(Cleaned, FlaskForm):
    """A form of a page; its answers have the types that the library's lack."""

    def __init__(self, obj: object = None, **given: object) -> None:
        super().__init__(obj=obj, **given)  # type: ignore[no-untyped-call]

    @property
    def was_sent(self) -> bool:
        return bool(self.is_submitted())  # type: ignore[no-untyped-call]

    def is_fine(self) -> bool:
        """Whether it was sent, and every field is right."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]

    def typed(self, field: str) -> str:
        return str(self[field].data or "")


class PlainForm(Cleaned, wtforms.Form):
    """A form without a token of its own: it is part of an address, or a page's script sends it with a token of the seat."""


class WholeNumber(IntegerField):
    """A whole number as people type one. A far longer one is none: comparing it with a limit would fail already."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads what was typed; raises ValueError."""
        if valuelist and len(valuelist[0]) > LONGEST_NUMBER:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class Filled(InputRequired):
    """Refuses a text that was not sent, or of which nothing can be seen."""

    def __init__(self, sentence: Any = None) -> None:  # Any: the stubs want str, a lazy text acts as one
        self.sentence: Any = sentence or lazy_gettext("Fill this in.")
        super().__init__(self.sentence)

    def __call__(self, form: wtforms.form.BaseForm, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        super().__call__(form, field)
        if not is_filled(field.data):
            raise StopValidation(self.sentence)


def take_forms_only(app: Flask) -> None:
    """Answers 415 to JSON. No address of ours takes any; libraries would read it past what forms and limits look at."""

    @app.before_request
    def refuse_json() -> None:
        if request.is_json:
            abort(415)
