"""The forms with which people add knowledge of their own."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, ValidationError

from facilitator.archive.content import Form as Kind
from facilitator.core.forms import Filled, Form
from facilitator.groups.models import Group

LONGEST_TITLE, LONGEST_LINE, LONGEST_TEXT = 200, 300, 2000
MOST_STEPS = 30


def _line(label: str, most: int = LONGEST_LINE) -> StringField:
    sentence = _l("Keep it within %(most)s characters.", most=most)
    return StringField(label, validators=[Length(max=most, message=sentence)])


def _text(label: str) -> TextAreaField:
    sentence = _l("Keep it within %(most)s characters.", most=LONGEST_TEXT)
    return TextAreaField(label, validators=[Length(max=LONGEST_TEXT, message=sentence)])


def _title() -> StringField:
    return StringField(
        _l("Title"),
        validators=[
            Filled(_l("Give it a title.")),
            Length(max=LONGEST_TITLE, message=_l("Keep it within %(most)s characters.", most=LONGEST_TITLE)),
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
            raise ValidationError(_l("Fill in a whole address, such as https://example.org/film."))


class BeginForm(Form):
    """What kind of knowledge, and what it is called."""

    kind = RadioField(
        _l("What do you want to add?"),
        choices=[
            SelectChoice(Kind.INSTRUCTION.value, _l("Instruction card: steps, with pictures")),
            SelectChoice(Kind.VIDEO.value, _l("Instruction video: a film, or a link to one")),
            SelectChoice(Kind.PRESENTATION.value, _l("Presentation: a PDF")),
        ],
        default=Kind.INSTRUCTION.value,
    )
    title = _title()


class KnowledgeForm(Form):
    """Everything but the steps, which have as many fields as there are steps."""

    title = _title()
    question = _line(_l("Which question does it answer?"))
    summary = _text(_l("In short"))
    when_to_use = _text(_l("When to use it"))
    when_not = _text(_l("When not"))
    link = StringField(
        _l("Link to the video"),
        validators=[Length(max=500, message=_l("Keep it within %(most)s characters.", most=500)), WebAddress()],
    )
    video = FileField(_l("Or the video itself"), render_kw={"accept": "video/mp4,video/webm"})
    captions = FileField(_l("Captions"), render_kw={"accept": ".vtt,text/vtt"})
    is_silent = BooleanField(_l("Nobody speaks in this video"))
    paper = FileField(_l("The presentation"), render_kw={"accept": "application/pdf"})
    group = SelectField(_l("For whom"), default="")
    steps = HiddenField()

    def offer_groups(self, groups: Sequence[Group]) -> None:
        """Everybody in the organisation, or one of the person's own groups."""
        everybody = SelectChoice("", _l("The whole organisation"))
        self.group.choices = [everybody, *(SelectChoice(g.id, g.name) for g in groups)]
