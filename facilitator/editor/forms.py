"""The forms of the editor: one for a method as a whole, one for a phase. A draft fills them, and what they hold becomes a draft again.

Promises: what has no field stays in the draft as it is; a text that is left empty is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, get_args, get_origin

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from pydantic import StringConstraints
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange

from facilitator.accounts.languages import readers_language
from facilitator.core import languages
from facilitator.core.forms import Filled, Form, PlainForm
from facilitator.core.text import is_filled
from facilitator.editor.fields import Offered, bare, fields_of, piece_in, rows_in, value_of, values_of
from facilitator.editor.words import STARTS, TEXT_FOR_CASE_GIVER, option, said
from facilitator.meetings.planning import Minutes
from facilitator.methods.shortening import TAKEN_BACK
from facilitator.methods.usual import LABELS, USUAL, usual_of
from facilitator.methods.vocabulary import (
    Audience,
    Facet,
    FieldType,
    Frozen,
    InputField,
    Kind,
    Method,
    MethodTexts,
    Phase,
    PhaseTexts,
)
from facilitator.methods.vocabulary import Form as MethodForm

Document = dict[str, Any]
TOO_LONG = _("Use at most %(max)d characters.")
SHORT = ("title", "short")
ENDS = ("low", "high")
NEVER, AFTER, BEFORE = "", "after", "before"


class DraftForm(Form):
    """What both pages send along: the state that was seen of what they change."""

    seen = HiddenField()


class FileForm(Form):
    """A method in a file."""

    file = FileField(_("File"), render_kw={"accept": ".toml,application/toml,text/plain"})


# -- A method as a whole -----------------------------------------------------------------------------------------------


class PhaseRow(PlainForm):
    """A phase on the page of its method."""

    key = HiddenField()
    kind = HiddenField()
    minutes = Minutes(
        said("minutes").label,
        places=None,
        validators=[
            InputRequired(_("Fill in a number of minutes.")),
            NumberRange(0.5, 120, message=_("Choose between %(min)s and %(max)s minutes.")),
        ],
    )


OF_METHOD = ("key", "phases", "texts")


def method_form(draft: Document) -> type[DraftForm]:
    """The form of a method in the languages that it has."""
    fields = fields_of(Method, {}, OF_METHOD)
    texts = {language: FormField(_texts(MethodTexts, is_needed=True)) for language in draft["texts"]}
    source = StringField(
        said("source").label, description=said("source").hint, validators=[Filled(), Length(max=400, message=TOO_LONG)]
    )
    more = {
        "texts": FormField(type("Texts", (PlainForm,), texts)),
        **fields,
        "source": source,
        "phases": FieldList(FormField(PhaseRow)),
        "known": HiddenField(),
        "new_kind": SelectField(
            _("Kind of the new phase"),
            choices=[SelectChoice(kind.value, option(kind)) for kind in Kind],
            default=Kind.TALK.value,
        ),
    }
    return type("MethodDraftForm", (DraftForm,), more)


def method_data(draft: Document) -> Document:
    """What the form of a method is filled with."""
    texts = {
        language: {**words, "agreement": "\n".join(words.get("agreement", ()))}
        for language, words in draft["texts"].items()
    }
    rows = [{"key": _key(phase), "kind": phase["kind"], "minutes": phase["minutes"]} for phase in draft["phases"]]
    defaults = {word: info.default for word, info in Method.model_fields.items() if not info.is_required()}
    return {
        **_plainly({**defaults, **draft}),
        "texts": texts,
        "phases": [_plainly(row) for row in rows],
        "known": known_of(draft),
    }


def method_part(draft: Document) -> Document:
    """What the page of a method changes of a draft."""
    rows = [(phase.get("key", phase["kind"]), phase["minutes"]) for phase in draft["phases"]]
    return {**draft, "phases": rows}


def method_put(form: DraftForm, draft: Document) -> Document:
    """A draft with what the form of a method says. A phase that was not on the page yet stays where it stands; one that was there, and
    is in the draft no longer, does not come back.
    """
    known, was_there = {_key(phase): phase for phase in draft["phases"]}, form.typed("known").split(",")
    phases = []
    for row in rows_in(form, "phases"):
        key, kind, minutes = row["key"].data, row["kind"].data, value_of(row["minutes"])
        named = {"kind": kind} if key == kind else {"kind": kind, "key": key}
        if key in known or key not in was_there:
            phases.append({**known.get(key, named), "minutes": minutes})
    for place, phase in enumerate(draft["phases"]):
        keys = [_key(one) for one in phases]
        if _key(phase) not in [*keys, *was_there]:
            before = [_key(one) for one in draft["phases"][:place] if _key(one) in keys]
            phases.insert(keys.index(before[-1]) + 1 if before else 0, phase)
    said_of_it = {
        field.name: value_of(field)
        for field in form
        if field.name in Method.model_fields and field.name not in OF_METHOD
    }
    texts = {
        language: _with_texts(draft["texts"][language], piece_in(piece_in(form, "texts"), language))
        for language in draft["texts"]
    }
    return {**_with(draft, said_of_it), "texts": texts, "phases": phases}


def known_of(draft: Document) -> str:
    """The phases that a page of a draft has, as it sends them along."""
    return ",".join(_key(phase) for phase in draft["phases"])


def show_phases(form: DraftForm, draft: Document) -> None:
    """Brings the rows of a form up to date with a draft that somebody else changed: what came in is there, what was taken out is not."""
    merged, rows = method_put(form, draft)["phases"], form["phases"]
    assert isinstance(rows, FieldList)
    while rows.entries:
        rows.pop_entry()
    for phase in merged:
        rows.append_entry(_plainly({"key": _key(phase), "kind": phase["kind"], "minutes": phase["minutes"]}))
    form["known"].data = known_of(draft)


def _key(phase: Document) -> str:
    return str(phase.get("key", phase["kind"]))


def _with_texts(before: Document, form: PlainForm) -> Document:
    """Texts of a method with what was typed; what has no field stays."""
    found = {word: value for word, value in values_of(form).items() if value}
    if "agreement" in found:
        found["agreement"] = [line for line in found["agreement"].split("\n") if is_filled(line)]
    return {**{word: value for word, value in before.items() if word not in form.data}, **found}


def _plainly(data: Document) -> Document:
    """Whole numbers as people write them."""
    return {
        word: int(value) if isinstance(value, float) and value == int(value) else value for word, value in data.items()
    }


def free_key(kind: str, taken: Iterable[str]) -> str:
    """A key for a new phase of a kind."""
    known = set(taken)
    return next(key for key in chain([kind], (f"{kind}_{n}" for n in range(2, 1000))) if key not in known)


# -- A phase -----------------------------------------------------------------------------------------------------------

OF_PHASE = ("key", "kind", "forms", "texts", "reveals")


def phase_form(method: Method, phase: Phase, draft: Document) -> type[DraftForm]:
    """The form of a phase in the languages of its method."""
    spoken = list(draft["texts"])
    place = next(n for n, one in enumerate(method.phases) if one.key == phase.key)
    earlier, others = method.phases[:place], [one for one in method.phases if one.key != phase.key]
    forms = dict.fromkeys(form.key for one in earlier for form in one.forms)
    offered = {
        "minutes_to": _phases(others),
        "option_of": _phases(earlier),
        "of": _phases(earlier),
        "sealed_until": _phases(method.phases[place + 1 :]),
        "on": _phases([*earlier, phase]),
        "form": [SelectChoice(key, key) for key in forms],
        "starts_as": [SelectChoice(key, label) for key, label in STARTS.items()],
    }
    usual = usual_of(phase.kind, is_talk=not phase.forms).get("texts", {})
    texts = {language: FormField(_texts(PhaseTexts, usual.get(language, {}))) for language in spoken}
    more = {
        **fields_of(Phase, offered, OF_PHASE),
        "forms": FieldList(FormField(_form_piece(offered, spoken))),
        "texts": FormField(type("Texts", (PlainForm,), texts)),
        "is_shown_otherwise": BooleanField(
            _("Say yourself who sees what. Else it follows from what people write and how it is talked about.")
        ),
        "reveals": FormField(type("Reveals", (PlainForm,), {a.value: FormField(_shown()) for a in Audience})),
    }
    return type("PhaseDraftForm", (DraftForm,), more)


def phase_data(phase: Phase, of_draft: Document) -> Document:
    """What the form of a phase is filled with: everything as it is, and of texts those that are its own."""
    own = of_draft.get("texts", {})
    forms = [
        {**form, "fields": [_field_data(own, form["key"], field) for field in form["fields"]]}
        for form in phase.model_dump(mode="json")["forms"]
    ]
    reveals = {audience.value: {facet.value: _when(phase, audience, facet) for facet in Facet} for audience in Audience}
    return {
        **_plainly(phase.model_dump(mode="json")),
        "forms": forms,
        "texts": {language: dict(words) for language, words in own.items()},
        "is_shown_otherwise": "reveals" in of_draft,
        "reveals": reveals,
    }


def phase_put(form: DraftForm, of_draft: Document) -> Document:
    """A phase of a draft with what its form says."""
    words = {
        field.name: value_of(field) for field in form if field.name in Phase.model_fields and field.name not in OF_PHASE
    }
    if not (words.get("marks") or {}).get("kind"):
        words["marks"] = None
    if not (words.get("shows") or {}).get("of"):
        words["shows"] = None
    forms = [_without_labels(row) for row in rows_in(form, "forms")]
    put = {**_with(of_draft, words), "forms": forms, "texts": _all_texts(form, of_draft.get("texts", {}))}
    put.pop("reveals", None)
    if form["is_shown_otherwise"].data:
        put["reveals"] = {
            audience.value: _reveal(piece_in(piece_in(form, "reveals"), audience.value)) for audience in Audience
        }
    return put


def _with(document: Document, said_of_it: Document) -> Document:
    """With these words; what was left empty is the usual, or taken back."""
    empty = {word: TAKEN_BACK.get(word) for word, value in said_of_it.items() if value is None}
    found = {**document, **said_of_it, **empty}
    return {word: value for word, value in found.items() if value is not None}


def _phases(phases: Iterable[Phase]) -> list[SelectChoice]:
    return [SelectChoice(phase.key, phase.text(readers_language()).title) for phase in phases]


# -- What people write -------------------------------------------------------------------------------------------------


def _form_piece(offered: Offered, spoken: Sequence[str]) -> type[PlainForm]:
    """A form of a phase, with its fields and with what they are called in each language."""
    choice = type("ChoicePiece", (PlainForm,), {"key": _name("key"), **_labels(spoken)})
    field = type(
        "FieldPiece",
        (PlainForm,),
        {
            **_labels(spoken),
            **fields_of(InputField, offered, ("choices",)),
            "choices": FieldList(FormField(choice)),
            **{f"{end}_{language}": _label(said(end).label, language) for end in ENDS for language in spoken},
        },
    )
    fields = fields_of(MethodForm, offered, ("key", "fields"))
    return type("FormPiece", (PlainForm,), {"key": _name("key"), **fields, "fields": FieldList(FormField(field))})


def _name(word: str) -> Field:
    return HiddenField(said(word).label)


def _labels(spoken: Sequence[str]) -> dict[str, Field]:
    return {f"label_{language}": _label(_("What people read"), language) for language in spoken}


def _label(label: object, language: str) -> Field:
    return StringField(
        _("%(label)s (%(language)s)", label=label, language=languages.name_of(language)),
        validators=[Length(max=400, message=TOO_LONG)],
        render_kw={"placeholder": ""},
    )


def show_usual_labels(form: DraftForm, kind: Kind) -> None:
    """Beside each label the usual one, which counts where it is left empty."""
    texts = USUAL[kind].get("texts", {})
    for table, language, name, field in all_labels(form):
        field.render_kw = {"placeholder": texts.get(language, {}).get(table, {}).get(name, "")}


def _field_data(own: Mapping[str, Document], form: str, field: Document) -> Document:
    """A field with what it is called, where that is its own."""
    name = f"{form}.{field['name']}"
    found = {**field, "choices": []}
    for key in field["choices"]:
        labels = {
            f"label_{language}": words.get("choices", {}).get(f"{name}.{key}", "") for language, words in own.items()
        }
        found["choices"].append({"key": key, **labels})
    for language, words in own.items():
        found[f"label_{language}"] = words.get("fields", {}).get(name, "")
        found |= {f"{end}_{language}": words.get("ends", {}).get(f"{name}.{end}", "") for end in ENDS}
    return found


def _without_labels(form: PlainForm) -> Document:
    """A form as a file has it."""
    fields = [
        {word: value for word, value in values_of(row).items() if word in InputField.model_fields}
        | {"choices": [choice["key"].data for choice in rows_in(row, "choices")]}
        for row in rows_in(form, "fields")
    ]
    return {**values_of(form), "fields": fields}


def all_labels(form: DraftForm) -> Iterator[tuple[str, str, str, Field]]:
    """What people read of what is asked: the table of labels, the language, the name in it, and the field where it is typed."""
    for one in rows_in(form, "forms"):
        for field in rows_in(one, "fields"):
            name, kind = f"{one['key'].data}.{field['name'].data}", field["type"].data
            yield from (("fields", language, name, typed) for language, typed in _in_each(field, "label"))
            for end in ENDS if kind == FieldType.SCALE else ():
                yield from (("ends", language, f"{name}.{end}", typed) for language, typed in _in_each(field, end))
            for choice in rows_in(field, "choices") if kind == FieldType.CHOICE else ():
                key = f"{name}.{choice['key'].data}"
                yield from (("choices", language, key, typed) for language, typed in _in_each(choice, "label"))


def _in_each(form: PlainForm, word: str) -> Iterator[tuple[str, Field]]:
    for field in form:
        if field.short_name.rpartition("_")[0] == word:
            yield field.short_name.rpartition("_")[2], field


# -- Texts -------------------------------------------------------------------------------------------------------------


def _texts(
    model: type[Frozen], usual: Mapping[str, object] | None = None, *, is_needed: bool = False
) -> type[PlainForm]:
    """Its texts in one language; beside each the usual one, which counts where it is left empty."""
    found: dict[str, Field] = {}
    for word, info in model.model_fields.items():
        kind, _is_optional = bare(info.annotation)
        label, hint = TEXT_FOR_CASE_GIVER if word == "case_giver" else said(word)
        checks = [Filled()] if is_needed and info.is_required() else []
        given: dict[str, Any] = {
            "label": label,
            "description": hint,
            "validators": [*checks, Length(max=_longest(info.metadata), message=TOO_LONG)],
            "render_kw": {"placeholder": (usual or {}).get(word, "")},
        }
        if word not in LABELS and kind is str:
            found[word] = StringField(**given) if word in SHORT else TextAreaField(**given)
        elif word not in LABELS and get_origin(kind) is tuple:
            found[word] = TextAreaField(**given)
        elif (names := _names(kind)) is not None:
            found[word] = FormField(names, label=label, description=hint)
    return type("TextsPiece", (PlainForm,), found)


def _names(kind: object) -> type[PlainForm] | None:
    """What some things are called in one language, where a text is given for each of an enumeration."""
    if get_origin(kind) is not dict:
        return None
    of = bare(get_args(kind)[0])[0]
    if not (isinstance(of, type) and issubclass(of, StrEnum)):
        return None
    checks = [Length(max=_longest(_metadata(get_args(kind)[1])), message=TOO_LONG)]
    fields = {one.value: StringField(option(one), validators=checks) for one in of}
    return type("NamesPiece", (PlainForm,), fields)


def _metadata(kind: object) -> tuple[object, ...]:
    return tuple(getattr(kind, "__metadata__", ()))


def _longest(metadata: Iterable[object]) -> int:
    found = [one.max_length for one in metadata if isinstance(one, StringConstraints) and one.max_length]
    return min(found, default=4000)


def _all_texts(form: DraftForm, before: Mapping[str, Document]) -> dict[str, Document]:
    """The texts that are its own. Tables that have no fields here stay as they are."""
    found: dict[str, Document] = {}
    for texts in piece_in(form, "texts"):
        language, piece = texts.short_name, piece_in(piece_in(form, "texts"), texts.short_name)
        kept = before.get(language, {}).items()
        words = {word: text for word, text in kept if word not in (*LABELS, *piece.data)}
        found[language] = {**words, **values_of(piece)}
    for table, language, name, typed in all_labels(form):
        if typed.data:
            found[language].setdefault(table, {})[name] = typed.data
    return found


# -- Who sees what -----------------------------------------------------------------------------------------------------


def _shown() -> type[PlainForm]:
    choices = [
        SelectChoice(NEVER, _("never")),
        SelectChoice(BEFORE, said("before").label),
        SelectChoice(AFTER, said("after").label),
    ]
    fields = {facet.value: SelectField(option(facet), choices=choices, default=NEVER) for facet in Facet}
    return type("ShownPiece", (PlainForm,), fields)


def _when(phase: Phase, audience: Audience, facet: Facet) -> str:
    reveal = phase.reveals.get(audience)
    if reveal is None or facet not in reveal.after | reveal.before:
        return NEVER
    return BEFORE if facet in reveal.before else AFTER


def _reveal(form: PlainForm) -> Document:
    before = [field.short_name for field in form if field.data == BEFORE]
    return {"before": before, "after": [field.short_name for field in form if field.data]}
