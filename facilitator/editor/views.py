"""The pages of methods of one's own: the list, a method, one of its phases.

Promises: another organisation's method is a 404, also by its key; nothing that was typed is lost, whatever was wrong with it, and also where
somebody else changed the same meanwhile; every button works without a script.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from facilitator.accounts.access import me, moderator_required
from facilitator.accounts.languages import readers_language
from facilitator.accounts.limits import account
from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.core.threads import OneThread
from facilitator.editor import forms, rows
from facilitator.editor.forms import Document, DraftForm
from facilitator.editor.preview import Moment, moments
from facilitator.editor.problems import Trouble, fields_with_errors, in_file, put_beside, troubles
from facilitator.editor.words import in_words, kind_name, option_name
from facilitator.meetings.playing import problems_of_play
from facilitator.methods.loader import judged, load_catalogue, taken_apart
from facilitator.methods.problem import Problem
from facilitator.methods.shortening import document_of, shortened
from facilitator.methods.vocabulary import Method, Phase
from facilitator.methods.writing import written
from facilitator.repertoire import actions
from facilitator.repertoire.models import OwnMethod
from facilitator.repertoire.store import looked_at, own_method, own_methods, versions_of

T = TypeVar("T")
FILES = COPIES = "60 per hour"
TYPING = "120 per minute"  # the page asks for a preview at most 85 times
_aside = OneThread()
editor = Blueprint("editor", __name__)
editor.add_app_template_global(kind_name)
editor.add_app_template_global(option_name)


@dataclass(frozen=True, slots=True)
class Listed:
    """A method in the list."""

    key: str
    title: str
    summary: str
    in_use: int | None
    is_put_away: bool
    is_changed: bool


# -- The list, and what is done with a method as a whole ---------------------------------------------------------------


@editor.get("/methods/own")
@moderator_required
def index() -> ResponseReturnValue:
    """The organisation's own methods, and what there is to copy."""
    return _list_page()


def _list_page(status: int = 200) -> ResponseReturnValue:
    found = [_listed(row) for row in own_methods(me().organisation_id)]
    page = render_template(
        "editor/index.html",
        own=[one for one in found if not one.is_put_away],
        put_away=[one for one in found if one.is_put_away],
        catalogue=[(method.key, method.text(readers_language())) for method in load_catalogue().values()],
    )
    return page, status


@editor.post("/methods/<key>/copy")
@moderator_required
@limiter.limit(COPIES, key_func=account)
def copy(key: str) -> ResponseReturnValue:
    """A method of one's own that begins as another one is."""
    own = own_method(me().organisation_id, key)
    if own is None and key not in load_catalogue():
        abort(404)
    draft = own.draft if own else document_of(load_catalogue()[key])
    mark = f" ({me().organisation.name})"
    texts = {
        language: {**words, "title": words["title"].removesuffix(mark)[: 400 - len(mark)] + mark}
        for language, words in draft["texts"].items()
    }
    try:
        made = actions.bring(me(), {**draft, "texts": texts})
    except Refused as refused:
        flash(_refusal(refused), "error")
        return _list_page(refused.status)
    flash(_("This copy is yours. Change what you like; nobody plans with it until you say so."), "success")
    return redirect(f"/methods/{made}/edit")


@editor.post("/methods/<key>/state")
@moderator_required
@limiter.limit(TYPING, key_func=account)
def state(key: str) -> ResponseReturnValue:
    """Takes the draft into use, goes back to an earlier version, puts the method away, takes it back, or erases it."""
    _own(key)
    match request.form.get("do", ""):
        case "use":
            return _taken_into_use(key)
        case "back":
            return _back(key)
        case "put_away" | "take_back" as do:
            _or_404(lambda: actions.put_away(me(), key, do == "put_away"))
            flash(_("It is not offered any more.") if do == "put_away" else _("It is offered again."), "success")
        case "erase":
            try:
                _or_404(lambda: actions.erase(me(), key))
            except Refused:
                abort(409)
            flash(_("The method is gone. Meetings keep what they have of it."), "success")
        case _:
            abort(422)
    return redirect("/methods/own")


def _taken_into_use(key: str) -> ResponseReturnValue:
    row = _own(key)
    if _played(row)[1]:
        flash(_("This cannot be used yet. What is wrong stands below."), "error")
        return _method_page(row, 422)
    draft = row.draft
    try:
        number = _or_404(lambda: actions.take_into_use(me(), key, draft))
    except actions.Moved:
        flash(_("Somebody changed it just now. Look at it once more before you take it into use."), "error")
        return _method_page(_own(key), 409)
    flash(
        _("Version %(number)s is in use. Meetings that are planned already keep what they have.", number=number),
        "success",
    )
    return redirect(f"/methods/{key}/edit")


def _back(key: str) -> ResponseReturnValue:
    sent = request.form.get("number", "")
    number, as_seen = int(sent) if sent.isdecimal() else 0, request.form.get("seen", "")
    try:
        kept = _or_404(lambda: actions.back_to(me(), key, number, as_seen))
    except actions.Moved:
        flash(
            _("Somebody changed the draft meanwhile. Look at it once more before another version takes its place."),
            "error",
        )
        return _method_page(_own(key), 409)
    flash(
        _("The draft is version %(number)s again. Take it into use if that is what you want.", number=number), "success"
    )
    if kept is not None:
        flash(_("What the draft was before is kept as version %(number)s.", number=kept), "success")
    return redirect(f"/methods/{key}/edit")


@editor.get("/methods/<key>.toml")
@moderator_required
def export(key: str) -> Response:
    """The draft as a file, as short as one by hand."""
    own = own_method(me().organisation_id, key)
    if own is None and key not in load_catalogue():
        abort(404)
    answer = make_response(written(own.draft if own else document_of(load_catalogue()[key])))
    answer.headers["Content-Type"] = "application/toml; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.toml"'
    return answer


@editor.route("/methods/import", methods=["GET", "POST"])
@moderator_required
@limiter.limit(FILES, key_func=account, methods=["POST"])
def bring_in() -> ResponseReturnValue:
    """A method from a file: a draft of one's own, with whatever is wrong with it as long as it has the shape of one."""
    form = forms.FileForm()
    if not form.was_sent:
        return _file_page(form)
    sent = request.files.get("file")
    if not form.is_fine() or sent is None or not sent.filename:
        form.file.errors = [_("Choose a file.")]
        return _file_page(form, status=422)
    try:
        document, problems = taken_apart(BytesIO(sent.read()))
        if document is None or _has_doubles(document):
            return _file_page(form, [in_file(problem) for problem in problems], 422)
        key = actions.bring(me(), document)
    except Refused as refused:
        form.file.errors = [_refusal(refused)]
        return _file_page(form, status=refused.status)
    flash(_("The method is here as a draft."), "success")
    return redirect(f"/methods/{key}/edit")


def _refusal(refused: Refused) -> str:
    """Why another method does not come in."""
    found = _("This takes more to read than a method may.")
    if refused.code == "busy":
        found = _("Too many files come in at once. Try again in a minute.")
    elif refused.code == "too_many":
        found = _(
            "Your organisation has %(most)s methods of its own, and there is no room for more. Put one away, then erase it.",
            most=actions.MOST_METHODS,
        )
    return str(found)


def _has_doubles(document: Document) -> bool:
    keys = [one.get("key", one["kind"]) for one in document["phases"]]
    return len(keys) != len(set(keys))


def _file_page(form: forms.FileForm, sentences: list[str] | None = None, status: int = 200) -> ResponseReturnValue:
    return render_template("editor/import.html", form=form, sentences=sentences or []), status


# -- A method ----------------------------------------------------------------------------------------------------------


@editor.route("/methods/<key>/edit", methods=["GET", "POST"])
@moderator_required
@limiter.limit(TYPING, key_func=account, methods=["POST"])
def edit(key: str) -> ResponseReturnValue:
    """A method as a whole: its texts, and its phases in order with their minutes."""
    row, do = own_method(me().organisation_id, key), request.form.get("do", "save")
    if row is None:
        return _gone_page(key)
    _readable(row)
    if request.method == "GET":
        return _method_page(row)
    form = forms.method_form(row.draft)(formdata=_operated(do))
    if rows.is_change(do):
        return _method_page(row, 200, form, is_typed=True)
    if not form.is_fine():
        return _method_page(row, 422, form, is_typed=True)
    return _stored(
        row, form, forms.method_part, lambda draft: forms.method_put(form, draft), f"/methods/{key}/edit", _method_page
    )


def _typed() -> MultiDict[str, str]:
    """What was sent, where it is no more than a page can have."""
    typed = rows.known(request.form)
    if rows.is_too_much(typed):  # no button leads here
        abort(413)
    return typed


def _operated(do: str) -> MultiDict[str, str]:
    """What was sent, its rows changed as a button said, as long as there is room; a new phase gets a key that no other has."""
    typed = _typed()
    if not rows.is_change(do):
        return typed
    fresh = None
    if do == "add:phases":
        kind = typed.get("new_kind", "")
        taken = [value for name, value in typed.items() if name.startswith("phases-") and name.endswith("-key")]
        fresh = {"kind": kind, "key": forms.free_key(kind, taken), "minutes": "5"}
    changed = rows.changed(typed, do, fresh)
    if rows.is_too_much(changed):
        flash(_("There is no room for more here. Take something out first."), "error")
        return typed
    return changed


def _method_page(
    row: OwnMethod, status: int = 200, form: DraftForm | None = None, *, is_typed: bool = False, theirs: object = None
) -> ResponseReturnValue:
    method, problems = _readable(row) if is_typed else _played(row)
    if form is None:
        form = forms.method_form(row.draft)(
            formdata=None, data=forms.method_data(row.draft), seen=actions.seen(forms.method_part(row.draft))
        )
    if theirs is not None:
        forms.show_phases(form, row.draft)
    found = troubles(problems, method)
    on_top = [] if is_typed else put_beside(form, [one for one in found if one.phase is None])
    page = render_template(
        "editor/method.html",
        form=form,
        key=row.key,
        method=method,
        title=method.text(readers_language()).title,
        titles={phase.key: phase.text(readers_language()).title for phase in method.phases},
        troubled=_by_phase(method, found),
        on_top=on_top,
        wrong=list(fields_with_errors(form)),
        is_typed=is_typed,
        theirs=theirs,
        row=row,
        is_changed=_is_changed(row),
        seen=actions.seen(row.draft),
        versions=versions_of(row),
        people=_people(row),
    )
    return make_response(page, status)


def _by_phase(method: Method, found: list[Trouble]) -> dict[str, list[str]]:
    by_key: dict[str, list[str]] = {}
    for trouble in found:
        if trouble.phase is not None and trouble.phase < len(method.phases):
            by_key.setdefault(method.phases[trouble.phase].key, []).append(trouble.sentence)
    return by_key


# -- A phase -----------------------------------------------------------------------------------------------------------


@editor.route("/methods/<key>/phases/<phase_key>", methods=["GET", "POST"])
@moderator_required
@limiter.limit(TYPING, key_func=account, methods=["POST"])
def phase(key: str, phase_key: str) -> ResponseReturnValue:
    """One phase of a method: its time, its texts, what people write, who sees what."""
    row, do = own_method(me().organisation_id, key), request.form.get("do", "save")
    if row is None:
        return _gone_page(key)
    method, _problems = _readable(row)
    found, of_draft = method.phase(phase_key), _of_draft(row.draft, phase_key)
    if found is None or of_draft is None:
        return _gone_page(key, row)
    if request.method == "GET":
        return _phase_page(row, found)
    form = forms.phase_form(method, found, row.draft)(formdata=_operated(do))
    if rows.is_change(do) or do == "look":
        return _phase_page(row, found, 200, form, is_typed=True)
    if not form.is_fine():
        return _phase_page(row, found, 422, form, is_typed=True)
    return _stored(
        row,
        form,
        lambda draft: _of_draft(draft, phase_key),
        lambda draft: _with_phase(draft, phase_key, forms.phase_put(form, _of_draft(draft, phase_key) or of_draft)),
        f"/methods/{key}/phases/{phase_key}",
        lambda *given, **more: _phase_page(given[0], found, *given[1:], **more),
    )


def _phase_page(
    row: OwnMethod,
    found: Phase,
    status: int = 200,
    form: DraftForm | None = None,
    *,
    is_typed: bool = False,
    theirs: object = None,
) -> ResponseReturnValue:
    method, problems = _readable(row) if is_typed else _played(row)
    of_draft = _of_draft(row.draft, found.key)
    if of_draft is None:
        abort(404)
    if form is None:
        form = forms.phase_form(method, found, row.draft)(
            formdata=None, data=forms.phase_data(found, of_draft), seen=actions.seen(of_draft)
        )
    forms.show_usual_labels(form, found.kind)
    place = [one.key for one in method.phases].index(found.key)
    mine = [one for one in troubles(problems, method) if one.phase == place]
    on_top = [] if is_typed else put_beside(form, mine)
    page = render_template(
        "editor/phase.html",
        form=form,
        key=row.key,
        phase=found,
        title=found.text(readers_language()).title,
        method_title=method.text(readers_language()).title,
        before=method.phases[place - 1] if place else None,
        after=method.phases[place + 1] if place + 1 < len(method.phases) else None,
        on_top=on_top,
        wrong=list(fields_with_errors(form)),
        is_typed=is_typed,
        theirs=theirs,
        moments=_moments(row, found, form, is_typed=is_typed),
        language=readers_language() if readers_language() in row.draft["texts"] else next(iter(row.draft["texts"])),
    )
    return make_response(page, status)


def _moments(row: OwnMethod, phase: Phase, form: DraftForm, *, is_typed: bool) -> tuple[Moment, ...]:
    """What people see in the phase as it was typed; nothing where that has not the shape of one."""
    draft, before = row.draft, _of_draft(row.draft, phase.key)
    if is_typed and before is not None:
        draft = _with_phase(draft, phase.key, forms.phase_put(form, before))
    method, _problems = looked_at(draft)
    found = method.phase(phase.key) if method else None
    return moments(method, found, readers_language()) if method and found else ()


# -- What both have in common ------------------------------------------------------------------------------------------


def _stored(
    row: OwnMethod,
    form: DraftForm,
    part: Callable[[Document], object],
    put: Callable[[Document], Document],
    address: str,
    page: Callable[..., ResponseReturnValue],
) -> ResponseReturnValue:
    """Keeps what was typed as the draft. What has not the shape of a method is not kept, and neither is what somebody else changed."""
    whole, problems = judged(put(row.draft))
    if whole is None:
        rest = put_beside(form, troubles(problems))
        for sentence in rest:
            form.form_errors.append(sentence)
        return page(row, 422, form, is_typed=True)
    key = row.key
    try:
        actions.change(me(), key, form.typed("seen"), part, put)
    except LookupError:
        return _gone_page(key)
    except actions.Moved as moved:
        if moved.now is None:
            return _gone_page(key, row)
        db.session.refresh(row)
        form["seen"].data = actions.seen(moved.now)
        theirs = _differences(part(shortened(put(row.draft))), moved.now)
        return page(row, 409, form, is_typed=True, theirs=theirs)
    except Refused as refused:
        form.form_errors.append(_("This is longer than a method may be. Shorten it, or take phases out."))
        return page(row, refused.status, form, is_typed=True)
    flash(_("Your changes are kept."), "success")
    return redirect(address)


def _gone_page(key: str, row: OwnMethod | None = None) -> ResponseReturnValue:
    """All that was typed for a phase that is not in the method any more, or for a method that is not there any more."""
    typed = list(in_words(_typed()))
    if not typed:
        abort(404)
    title = _listed(row).title if row else ""
    return render_template("editor/gone.html", key=key, title=title, typed=typed), 409 if row else 404


def _differences(mine: object, theirs: object, place: str = "") -> list[tuple[str, str]]:
    """Where two parts say something else: the place, and what the other one says there."""
    if mine == theirs:
        return []
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return [
            one
            for word in {**mine, **theirs}
            for one in _differences(mine.get(word), theirs.get(word), f"{place}{word} · ")
        ]
    if isinstance(mine, list | tuple) and isinstance(theirs, list | tuple) and len(mine) == len(theirs):
        return [
            one
            for n, (a, b) in enumerate(zip(mine, theirs, strict=True), start=1)
            for one in _differences(a, b, f"{place}{n} · ")
        ]
    return [
        (
            place.removesuffix(" · "),
            "–" if theirs is None else written({"x": theirs})[4:].strip() if not isinstance(theirs, str) else theirs,
        )
    ]


def _own(key: str) -> OwnMethod:
    found = own_method(me().organisation_id, key)
    if found is None:
        abort(404)
    return found


def _readable(row: OwnMethod) -> tuple[Method, tuple[Any, ...]]:
    method, problems = looked_at(row.draft)
    if method is None:
        abort(409)
    return method, problems


def _played(row: OwnMethod) -> tuple[Method, tuple[Problem, ...]]:
    """The method of a draft, and what is wrong with it: what does not fit together, else what comes of playing it."""
    method, problems = _readable(row)
    return method, problems or _aside(partial(_problems_of_play, json.dumps(row.draft)))


@lru_cache(maxsize=64)
def _problems_of_play(draft: str) -> tuple[Problem, ...]:
    """What comes of playing a draft; equal ones are played once, and beside the meetings that share this process."""
    method, problems = looked_at(json.loads(draft))
    return tuple(problems or (problems_of_play(method) if method else ()))


def _of_draft(draft: Document, phase_key: str) -> Document | None:
    return next((one for one in draft["phases"] if one.get("key", one["kind"]) == phase_key), None)


def _with_phase(draft: Document, phase_key: str, put: Document) -> Document:
    return {**draft, "phases": [put if one.get("key", one["kind"]) == phase_key else one for one in draft["phases"]]}


def _listed(row: OwnMethod) -> Listed:
    words = row.draft["texts"].get(readers_language()) or next(iter(row.draft["texts"].values()))
    return Listed(row.key, words["title"], words["summary"], row.in_use, row.is_put_away, _is_changed(row))


def _is_changed(row: OwnMethod) -> bool:
    """Whether the draft is not what meetings are planned with."""
    newest = next((one for one in versions_of(row) if one.number == row.in_use), None)
    return newest is None or newest.document != row.draft


def _people(row: OwnMethod) -> dict[str | None, str]:
    ids = {row.changed_by, *(one.made_by for one in versions_of(row))}
    return {one: found.name for one in ids if one and (found := db.session.get(User, one))}


def _or_404(deed: Callable[[], T]) -> T:
    try:
        return deed()
    except LookupError:
        abort(404)
