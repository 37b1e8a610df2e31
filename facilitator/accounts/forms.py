"""The forms of accounts. Labels are part of the contract: scripts and screen readers find fields by them."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_security.forms import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.utils import hash_password
from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, ValidationError

from facilitator.accounts.languages import language_choices
from facilitator.accounts.links import local
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, MODERATOR
from facilitator.accounts.rules import (
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    email_address,
    fit_password,
    tried_password,
)
from facilitator.core import lengths
from facilitator.core.forms import Cleaned, Filled, Form
from facilitator.core.refusals import Refused

ROLE_CHOICES = [
    SelectChoice(MODERATOR, _l("Moderator: starts and leads meetings")),
    SelectChoice(MEMBER, _l("Member: takes part and reads the archive")),
    SelectChoice(ADMINISTRATOR, _l("Administrator: also invites people")),
]
NEW, CURRENT = {"autocomplete": "new-password"}, {"autocomplete": "current-password"}


class Addresses:
    """Checks an e-mail address and puts it into the form we keep."""

    def __call__(self, _form: object, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        try:
            field.data = email_address(field.data or "")
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


class Passwords:
    """Checks a new password."""

    field_flags: ClassVar[dict[str, int]] = {"minlength": PASSWORD_SHORTEST, "maxlength": PASSWORD_LONGEST}

    def __call__(self, _form: object, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        try:
            field.data = fit_password(field.data or "")
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


def _name() -> StringField:
    return StringField(
        _l("Your name"),
        validators=[
            Filled(_l("Fill in your name.")),
            Length(max=lengths.NAME, message=_l("Keep your name within %(max)d characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )


def _email(**attributes: str) -> EmailField:
    return EmailField(
        _l("E-mail"),
        validators=[Filled(_l("Fill in an e-mail address.")), Addresses()],
        render_kw={"autocomplete": "email", **attributes},
    )


def _chosen() -> InputRequired:
    """A password is what was typed, blanks included."""
    return InputRequired(_l("Choose a password."))


def _new_password() -> PasswordField:
    return PasswordField(_l("Password"), validators=[_chosen(), Passwords()], render_kw=NEW)


class WelcomeForm(Form):
    name = _name()
    email = _email()
    password = _new_password()
    organisation = StringField(
        _l("Organisation"),
        validators=[
            Filled(_l("Fill in the name of your organisation.")),
            Length(max=lengths.ORGANISATION, message=_l("Keep it within %(max)d characters.")),
        ],
        render_kw={"autocomplete": "organization"},
    )


class AcceptForm(Form):
    name = _name()
    password = _new_password()


class InviteForm(Form):
    email = _email(autocomplete="off")
    role = SelectField(_l("Role"), choices=ROLE_CHOICES, default=MODERATOR)


class AccountForm(Form):
    name = _name()
    locale = SelectField(_l("Language"), choices=language_choices)


class SignInForm(Cleaned, LoginForm):
    """Signing in. The library checks; labels and what is said are ours."""

    email = EmailField(
        _l("E-mail"),
        validators=LoginForm.email.kwargs["validators"],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        filters=[tried_password],
        validators=LoginForm.password.kwargs["validators"],
        render_kw=CURRENT,
    )
    remember = BooleanField(_l("Stay signed in on this device"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""
        self.next.data = local(self.next.data, otherwise="")

    def validate_next(self, field: Field) -> None:
        """An address elsewhere is forgotten, not a reason to refuse somebody who was led into a trap."""
        field.data = local(field.data, otherwise="")


class LinkForm(Form):
    email = _email(autocomplete="username")


class ForgottenForm(Cleaned, ForgotPasswordForm):
    email = EmailField(
        _l("E-mail"),
        validators=ForgotPasswordForm.email.kwargs["validators"],
        render_kw={"autocomplete": "username"},
    )

    def validate(self, **kwargs: Any) -> bool:  # type: ignore[override]  # as the library has it
        """As the library, and as slow for an address that exists as it makes the answer for one that does not."""
        exists = bool(super().validate(**kwargs))
        if exists:
            hash_password("not-a-password")
        return exists


class ResetForm(Cleaned, ResetPasswordForm):
    """A new password by the link in a mail. Once is enough: a mistake is repaired by another link."""

    password = PasswordField(_l("New password"), validators=[_chosen(), Passwords()], render_kw=NEW)
    password_confirm = None  # type: ignore[assignment]  # how WTForms drops a field


class PasswordForm(Cleaned, ChangePasswordForm):
    """A new password for somebody who knows the present one, or came in by a link just now and has none."""

    # Required by the library, but for whoever has no password yet.
    password = PasswordField(_l("Your password now"), filters=[tried_password], render_kw=CURRENT)
    new_password = PasswordField(_l("New password"), validators=[_chosen(), Passwords()], render_kw=NEW)
    new_password_confirm = None  # type: ignore[assignment]
