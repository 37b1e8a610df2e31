"""The forms of questions to colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from facilitator.archive.forms import ThemesField
from facilitator.archive.models import Theme
from facilitator.core.forms import Filled, Form
from facilitator.questions import to_card
from facilitator.questions.actions import MOST_THEMES
from facilitator.questions.store import Words

LONGEST, LONGEST_TITLE = 2000, 200
NAMED, ANONYMOUS = "named", "anonymous"
DAILY, AT_ONCE = "daily", "at_once"


class QuestionForm(Form):
    title = StringField(
        _("Your question in one sentence"),
        validators=[
            Filled(_("Ask your question in one sentence.")),
            Length(max=LONGEST_TITLE, message=_("Keep it within %(most)s characters.", most=LONGEST_TITLE)),
        ],
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )
    text = TextAreaField(
        _("What a colleague needs to know"),
        validators=[Length(max=LONGEST, message=_("Keep it within %(max)d characters."))],
        render_kw={"maxlength": LONGEST},
    )
    themes = ThemesField(_("What is it about?"))
    most_themes = MOST_THEMES

    def offer(self, themes: Iterable[Theme]) -> None:
        """The themes that can be chosen."""
        self.themes.choices = [SelectChoice(theme.id, theme.name) for theme in themes]

    @property
    def words(self) -> Words:
        return Words(self.typed("title"), self.typed("text"))

    @property
    def theme_ids(self) -> list[str]:
        return list(self.themes.data or ())


class AskForm(QuestionForm):
    name = RadioField(
        _("Does your name stand with it?"),
        choices=[SelectChoice(NAMED, _("With my name")), SelectChoice(ANONYMOUS, _("Without my name"))],
        validators=[InputRequired(_("Choose one of the answers."))],
        default=NAMED,
    )

    @property
    def is_anonymous(self) -> bool:
        return self.typed("name") == ANONYMOUS


class AnswerForm(Form):
    text = TextAreaField(
        _("Your answer"),
        validators=[
            Filled(_("Write something first.")),
            Length(max=LONGEST, message=_("Keep it within %(max)d characters.")),
        ],
        render_kw={"maxlength": LONGEST},
    )

    @classmethod
    def empty(cls) -> AnswerForm:
        return cls(formdata=None)

    @classmethod
    def with_text(cls, text: str) -> AnswerForm:
        return cls(SimpleNamespace(text=text))


class ReportForm(Form):
    why = TextAreaField(
        _("What tells who it is?"),
        validators=[Length(max=LONGEST, message=_("Keep it within %(max)d characters."))],
        render_kw={"maxlength": LONGEST},
    )


def _text(label: str, most: int, *checks: object) -> TextAreaField:
    sentence = _("Keep it within %(most)s characters.", most=most)
    return TextAreaField(label, validators=[*checks, Length(max=most, message=sentence)])


class CardForm(Form):
    """The card that a question becomes."""

    title = StringField(
        _("Title"),
        validators=[
            Filled(_("Give it a title.")),
            Length(max=to_card.LONGEST_TITLE, message=_("Keep it within %(most)s characters.", most=LONGEST_TITLE)),
        ],
    )
    question = _text(_("Which question does it answer?"), to_card.LONGEST_LINE)
    summary = _text(_("What worked"), to_card.LONGEST, Filled(_("Write what worked.")))
    when_to_use = _text(_("When to use it"), to_card.LONGEST)
    when_not = _text(_("When not"), to_card.LONGEST)
    is_sure = BooleanField(_("I looked at them: nobody can tell who or which firm it is about"))

    @property
    def draft(self) -> to_card.Draft:
        names = ("title", "question", "summary", "when_to_use", "when_not")
        return to_card.Draft(*(self.typed(name) for name in names))


class FollowForm(Form):
    themes = ThemesField(_("Themes that you follow"))
    pace = RadioField(
        _("How do you hear of them?"),
        choices=[SelectChoice(DAILY, _("One mail a day, if there is something")), SelectChoice(AT_ONCE, _("At once"))],
        validators=[InputRequired(_("Choose one of the answers."))],
        default=DAILY,
    )

    def offer(self, themes: Iterable[Theme]) -> None:
        """The themes that can be chosen."""
        self.themes.choices = [SelectChoice(theme.id, theme.name) for theme in themes]
