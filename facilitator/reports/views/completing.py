"""The addresses of completing a report: its passages one by one, offering it, and opening it again for correction."""

from __future__ import annotations

from urllib.parse import quote

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from facilitator.core.refusals import Refused
from facilitator.reports import actions
from facilitator.reports.access import Reader, reader_of
from facilitator.reports.drafts import Draft
from facilitator.reports.passages import Value, passage
from facilitator.reports.pieces import Piece, pieces
from facilitator.reports.reading import Reading, in_words_of_reader, reading
from facilitator.reports.refusals import sentence
from facilitator.reports.states import state_of
from facilitator.reports.views import blueprint
from facilitator.reports.writing import typed


@blueprint.get("/meetings/<meeting_id>/report/edit")
def edit(meeting_id: str) -> Response:
    """All passages of a draft, or with `part` one of them to rewrite."""
    found, draft = drafted(meeting_id)
    if "part" not in request.args:
        shown = own_pieces(found, draft)
        return _made(render_template("reports/edit.html", pieces=shown, state=state_of(found), **common(found)))
    return _form(found, piece_named(found, draft, request.args["part"]))


@blueprint.post("/meetings/<meeting_id>/report/edit")
def save(meeting_id: str) -> Response:
    """Keeps other words for a passage, leaves it out, or puts it back."""
    found, draft = drafted(meeting_id)
    key, do = request.form.get("part", ""), request.form.get("do", "")
    piece = piece_named(found, draft, key)
    if do == "save":
        return _rewritten(found, draft, piece)
    if do not in ("out", "in"):
        abort(404)
    try:
        actions.leave_out(found.reader, key, do == "out")
    except Refused as refused:
        return refused_to_report(found, refused)
    return redirect(after(found, key), 303)


@blueprint.post("/meetings/<meeting_id>/report/offer")
def offer(meeting_id: str) -> Response:
    """The moderator says that the draft is ready."""
    if not reader_of(meeting_id).is_moderator:
        abort(404)
    found, _draft = drafted(meeting_id)
    try:
        actions.offer(found.reader)
    except Refused as refused:
        return refused_to_report(found, refused)
    flash(_("The draft is offered. Whoever gave a case finds it on their phone or by their personal link."))
    return redirect(report_path(found.reader), 303)


@blueprint.post("/meetings/<meeting_id>/report/reopen")
def reopen(meeting_id: str) -> Response:
    found = reading(meeting_id)
    if not found.reader.sees_draft:
        abort(404)
    try:
        actions.reopen(found.reader)
    except Refused as refused:
        return refused_to_report(found, refused)
    flash(
        _(
            "The report is open for correction. The group keeps reading the approved version until the new one is approved."
        )
    )
    return redirect(f"{report_path(found.reader, '/edit')}", 303)


# -- What the pages have in common -------------------------------------------------------------------------------------


def drafted(meeting_id: str) -> tuple[Reading, Draft]:
    """A reader who may complete the draft, and the draft; without one the way leads to the report."""
    found = reading(meeting_id)
    if not found.reader.sees_draft or found.standing is None:
        abort(404)
    if found.standing.draft is None or not found.standing.is_over:
        flash(sentence("is_approved" if found.standing.is_over else "not_over"))
        abort(redirect(report_path(found.reader), 303))
    return found, found.standing.draft


def own_pieces(found: Reading, draft: Draft, right: frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """The passages this reader may change, those that were left out included."""
    shown = in_words_of_reader(draft.report)
    numbers = found.reader.cases
    return tuple(
        piece
        for piece in pieces(shown, draft.report, draft.left_out, right)
        if (found.reader.is_moderator or piece.case in (0, *numbers)) and piece.case not in (draft.dropped or ())
    )


def piece_named(found: Reading, draft: Draft, key: str) -> Piece:
    """One of them, or 404."""
    piece = next((piece for piece in own_pieces(found, draft) if piece.key == key), None)
    if piece is None:
        abort(404)
    return piece


def common(found: Reading) -> dict[str, object]:
    """What every page about a draft needs: who reads, and the addresses that keep their seat."""
    return {"reader": found.reader, "meeting_id": found.reader.meeting_id, "seat_query": seat_query(found.reader)}


def seat_query(reader: Reader, more: str = "") -> str:
    """The end of an address: which seat of a shared phone it is for, and what else."""
    parts = [part for part in ("as=2" if reader.as_seat == 2 else "", more) if part]
    return "?" + "&".join(parts) if parts else ""


def report_path(reader: Reader, rest: str = "", more: str = "") -> str:
    """An address of this report for this reader."""
    return f"/meetings/{reader.meeting_id}/report{rest}{seat_query(reader, more)}"


def after(found: Reading, key: str) -> str:
    """Where to go on: back into the approval one by one, or to the list."""
    if request.form.get("back") == "approve":
        own = f"case={case_number()}"
        return report_path(
            found.reader, "/approve", f"{own}&part={quote(key)}" if request.form.get("do") == "save" else own
        )
    return f"{report_path(found.reader, '/edit')}#part-{key.replace('.', '-')}"


def case_number() -> int:
    """The number of a case in this request, 0 where there is none."""
    sent = request.values.get("case", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 3 else 0


def refused_to_report(found: Reading, refused: Refused) -> Response:
    """A refusal that belongs to the whole report: 404, or a sentence above it."""
    if refused.status == 404:
        abort(404)
    flash(sentence(refused.code), "warning")
    return redirect(report_path(found.reader), 303)


def _rewritten(found: Reading, draft: Draft, piece: Piece) -> Response:
    place = passage(draft.report, piece.key)
    assert place is not None
    case = next((case for case in draft.report.cases if case.number == piece.case), None)
    given = typed(place, request.form.to_dict(), case.case_giver if case else "")
    if given.problems:
        return _form(found, piece, given.value, given.problems, 422)
    try:
        actions.rewrite(found.reader, piece.key, request.form.get("seen", ""), given.value)
    except Refused as refused:
        if refused.code != "changed_meanwhile":
            return refused_to_report(found, refused)
        found, draft = drafted(found.reader.meeting_id)
        now = piece_named(found, draft, piece.key)
        return _form(found, now, given.value, (sentence(refused.code),), 409)
    return redirect(after(found, piece.key), 303)


def _form(
    found: Reading, piece: Piece, value: Value | None = None, problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    page = render_template(
        "reports/passage.html",
        piece=piece,
        value=piece.value if value is None else value,
        problems=problems,
        is_conflict=status == 409,
        back=request.values.get("back", ""),
        case=request.values.get("case", ""),
        **common(found),
    )
    return _made(page, status)


def _made(page: str, status: int = 200) -> Response:
    return Response(page, status=status, mimetype="text/html")
