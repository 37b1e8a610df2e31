"""The pages of themes: the organisation's list, and choosing those of a card.

Promises: the list is for moderators and administrators; a theme of another organisation does not exist.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from facilitator.accounts.access import me, moderator_required, sign_in_required
from facilitator.archive.forms import MergeForm, ThemeForm
from facilitator.archive.rules import may_choose_themes
from facilitator.archive.themes import Counted, add, choice, choose, counted, list_of, merge, remove, rename
from facilitator.archive.views import blueprint
from facilitator.archive.views.reading import card_page, readable_or_404
from facilitator.core.db import db
from facilitator.core.refusals import Refused


@blueprint.route("/archive/themes", methods=["GET", "POST"])
@moderator_required
def themes() -> ResponseReturnValue:
    form = ThemeForm()
    if form.is_fine():
        try:
            add(me(), form.typed("name"))
        except Refused as refused:
            form.name.errors = [str(refused)]
        else:
            flash(_("The theme is on the list."), "success")
            return redirect("/archive/themes")
    page = render_template("archive/themes.html", form=form, themes=counted(db.session(), me()))
    return page, 422 if form.errors else 200


@blueprint.route("/archive/themes/<theme_id>", methods=["GET", "POST"])
@moderator_required
def theme(theme_id: str) -> ResponseReturnValue:
    """One theme: another name, merged with another one, or off the list."""
    every = counted(db.session(), me())
    found = next((one for one in every if one.id == theme_id), None)
    if found is None:
        abort(404)
    do = request.form.get("do", "")
    renaming, merging = _forms(found, every, do)
    try:
        done = _change(found, do, renaming, merging)
    except LookupError:
        abort(404)
    except Refused as refused:
        field = merging.into if refused.field == "into" else renaming.name
        field.errors = [str(refused)]
        done = ""
    if done:
        flash(done, "success")
        return redirect("/archive/themes")
    page = render_template("archive/theme.html", theme=found, themes=every, renaming=renaming, merging=merging)
    return page, 422 if renaming.errors or merging.errors else 200


@blueprint.post("/archive/<card_id>/themes")
@sign_in_required
def choose_themes(card_id: str) -> ResponseReturnValue:
    card = readable_or_404(card_id)
    if not may_choose_themes(db.session(), me(), card):
        abort(404)
    wanted = request.form.getlist("themes")
    try:
        choose(me(), card_id, wanted)
    except LookupError:
        abort(404)
    except Refused as refused:
        every = list_of(db.session(), me().organisation_id)
        return card_page(card, chosen=choice(db.session(), me(), card, every, wanted, str(refused)))
    flash(_("Your changes are saved."), "success")
    return redirect(f"/archive/{card_id}")


def _forms(found: Counted, every: list[Counted], do: str) -> tuple[ThemeForm, MergeForm]:
    renaming = ThemeForm.named(found.name, is_sent=do == "rename")
    merging = MergeForm.unsent() if do != "merge" else MergeForm()
    merging.into.choices = [SelectChoice(one.id, one.name) for one in every if one.id != found.id]
    return renaming, merging


def _change(found: Counted, do: str, renaming: ThemeForm, merging: MergeForm) -> str:
    """Does what was asked and says so; empty if nothing was, or not rightly."""
    if do == "rename" and renaming.is_fine():
        rename(me(), found.id, renaming.typed("name"))
        return str(_("The theme has its new name, on all its cards."))
    if do == "merge" and merging.is_fine():
        merge(me(), found.id, merging.typed("into"))
        return str(_("The two themes are one now."))
    if do == "remove":
        remove(me(), found.id)
        return str(_("The theme is off the list. The cards are still there."))
    return ""
