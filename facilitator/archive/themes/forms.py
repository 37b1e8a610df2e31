"""The forms of themes."""

from __future__ import annotations

from types import SimpleNamespace

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from facilitator.archive.one_of_several import Form
from facilitator.core import lengths
from facilitator.core.forms import Filled


class ThemeForm(Form):
    """The name of a theme."""

    name = StringField(
        _("Name of the theme"),
        validators=[
            Filled(_("Give the theme a name.")),
            Length(2, lengths.THEME, _("Keep it between 2 and 60 characters.")),
        ],
    )

    @classmethod
    def named(cls, name: str, *, is_sent: bool) -> ThemeForm:
        """To change the name it has."""
        return cls(SimpleNamespace(name=name), is_sent=is_sent)


class MergeForm(Form):
    """The theme that another one goes up in."""

    into = SelectField(_("Merge with"), validators=[InputRequired(_("Choose another theme to merge it with."))])

    @classmethod
    def unsent(cls) -> MergeForm:
        """Whatever was sent, this one was not."""
        return cls(None, is_sent=False)
