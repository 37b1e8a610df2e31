"""From the types of the vocabulary to fields of a form: what a method file may say is what can be filled in.

Promises: a word that is added to the vocabulary gets its field by itself where its type is one of these – a number, yes or no, one of some, a
key, a piece with such words, or several of them; whatever has another type has no field, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from flask_babel import lazy_gettext as _
from pydantic.fields import FieldInfo
from wtforms import BooleanField, Field, FieldList, FormField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from facilitator.core.forms import Filled, PlainForm, WholeNumber
from facilitator.editor.words import option, said
from facilitator.meetings.planning import Minutes
from facilitator.methods.vocabulary import Frozen

KEY = r"^[a-z][a-z0-9_]{0,39}$"
NO_KEY = _("Use small letters, digits and _, and begin with a letter.")
Offered = Mapping[str, Sequence[SelectChoice]]


def fields_of(model: type[Frozen], offered: Offered, leaving: Sequence[str] = ()) -> dict[str, Field]:
    """A field for each word of a piece that can have one, but for those that are left to others."""
    found = {word: _field(word, info, offered) for word, info in model.model_fields.items() if word not in leaving}
    return {word: field for word, field in found.items() if field is not None}


def _field(word: str, info: FieldInfo, offered: Offered) -> Field | None:
    kind, is_optional = bare(info.annotation)
    label, hint = said(word)
    given: dict[str, Any] = {"label": label, "description": hint}
    if kind in (int, float):
        return _number(kind, info, given)
    if kind is bool:
        return BooleanField(**given)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return SelectField(choices=_options(kind, is_optional), **given)
    if kind is str:
        return _key(word, info, is_optional, offered, given)
    if get_origin(kind) is tuple:
        return _several(get_args(kind)[0], offered, given)
    if isinstance(kind, type) and issubclass(kind, Frozen):
        return FormField(piece(kind, offered, is_optional), **given)
    return None


def piece(model: type[Frozen], offered: Offered, is_optional: bool = False, **more: Field) -> type[PlainForm]:
    """A form for a part of a phase. Of one that may be missing every word may be empty."""
    fields = fields_of(model, offered)
    if is_optional:
        unbound: list[Any] = list(fields.values())  # fields that are not on a form yet, which the stubs do not know
        for field in unbound:
            if field.field_class in (SelectField, Known) and "" not in [one.value for one in field.kwargs["choices"]]:
                field.kwargs["choices"] = [SelectChoice("", _("none")), *field.kwargs["choices"]]
    return type(f"{model.__name__}Piece", (PlainForm,), {**fields, **more})


def bare(annotation: Any) -> tuple[Any, bool]:
    """A type without what is said beside it, and whether it may be missing."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (one,) = (given for given in get_args(annotation) if given is not type(None))
        return bare(one)[0], True
    return annotation, False


def _number(kind: type, info: FieldInfo, given: dict[str, Any]) -> Field:
    least, above, most = (
        next((getattr(one, word) for one in info.metadata if hasattr(one, word)), None) for word in ("ge", "gt", "le")
    )
    low = 0.5 if least is None and above is not None else least
    checks = [
        InputRequired(_("Fill in a number.")) if info.is_required() else Optional(),
        NumberRange(low, most, message=_("Choose between %(min)s and %(max)s.")),
    ]
    if kind is int:
        return WholeNumber(validators=checks, **given)
    return Minutes(places=None, validators=checks, **given)


def _options(kind: type[StrEnum], is_optional: bool) -> list[SelectChoice]:
    none = [SelectChoice("", _("no"))] if is_optional else []
    return [*none, *(SelectChoice(member.value, option(member)) for member in kind)]


def _key(word: str, info: FieldInfo, is_optional: bool, offered: Offered, given: dict[str, Any]) -> Field:
    if word in offered:
        none = [SelectChoice("", _("none"))] if is_optional else []
        return Known(choices=[*none, *offered[word]], **given)
    checks: list[Callable[..., None]] = [Optional() if is_optional or not info.is_required() else Filled()]
    return StringField(validators=[*checks, Regexp(KEY, message=NO_KEY)], **given)


class Known(SelectField):
    """One of some. What is chosen already stays, whether it is one of them or not: a check says so in words."""

    def pre_validate(self, form: BaseForm) -> None:
        """Nothing is refused here."""

    def iter_choices(self) -> Any:  # as the library has it
        """With what is chosen among them."""
        known: list[Any] = list(self.choices or ())
        if self.data and self.data not in [one.value for one in known]:
            self.choices = [*known, SelectChoice(self.data, f"? {self.data}")]
        return super().iter_choices()


class Ticked(SelectMultipleField):
    """Some of some, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _several(kind: Any, offered: Offered, given: dict[str, Any]) -> Field | None:
    of, _is_optional = bare(kind)
    if isinstance(of, type) and issubclass(of, StrEnum):
        return Ticked(choices=_options(of, is_optional=False), **given)
    if isinstance(of, type) and issubclass(of, Frozen):
        return FieldList(FormField(piece(of, offered)), **given)
    return None


def value_of(field: Field) -> Any:
    """What was filled in, as a file has it; None where nothing was."""
    if isinstance(field, FormField):
        return values_of(field.form)
    if isinstance(field, FieldList):
        return [value_of(entry) for entry in field.entries]
    value = field.data
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return None if value == "" else value


def values_of(form: PlainForm) -> dict[str, Any]:
    """The same of a whole piece, without what was left empty."""
    found = {field.short_name: value_of(field) for field in form}
    return {word: value for word, value in found.items() if value is not None}


def rows_in(form: BaseForm, name: str) -> list[PlainForm]:
    """The pieces that there may be several of."""
    several = form[name]
    assert isinstance(several, FieldList)
    return [entry.form for entry in several.entries]


def piece_in(form: BaseForm, name: str) -> PlainForm:
    """The piece with this name."""
    one = form[name]
    assert isinstance(one, FormField)
    found: PlainForm = one.form
    return found
