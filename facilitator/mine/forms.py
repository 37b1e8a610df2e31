"""The forms of what concerns one person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import Length

from facilitator.accounts.forms import Addresses
from facilitator.core.forms import Filled, Form


class CodeForm(Form):
    """A personal code, as somebody types it from paper."""

    code = StringField(
        _("Personal code"),
        validators=[Filled(_("Type your code.")), Length(max=40, message=_("Use at most %(max)d characters."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 40},
    )


class MailForm(Form):
    """Where to mail a personal link. The address is used once; the link travels along, because only the page knows it."""

    email = EmailField(
        _("E-mail"),
        validators=[Filled(_("Fill in an e-mail address.")), Addresses()],
        render_kw={"autocomplete": "email"},
    )
    token = HiddenField()
