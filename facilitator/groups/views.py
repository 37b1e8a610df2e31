"""The pages of groups: the list, and one group with its members and meetings.

Promises: what somebody may not see is a 404, whether it is another organisation's or their own; seeing a group is not yet
editing it (403). E-mail addresses are shown to whoever may edit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilitator.accounts import mail, sign_in_links
from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.accounts.limits import account
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.core.extensions import limiter
from facilitator.core.forms import Form
from facilitator.core.refusals import Refused
from facilitator.groups import actions, agreements, loading
from facilitator.groups.forms import AgreementForm, GroupForm, MembersForm, template
from facilitator.groups.rules import may_make

ADDITIONS = "60 per hour"
T = TypeVar("T")

groups = Blueprint("groups", __name__)


@groups.get("/groups")
@sign_in_required
def index() -> ResponseReturnValue:
    return _list(GroupForm())


@groups.post("/groups")
@moderator_required
def make() -> ResponseReturnValue:
    form = GroupForm()
    if not form.is_fine():
        return _list(form)
    try:
        group_id = _or_404(lambda: actions.make(me(), form.typed("name")))
    except Refused as refused:
        form.name.errors = [str(refused)]
        return _list(form)
    flash(_("The group is there. Add its members now."), "success")
    return redirect(f"/groups/{group_id}")


@groups.get("/groups/<group_id>")
@sign_in_required
def group(group_id: str) -> ResponseReturnValue:
    return _page(_seen(group_id))


@groups.post("/groups/<group_id>/name")
@sign_in_required
def rename(group_id: str) -> ResponseReturnValue:
    page, form = _edited(group_id), GroupForm()
    if not form.is_fine():
        return _page(page, name=form)
    try:
        _or_404(lambda: actions.rename(me(), group_id, form.typed("name")))
    except Refused as refused:
        form.name.errors = [str(refused)]
        return _page(page, name=form)
    flash(_("The group has a new name."), "success")
    return redirect(f"/groups/{group_id}")


@groups.post("/groups/<group_id>/end")
@sign_in_required
def end(group_id: str) -> ResponseReturnValue:
    """A group meets no more, or goes on after all."""
    _edited(group_id)
    is_ended = request.form.get("do") != "resume"
    _or_404(lambda: actions.end(me(), group_id, is_ended))
    flash(_("The group has ended.") if is_ended else _("The group goes on."), "success")
    return redirect(f"/groups/{group_id}")


@groups.post("/groups/<group_id>/members")
@sign_in_required
@limiter.limit(ADDITIONS, key_func=account)
def add(group_id: str) -> ResponseReturnValue:
    """Brings people into a group, and mails each of them a way in."""
    page, form = _edited(group_id), MembersForm()
    if not form.is_fine():
        return _page(page, members=form)
    try:
        added = _or_404(lambda: actions.add_members(me(), group_id, form.read().addresses))
    except Refused as refused:
        form.addresses.errors = [str(refused)]
        return _page(page, members=form)
    for one in added:
        _tell(one)
    _say_who_came(len(added), len(form.read().addresses) - len(added))
    return redirect(f"/groups/{group_id}")


@groups.post("/groups/<group_id>/members/<member_id>/remove")
@sign_in_required
def remove(group_id: str, member_id: str) -> ResponseReturnValue:
    """Ends somebody's membership, one's own perhaps."""
    page = _seen(group_id)
    is_own = any(person.member_id == member_id and person.user_id == me().id for person in page.people)
    if not (page.may_edit or is_own):
        abort(403)
    left = _or_404(lambda: actions.remove_member(me(), group_id, member_id))
    if is_own:
        flash(_("You have left %(group)s.", group=page.name), "success")
    else:
        flash(_("%(name)s is out of the group, and sees nothing of it any more.", name=left.name), "success")
    return redirect("/groups" if is_own and not page.may_edit else f"/groups/{group_id}")


@groups.route("/groups/<group_id>/agreement", methods=["GET", "POST"])
@sign_in_required
@limiter.limit(ADDITIONS, key_func=account, methods=["POST"])
def agreement(group_id: str) -> ResponseReturnValue:
    """What a group agrees on, in every version; whoever sees the group can write the next one."""
    page, form = _seen(group_id), AgreementForm()
    if form.is_fine():
        try:
            _or_404(lambda: agreements.write(me(), group_id, form.seen.data or 0, form.typed("text")))
        except Refused as refused:
            form.text.errors = [str(refused)]
            return _agreement(_seen(group_id), form, 409)
        flash(_("The new version is there. Everybody in the group is asked to accept it."), "success")
        return redirect(f"/groups/{group_id}#agreement")
    if request.method == "GET":
        form.text.data = "\n".join(page.agreement.lines) if page.agreement else template()
    return _agreement(page, form, _status(form))


def _agreement(page: loading.Page, form: AgreementForm, status: int) -> ResponseReturnValue:
    earlier = agreements.versions(page.id)
    return render_template("groups/agreement.html", group=page, form=form, versions=earlier), status


@groups.post("/groups/<group_id>/agreement/accept")
@sign_in_required
def accept(group_id: str) -> ResponseReturnValue:
    """Somebody who is in the group accepts the version they read."""
    number = request.form.get("number", "")
    try:
        _or_404(lambda: agreements.accept(me(), group_id, int(number) if number.isdecimal() and len(number) < 9 else 0))
    except Refused as refused:
        flash(str(refused), "attention")
    else:
        flash(_("You accepted the agreement."), "success")
    return redirect(f"/groups/{group_id}#agreement")


def _tell(added: actions.Added) -> None:
    """A neutral mail: whoever has no password gets a link to sign in with; the group's name stays out of it."""
    by: User = me()
    link = absolute("accounts.use_link", token=added.token) if added.token else absolute("groups.index")
    later = absolute("security.login")
    mail.send(
        "member",
        added.user.email,
        added.user.locale,
        by=by.name,
        organisation=by.organisation.name,
        link=link,
        later=later,
        signs_in=bool(added.token),
        works_for=sign_in_links.INVITES_FOR,
    )


def _say_who_came(new: int, known: int) -> None:
    if new:
        flash(ngettext("%(num)s person added and mailed.", "%(num)s people added and mailed.", new), "success")
    if known:
        flash(ngettext("%(num)s person was in it already.", "%(num)s people were in it already.", known), "info")


def _seen(group_id: str) -> loading.Page:
    page = loading.group_for(me(), group_id)
    if page is None:
        abort(404)
    return page


def _edited(group_id: str) -> loading.Page:
    page = _seen(group_id)
    if not page.may_edit:
        abort(403)
    return page


def _or_404(deed: Callable[[], T]) -> T:
    """What may have become somebody else's, or nobody's, since the page was asked for."""
    try:
        return deed()
    except LookupError:
        abort(404)


def _list(form: GroupForm) -> ResponseReturnValue:
    page = render_template("groups/index.html", groups=loading.groups_for(me()), form=form, may_make=may_make(me()))
    return page, _status(form)


def _page(page: loading.Page, name: GroupForm | None = None, members: MembersForm | None = None) -> ResponseReturnValue:
    wrong = name or members
    rendered = render_template(
        "groups/group.html",
        group=page,
        name_form=name or GroupForm(obj=page),
        members_form=members or MembersForm(),
        me_id=me().id,
    )
    return rendered, _status(wrong) if wrong else 200


def _status(form: Form) -> int:
    return 422 if form.errors else 200
