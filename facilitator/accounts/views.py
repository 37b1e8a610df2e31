"""The pages of accounts: the first account, invitations, and what somebody may change about themselves."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_security import login_user
from flask_security.utils import hash_password
from wtforms import Field

from facilitator.accounts import invitations, mail, sign_in_links, welcome
from facilitator.accounts.access import administrator_required, me, sign_in_required, signed_in
from facilitator.accounts.actions import change_account, create_first_account, welcome_is_over
from facilitator.accounts.forms import (
    AcceptForm,
    AccountForm,
    InviteForm,
    LinkForm,
    PasswordForm,
    WelcomeForm,
)
from facilitator.accounts.languages import readers_language, set_language
from facilitator.accounts.limits import limit_asking
from facilitator.accounts.links import absolute, local
from facilitator.accounts.models import Invitation, User
from facilitator.core.db import db
from facilitator.core.forms import Form
from facilitator.core.limits import wrong
from facilitator.core.refusals import Refused

accounts = Blueprint("accounts", __name__)


@accounts.route("/welcome/<token>", methods=["GET", "POST"])
def first_account(token: str) -> ResponseReturnValue:
    if not welcome.is_open(token):
        return closed_door(welcome_is_over())
    form = WelcomeForm()
    if not form.is_fine():
        return page("accounts/welcome.html", form)
    try:
        user = create_first_account(
            token,
            form.typed("name"),
            form.typed("email"),
            form.typed("password"),
            form.typed("organisation"),
            readers_language(),
        )
    except Refused as refused:
        return refuse(refused, "accounts/welcome.html", form)
    return come_in(user)


@accounts.route("/invitations/<token>", methods=["GET", "POST"])
def accept(token: str) -> ResponseReturnValue:
    """What an invited person sees: a name and a password, and they are in."""
    try:
        invitation = invitations.found(token)
    except Refused as refused:
        return closed_door(refused)
    form = AcceptForm()
    if not form.is_fine():
        return page("accounts/accept.html", form, invitation=invitation, present=signed_in())
    try:
        user = invitations.accept(token, form.typed("name"), form.typed("password"), readers_language())
    except Refused as refused:
        return refuse(refused, "accounts/accept.html", form, invitation=invitation, present=signed_in())
    return come_in(user)


@accounts.route("/invitations", methods=["GET", "POST"])
@administrator_required
def invited() -> ResponseReturnValue:
    """Who was invited, and inviting somebody."""
    form = InviteForm()
    if form.is_fine():
        try:
            return announce(*invitations.invite(me(), form.typed("email"), form.typed("role")))
        except Refused as refused:
            form.email.errors = [str(refused)]
    known = invitations.all_of(me().organisation_id)
    fresh = session.pop("fresh_invitation", None)
    return page("accounts/invitations.html", form, invitations=known, fresh=fresh)


@accounts.post("/invitations/<invitation_id>/resend")
@administrator_required
def resend(invitation_id: str) -> ResponseReturnValue:
    """A new link for somebody who was invited."""
    try:
        return announce(*invitations.renew(me(), invitation_id))
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(str(refused), "warning")
        return redirect(url_for("accounts.invited"))


@accounts.post("/invitations/<invitation_id>/withdraw")
@administrator_required
def withdraw(invitation_id: str) -> ResponseReturnValue:
    try:
        invitations.withdraw(me(), invitation_id)
        flash(gettext("The invitation is withdrawn. Its link no longer works."), "success")
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(str(refused), "warning")
    return redirect(url_for("accounts.invited"))


@accounts.route("/account", methods=["GET", "POST"])
@sign_in_required
def account() -> ResponseReturnValue:
    form = AccountForm(obj=me())
    if not form.is_fine():
        return page("accounts/account.html", form, password_form=PasswordForm(formdata=None))
    change_account(me().id, form.typed("name"), form.typed("locale"))
    answer = redirect(url_for("accounts.account"))
    set_language(answer, form.typed("locale"))
    with force_locale(form.typed("locale")):  # it is read on the next page
        flash(gettext("Your changes are saved."), "success")
    return answer


@accounts.route("/login/link", methods=["GET", "POST"])
def ask_link() -> ResponseReturnValue:
    """Mails a link to sign in with; says the same, and takes as long, whether or not the address has an account."""
    form, back = LinkForm(), local(request.values.get("next"), otherwise="")
    if not form.is_fine():
        return page("accounts/ask_link.html", form, back=back)
    limit_asking()
    asked = sign_in_links.ask(form.typed("email"))
    hash_password("not-a-password")  # takes longer than anything that differs
    if asked:
        user, token = asked
        link = absolute("accounts.use_link", token=token, next=back or None)
        mail.send("link", user.email, user.locale, name=user.name, link=link, works_for=sign_in_links.WORKS_FOR)
    return render_template("accounts/link_sent.html", email=form.typed("email"), works_for=sign_in_links.WORKS_FOR)


@accounts.route("/login/link/<token>", methods=["GET", "POST"])
def use_link(token: str) -> ResponseReturnValue:
    """Says whom the link signs in, and does so at the press of a button."""
    back = local(request.values.get("next"))
    user = sign_in_links.whose(token)
    present = signed_in()
    if user is None and present is not None:
        return redirect(back)
    if user is None:
        return _link_over(back)
    form = Form()
    if not form.is_fine():
        other = present if present is not None and present.id != user.id else None
        return render_template("accounts/use_link.html", form=form, user=user, present=other, back=back)
    user = sign_in_links.use(token)
    return come_in(user, back, "email") if user is not None else _link_over(back)


def _link_over(back: str) -> ResponseReturnValue:
    wrong("60 per 15 minutes", "links to sign in")
    return render_template("accounts/link_over.html", form=LinkForm(), back=back), 410


def announce(invitation: Invitation, token: str) -> ResponseReturnValue:
    """Mails the link and shows it once, for a host without a mail server and for whoever sits at the same table."""
    link = absolute("accounts.accept", token=token)
    organisation = me().organisation
    mail.send(
        "invitation",
        invitation.email,
        organisation.locale,
        by=me().name,
        organisation=organisation.name,
        link=link,
        works_for=invitations.OPEN_FOR,
    )
    session["fresh_invitation"] = {"email": invitation.email, "link": link}
    return redirect(url_for("accounts.invited"))


def come_in(user: User, back: str = "/", how: str = "password") -> ResponseReturnValue:
    """Signs somebody in and leads them home, or to where they wanted to be."""
    login_user(db.session.get_one(User, user.id), authn_via=[how])  # type: ignore[arg-type]  # its users have numbers as ids
    return redirect(back)


def page(template: str, form: Form, **context: object) -> ResponseReturnValue:
    """A page with a form; with errors in it, a 422."""
    return render_template(template, form=form, **context), 422 if form.errors else 200


def refuse(refused: Refused, template: str, form: Form, **context: object) -> ResponseReturnValue:
    """Says no at the field it is about, else instead of the page."""
    field: Field | None = form[refused.field] if refused.field in form else None  # noqa: SIM401 – a form is no dict
    if field is None and refused.status == 410:
        return closed_door(refused)
    if field is not None:
        field.errors = [str(refused)]
    else:
        form.form_errors.append(str(refused))
    return page(template, form, **context)


def closed_door(refused: Refused) -> ResponseReturnValue:
    """A one-time link that leads nowhere any more."""
    return render_template("accounts/closed.html", sentence=str(refused)), refused.status
