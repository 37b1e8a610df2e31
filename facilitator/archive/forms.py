"""The forms of the archive: under a card, of themes, and with which people add knowledge of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from facilitator.archive.content import Form as Kind
from facilitator.archive.labels import OUTCOMES
from facilitator.archive.remarks import Tried
from facilitator.core import lengths
from facilitator.core.forms import Filled, Form
from facilitator.groups.models import Group

VERDICTS = [SelectChoice(value, label) for value, label in OUTCOMES.items()]
LONGEST, LONGEST_LINE, LONGEST_TITLE = 2000, 300, 200
MOST_STEPS = 30


class ThemesField(SelectMultipleField):
    """Themes of the organisation's list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RemarkForm(Form):
    text = TextAreaField(
        _("Your question"),
        validators=[
            Filled(_("Write something first.")),
            Length(1, LONGEST, _("Keep it within %(max)d characters.")),
        ],
        render_kw={"maxlength": LONGEST},
    )

    @classmethod
    def empty(cls) -> RemarkForm:
        return cls(formdata=None)

    @classmethod
    def with_text(cls, text: str) -> RemarkForm:
        return cls(SimpleNamespace(text=text))


class TrialForm(Form):
    verdict = RadioField(_("How did it go?"), choices=VERDICTS, validators=[InputRequired(_("Choose how it went."))])
    why = TextAreaField(
        _("What made it so?"),
        validators=[Length(0, LONGEST, _("Keep it within %(max)d characters."))],
        render_kw={"maxlength": LONGEST},
    )

    @classmethod
    def of(cls, tried: Tried) -> TrialForm:
        return cls(SimpleNamespace(verdict=tried.mine or None, why=tried.my_reason), formdata=None)


class ReviewForm(Form):
    review_on = DateField(_("Look again on"), validators=[InputRequired(_("Choose a day."))])

    @classmethod
    def on(cls, day: date) -> ReviewForm:
        return cls(SimpleNamespace(review_on=day), formdata=None)


class ThemeForm(Form):
    name = StringField(
        _("Name of the theme"),
        validators=[
            Filled(_("Give the theme a name.")),
            Length(2, lengths.THEME, _("Keep it between %(min)d and %(max)d characters.")),
        ],
    )

    @classmethod
    def named(cls, name: str, *, is_sent: bool) -> ThemeForm:
        return cls(SimpleNamespace(name=name), **{} if is_sent else {"formdata": None})


class MergeForm(Form):
    """The theme that another one goes up in."""

    into = SelectField(_("Merge with"), validators=[InputRequired(_("Choose another theme to merge it with."))])

    @classmethod
    def unsent(cls) -> MergeForm:
        return cls(formdata=None)


def _line(label: str, most: int = LONGEST_LINE) -> StringField:
    sentence = _("Keep it within %(most)s characters.", most=most)
    return StringField(label, validators=[Length(max=most, message=sentence)])


def _text(label: str) -> TextAreaField:
    sentence = _("Keep it within %(most)s characters.", most=LONGEST)
    return TextAreaField(label, validators=[Length(max=LONGEST, message=sentence)])


def _title() -> StringField:
    return StringField(
        _("Title"),
        validators=[
            Filled(_("Give it a title.")),
            Length(max=LONGEST_TITLE, message=_("Keep it within %(most)s characters.", most=LONGEST_TITLE)),
        ],
    )


class WebAddress:
    """Takes an address of the web and nothing that could run."""

    def __call__(self, _form: object, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValidationError(_("Fill in a whole address, such as https://example.org/film."))


class BeginForm(Form):
    kind = RadioField(
        _("What do you want to add?"),
        choices=[
            SelectChoice(Kind.INSTRUCTION.value, _("Instruction card: steps, with pictures")),
            SelectChoice(Kind.VIDEO.value, _("Instruction video: a film, or a link to one")),
            SelectChoice(Kind.PRESENTATION.value, _("Presentation: a PDF")),
        ],
        default=Kind.INSTRUCTION.value,
    )
    title = _title()


class KnowledgeForm(Form):
    """Everything but the steps, which have as many fields as there are steps."""

    title = _title()
    question = _line(_("Which question does it answer?"))
    summary = _text(_("In short"))
    when_to_use = _text(_("When to use it"))
    when_not = _text(_("When not"))
    link = StringField(
        _("Link to the video"),
        validators=[Length(max=500, message=_("Keep it within %(most)s characters.", most=500)), WebAddress()],
    )
    video = FileField(_("Or the video itself"), render_kw={"accept": "video/mp4,video/webm"})
    captions = FileField(_("Captions"), render_kw={"accept": ".vtt,text/vtt"})
    is_silent = BooleanField(_("Nobody speaks in this video"))
    paper = FileField(_("The presentation"), render_kw={"accept": "application/pdf"})
    group = SelectField(_("For whom"), default="")
    steps = HiddenField()

    def offer_groups(self, groups: Sequence[Group]) -> None:
        """Everybody in the organisation, or one of the person's own groups."""
        everybody = SelectChoice("", _("The whole organisation"))
        self.group.choices = [everybody, *(SelectChoice(g.id, g.name) for g in groups)]
