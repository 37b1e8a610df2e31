"""One table of who may do what: every address of the application × every role, and default deny. What is not in the table
fails; whoever is not in a row gets its refusal, and a refusal changes nothing.

A cell is a status, or `→ path` for a redirect. `login` means: sign in first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from facilitator.core.config import Settings
from facilitator.core.db import Base, db, now
from facilitator.core.extensions import limiter, socketio
from facilitator.meetings.actions import doors
from facilitator.meetings.models import Invite
from tests.contract.everybody import ACCOUNTS, ROLES, Everybody, everybody
from tests.houses import empty_house

Cell = int | str
LOGIN = "→ /login"
CONSOLE = "→ /meetings/{m}/console"
PHONE = "→ /meetings/{m}/phone"
REPORT = "→ /meetings/{m}/report"
MINE = "→ /meetings/{m}/mine"


@dataclass(frozen=True)
class Row:
    """One address: what it is sent, what everybody gets, and who gets something else."""

    path: str
    otherwise: Cell
    allowed: Mapping[str, Cell] = field(default_factory=dict)
    send: Mapping[str, str] = field(default_factory=dict)
    phase: str = "clarify"


def only(**cells: Cell) -> dict[str, Cell]:
    """Who gets something else than everybody."""
    return dict(cells)


def each(roles: tuple[str, ...], cell: Cell, **more: Cell) -> dict[str, Cell]:
    """The same for several roles."""
    return {**dict.fromkeys(roles, cell), **more}


SEATED = ("case_giver", "peer", "waiting", "left")
THERE = ("moderator", "creator", "case_giver", "peer", "left")
DRAFTING = ("moderator", "creator", "case_giver")
INSIDE = ("case_giver", "peer", "left")
HOLDING = ("case_giver", "peer", "left", "moderator", "former_moderator", "creator")
LEADING = ("colleague", "creator", "ola", "administrator")
VERBS: dict[str, Row] = {
    "contribute": Row(
        "contribute",
        403,
        only(peer=200, left=409, case_giver=409),
        {"step": "{step}", "form": "question", "question": "Why?", "op": "{op}"},
    ),
    "hint": Row(
        "hint",
        403,
        only(peer=200, left=409, case_giver=409),
        {"step": "{step}", "form": "question", "text": "Have you called him?"},
    ),
    "notebook": Row("notebook", 403, only(case_giver=200, peer=200, left=200), {"text": "For myself", "op": "{op}"}),
    "instead": Row(
        "instead",
        403,
        only(peer=200, left=409, case_giver=409),
        {"step": "{step}", "form": "question", "value": "says"},
    ),
    "mark": Row(
        "mark",
        403,
        only(case_giver=200, moderator=409, peer=409, left=409),
        {"step": "{step}", "item": "{markable}", "value": "on"},
        "choose",
    ),
    "case": Row("case", 403, only(case_giver=200, moderator=200, left=409), {"title": "Silence"}),
    "confirm": Row("confirm", 403, only(case_giver=200), {"action": "{made}"}, "commit"),
    "buddy": Row("buddy", 403, only(peer=200, left=409), {"action": "{made}"}, "commit"),
    "signal": Row("signal", 403, only(case_giver=200, peer=200, left=409, moderator=200), {"sign": "fast"}),
    "leave": Row("leave", 403, each(SEATED, 200)),
    "come_back": Row("return", 403, each(SEATED, 200)),
    "same": Row("same", 403, each(SEATED, 200)),
    "withdraw": Row("withdraw", 403, only(case_giver=409, peer=409, left=409), {"item": "none"}),
    "decline": Row("decline", 403, only(case_giver=200, peer=409, left=409), phase="story"),
    "agreement": Row("agreement", 403, only(case_giver=422, peer=422, left=422), {"number": "1"}),
    "offer": Row("offer", 403, only(case_giver=422, peer=422, left=409), {"role": "king", "value": "on"}),
    "time": Row("time", 403, only(case_giver=422, peer=422, left=409), {"value": "soon"}),
    "steer": Row("steer", 403, only(moderator=200, wall=200), {"move": "pause", "turn": "{turn}"}),
    "show": Row("show", 403, only(moderator=200, wall=200), {"what": "blank", "value": "on"}),
    "tables": Row("tables", 403, only(moderator=422), {"move": "next"}),
    "order": Row("order", 403, only(moderator=200, wall=200), {"order": "{seat}"}),
    "nudge": Row("nudge", 403, only(moderator=200), {"step": "{step}", "about": "again"}),
    "host": Row("host", 403, only(moderator=422, wall=422), {"host": "elsewhere.example"}),
    "item": Row("item", 403, only(moderator=200), {"item": "{item}", "do": "done"}),
    "someone": Row("people", 403, only(moderator=200), {"do": "role", "seat": "{seat}", "role": "timekeeper"}),
    "action": Row("action", 403, only(moderator=200), {"do": "owner", "action": "{action}", "seat": "{seat}"}),
    "pair": Row("pair", 403, only(moderator=404), {"code": "ABC DEF"}),
    "proxy": Row(
        "proxy",
        403,
        only(moderator=200),
        {"step": "{step}", "form": "question", "seat": "{no_phone}", "question": "Why?", "op": "{op}"},
    ),
    "another_round": Row("round", 403, only(moderator=200), {"turn": "{turn}"}),
}
TABLE: dict[tuple[str, str], Row] = {
    **{
        ("POST", f"meetings.{name}"): Row(
            f"/meetings/{{m}}/{row.path}", row.otherwise, row.allowed, row.send, row.phase
        )
        for name, row in VERBS.items()
    },
    # The live pages
    ("GET", "meetings.phone"): Row("/meetings/{m}/phone", "→ /j", each(SEATED, 200, expelled=200)),
    ("GET", "meetings.console"): Row("/meetings/{m}/console", 404, only(moderator=200, creator=403)),
    ("GET", "meetings.wall"): Row(
        "/meetings/{m}/screen", 404, only(wall=200, moderator="→ /meetings/{m}/screen", creator=CONSOLE)
    ),
    ("GET", "meetings.see"): Row("/meetings/{m}/see?seat={seat}", 404, only(moderator=200)),
    ("GET", "meetings.now"): Row("/meetings/{m}/now?view=phone", 403, each(SEATED, 200)),
    ("GET", "meetings.handover"): Row("/meetings/{m}/handover", 404, only(moderator=200)),
    ("GET", "meetings.token"): Row("/meetings/{m}/token?view=phone", 403, each(SEATED, 200)),
    ("GET", "meetings.second"): Row("/meetings/{m}/second", "→ /j", each(SEATED, 200)),
    ("POST", "meetings.second"): Row("/meetings/{m}/second", "→ /j", each(SEATED, 422)),
    ("GET", "meetings.takeover"): Row("/meetings/{m}/takeover/guessed", 410),
    ("POST", "meetings.takeover"): Row("/meetings/{m}/takeover/guessed", 410, send={"name": "Ola"}),
    ("POST", "meetings.takeback"): Row("/meetings/{m}/takeback", LOGIN, each(ACCOUNTS, 404, creator=CONSOLE)),
    # Methods of an organisation; of those of another one see tests/integration/test_editor.py
    ("GET", "editor.index"): Row("/methods/own", LOGIN, each(LEADING, 200, member=403)),
    ("POST", "editor.copy"): Row("/methods/guessed/copy", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "editor.state"): Row("/methods/guessed/state", LOGIN, each(LEADING, 404, member=403), {"do": "use"}),
    ("GET", "editor.export"): Row("/methods/guessed.toml", LOGIN, each(LEADING, 404, member=403)),
    ("GET", "editor.bring_in"): Row("/methods/import", LOGIN, each(LEADING, 200, member=403)),
    ("POST", "editor.bring_in"): Row("/methods/import", LOGIN, each(LEADING, 422, member=403)),
    ("GET", "editor.edit"): Row("/methods/guessed/edit", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "editor.edit"): Row("/methods/guessed/edit", LOGIN, each(LEADING, 404, member=403)),
    ("GET", "editor.phase"): Row("/methods/guessed/phases/story", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "editor.phase"): Row("/methods/guessed/phases/story", LOGIN, each(LEADING, 404, member=403)),
    # The report of a meeting that runs; of one that is over see tests/integration/reports
    ("GET", "reports.report"): Row("/meetings/{m}/report", 404, each(THERE, 200)),
    ("GET", "reports.download"): Row("/meetings/{m}/report.md", 404, only(moderator=200, creator=200)),
    ("GET", "reports.version"): Row("/meetings/{m}/report/versions/1", 404),
    ("GET", "reports.edit"): Row("/meetings/{m}/report/edit", 404, each(DRAFTING, REPORT)),
    ("POST", "reports.save"): Row("/meetings/{m}/report/edit", 404, each(DRAFTING, REPORT), {"do": "out"}),
    ("POST", "reports.offer"): Row("/meetings/{m}/report/offer", 404, only(moderator=REPORT, creator=REPORT)),
    ("POST", "reports.reopen"): Row("/meetings/{m}/report/reopen", 404, each(DRAFTING, REPORT)),
    ("GET", "reports.approve"): Row("/meetings/{m}/report/approve", 404, each(DRAFTING, REPORT)),
    ("POST", "reports.say"): Row("/meetings/{m}/report/approve", 404, each(DRAFTING, REPORT), {"do": "approve"}),
    ("GET", "formats.report_schema"): Row("/report.schema.json", 200),
    # Proof: the attendance is for whoever leads, the rest for the holder of the seat, a number for anybody
    ("GET", "proof.presence"): Row("/meetings/{m}/presence", 404, only(moderator=200, creator=200)),
    ("POST", "proof.presence"): Row("/meetings/{m}/presence", 404, only(moderator=200, creator=200)),
    ("GET", "proof.own"): Row("/meetings/{m}/proof", 404, each(HOLDING, 200)),
    ("POST", "proof.own"): Row("/meetings/{m}/proof", 404, each(HOLDING, "→ /meetings/{m}/proof"), {"name": "Gia"}),
    ("POST", "proof.sign_own"): Row("/meetings/{m}/proof/sign", 404, each(HOLDING, "→ /meetings/{m}/proof")),
    ("GET", "proof.proof_pdf"): Row("/meetings/{m}/proof.pdf", 404, each(HOLDING, 409)),
    ("GET", "proof.attendance_pdf"): Row("/meetings/{m}/attendance.pdf", 404, only(moderator=409, creator=409)),
    ("GET", "proof.annex"): Row("/meetings/{m}/annex", 404, each(HOLDING, 200)),
    ("POST", "proof.annex"): Row(
        "/meetings/{m}/annex", 404, each(HOLDING, "→ /meetings/{m}/annex"), {"goal": "Listen"}
    ),
    ("GET", "proof.annex_pdf"): Row("/meetings/{m}/annex.pdf", 404),
    ("POST", "proof.delete_annex"): Row("/meetings/{m}/annex/delete", 404, each(HOLDING, "→ /meetings/{m}/annex")),
    ("GET", "proof.overview_pdf"): Row("/proof.pdf", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "proof.overview_spreadsheet"): Row("/proof.xlsx", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "proof.overview"): Row("/proof", 200),
    ("GET", "proof.registers"): Row("/proof/registers", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "proof.new_register"): Row("/proof/registers/new", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "proof.new_register"): Row("/proof/registers/new", LOGIN, each(ACCOUNTS, 422)),
    ("GET", "proof.register"): Row("/proof/registers/guessed", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "proof.register_pdf"): Row("/proof/registers/guessed.pdf", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "proof.register_spreadsheet"): Row("/proof/registers/guessed.csv", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "proof.change_register"): Row("/proof/registers/guessed/edit", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "proof.change_register"): Row("/proof/registers/guessed/edit", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "proof.remove_register"): Row("/proof/registers/guessed/remove", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "proof.look_up"): Row("/proof", 422),
    ("GET", "proof.check"): Row("/proof/0000-0000-0000", 200),
    # Consent: the case giver's own device, and nobody else's; the moderator least of all
    ("GET", "consent.consent"): Row("/meetings/{m}/consent", 404, only(case_giver=200)),
    ("GET", "consent.consent_edit"): Row("/meetings/{m}/consent/1", 404),
    ("POST", "consent.consent_edit"): Row("/meetings/{m}/consent/1", 404),
    ("GET", "consent.consent_share"): Row("/meetings/{m}/consent/1/share", 404),
    ("POST", "consent.consent_decide"): Row("/meetings/{m}/consent/1/share", 404, send={"do": "organisation"}),
    ("GET", "consent.objection"): Row("/meetings/{m}/objection", 404, each(INSIDE, 200)),
    ("POST", "consent.object_or_agree"): Row(
        "/meetings/{m}/objection", 404, each(INSIDE, "→ /meetings/{m}/objection"), {"do": "objects", "card": "guessed"}
    ),
    ("GET", "consent.own_card"): Row("/archive/guessed/withdraw", 404),
    ("POST", "consent.withdraw"): Row("/archive/guessed/withdraw", 404),
    ("POST", "consent.tell_outcome"): Row("/archive/guessed/outcome", 404, send={"outcome": "worked"}),
    # The archive: for whoever is signed in; a card that may not be read is not there (tests/integration/archive asks for cards)
    ("GET", "archive.index"): Row("/archive", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "archive.card"): Row("/archive/guessed", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "archive.ask"): Row("/archive/guessed/questions", LOGIN, each(ACCOUNTS, 404), {"text": "Why?"}),
    ("POST", "archive.answer"): Row("/archive/guessed/questions/q", LOGIN, each(ACCOUNTS, 404), {"text": "So."}),
    ("GET", "archive.change"): Row("/archive/guessed/said/q", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "archive.change"): Row("/archive/guessed/said/q", LOGIN, each(ACCOUNTS, 404), {"text": "So."}),
    ("POST", "archive.remove"): Row("/archive/guessed/said/q/remove", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "archive.tell_tried"): Row("/archive/guessed/tried", LOGIN, each(ACCOUNTS, 404), {"verdict": "worked"}),
    ("POST", "archive.follow"): Row("/archive/guessed/follow", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "archive.quiet"): Row("/archive/quiet/guessed", 404),
    ("POST", "archive.quiet"): Row("/archive/quiet/guessed", 404),
    ("GET", "archive.themes"): Row("/archive/themes", LOGIN, each(LEADING, 200, member=403)),
    ("POST", "archive.themes"): Row("/archive/themes", LOGIN, each(LEADING, 422, member=403)),
    ("GET", "archive.theme"): Row("/archive/themes/guessed", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "archive.theme"): Row("/archive/themes/guessed", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "archive.choose_themes"): Row("/archive/guessed/themes", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "archive.to_review"): Row("/archive/review", LOGIN, each(LEADING, 200, member=403)),
    ("POST", "archive.review"): Row("/archive/guessed/review", LOGIN, each(LEADING, 404, member=403)),
    ("GET", "archive.new"): Row("/archive/new", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "archive.new"): Row("/archive/new", LOGIN, each(ACCOUNTS, 422)),
    ("GET", "archive.edit"): Row("/archive/guessed/edit", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "archive.edit"): Row("/archive/guessed/edit", LOGIN, each(ACCOUNTS, 404), {"title": "Pump"}),
    ("POST", "archive.take_away"): Row("/archive/guessed/remove", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "archive.file"): Row("/archive/files/guessed", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "archive.instruction_card"): Row("/archive/guessed.pdf", LOGIN, each(ACCOUNTS, 404)),
    # Between two people: for whoever is in it (tests/integration/arrangements asks for arrangements that are there)
    ("GET", "together.index"): Row("/together", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "together.propose"): Row("/together/new", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "together.propose"): Row("/together/new", LOGIN, each(ACCOUNTS, 422)),
    ("POST", "together.begin_talk"): Row("/together/guessed/talk", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.come_in"): Row("/together/guessed/talk/seat", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "together.offers"): Row("/together/offers", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "together.offer"): Row("/together/offers/new", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "together.offer"): Row("/together/offers/new", LOGIN, each(ACCOUNTS, 422)),
    ("POST", "together.remove_offer"): Row("/together/offers/guessed/remove", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "together.arrangement"): Row("/together/guessed", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.accept"): Row("/together/guessed/accept", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.end"): Row("/together/guessed/end", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.add_moment"): Row("/together/guessed/moments", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.suits"): Row("/together/guessed/moments/m/suits", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.remove_moment"): Row("/together/guessed/moments/m/remove", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "together.check_in"): Row("/together/guessed/check-ins", LOGIN, each(ACCOUNTS, 404), {"well": "So."}),
    ("POST", "together.remove_check_in"): Row("/together/guessed/check-ins/c/remove", LOGIN, each(ACCOUNTS, 404)),
    # Questions to colleagues: for whoever is signed in (tests/integration/questions asks for questions that are there)
    ("GET", "questions.index"): Row("/questions", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "questions.ask"): Row("/questions/new", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "questions.ask"): Row("/questions/new", LOGIN, each(ACCOUNTS, 422)),
    ("GET", "questions.question"): Row("/questions/guessed", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "questions.change"): Row("/questions/guessed/edit", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.change"): Row("/questions/guessed/edit", LOGIN, each(ACCOUNTS, 404), {"title": "How?"}),
    ("POST", "questions.remove"): Row("/questions/guessed/remove", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.answer"): Row("/questions/guessed/answers", LOGIN, each(ACCOUNTS, 404), {"text": "So."}),
    ("GET", "questions.change_answer"): Row("/questions/guessed/answers/a", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.change_answer"): Row("/questions/guessed/answers/a", LOGIN, each(ACCOUNTS, 404), {"text": "x"}),
    ("POST", "questions.remove_answer"): Row("/questions/guessed/answers/a/remove", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.helped"): Row("/questions/guessed/answers/a/helped", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.worked"): Row("/questions/guessed/answers/a/worked", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.like_this"): Row(
        "/questions/new/similar", LOGIN, each(ACCOUNTS, 200), {"title": "Which grease?"}
    ),
    ("GET", "questions.card"): Row("/questions/guessed/card", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.card"): Row("/questions/guessed/card", LOGIN, each(ACCOUNTS, 404), {"title": "Grease"}),
    ("GET", "questions.report"): Row("/questions/guessed/report", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "questions.report"): Row("/questions/guessed/report", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "questions.reported"): Row("/questions/reported", LOGIN, each(ACCOUNTS, 403, administrator=200, ola=200)),
    ("POST", "questions.put_back"): Row(
        "/questions/guessed/put-back", LOGIN, each(ACCOUNTS, 403, administrator=404, ola=404)
    ),
    ("GET", "questions.follow"): Row("/questions/following", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "questions.follow"): Row("/questions/following", LOGIN, each(ACCOUNTS, "→ /questions"), {"pace": "daily"}),
    ("GET", "questions.quiet"): Row("/questions/quiet/guessed", 404),
    ("POST", "questions.quiet"): Row("/questions/quiet/guessed", 404),
    ("GET", "archive.feed"): Row("/archive/feed.atom?key=guessed", 404),
    ("GET", "archive.feed_address"): Row("/archive/feed", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "archive.feed_address"): Row("/archive/feed", LOGIN, each(ACCOUNTS, "→ /archive/feed")),
    # Methods: for everybody
    ("GET", "meetings.methods"): Row("/methods", 200),
    ("GET", "meetings.method"): Row("/methods/basis", 200),
    ("GET", "meetings.method_on_paper"): Row("/methods/basis.pdf", 200),
    ("POST", "demo.try_method"): Row("/methods/none/try", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "demo.go_on"): Row("/meetings/{m}/demo", 403, only(moderator=404)),
    ("GET", "meetings.choose_method"): Row("/methods/choose", 200),
    # Setting up
    ("GET", "meetings.index"): Row("/meetings", LOGIN, each(LEADING, 200, member=403)),
    ("GET", "meetings.new"): Row("/meetings/new", LOGIN, each(LEADING, 200, member=403)),
    ("POST", "meetings.new"): Row("/meetings/new", LOGIN, each(LEADING, 422, member=403)),
    ("GET", "meetings.plan"): Row("/meetings/{m}/plan", LOGIN, each(LEADING, 404, member=403, creator=CONSOLE)),
    ("POST", "meetings.plan"): Row("/meetings/{m}/plan", LOGIN, each(LEADING, 404, member=403, creator=CONSOLE)),
    ("POST", "meetings.open_lobby"): Row("/meetings/{m}/open", LOGIN, each(ACCOUNTS, 404, creator=CONSOLE)),
    ("POST", "meetings.delete"): Row("/meetings/{m}/delete", LOGIN, each(LEADING, 404, member=403, creator=409)),
    # Doors for everybody
    ("GET", "mine.home"): Row("/", 200),
    ("GET", "meetings.code"): Row("/j", 200),
    ("POST", "meetings.code"): Row("/j", "→ /j/{code}", send={"code": "{code}"}),
    ("GET", "meetings.join"): Row("/j/{code}", 200, each(SEATED, PHONE, left=200, expelled=403)),
    ("POST", "meetings.join"): Row("/j/{code}", 422, each(SEATED, PHONE, left=422, expelled=403), {"name": "Ola"}),
    ("GET", "meetings.wall_pairing"): Row("/wall", 200),
    ("GET", "meetings.wall_status"): Row("/wall/status", 200),
    ("POST", "pages.language"): Row("/language", "→ /", send={"language": "en"}),
    # Accounts
    ("GET", "accounts.account"): Row("/account", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "accounts.account"): Row("/account", LOGIN, each(ACCOUNTS, 422)),
    ("GET", "accounts.invited"): Row("/invitations", LOGIN, each(ACCOUNTS, 403, ola=200, administrator=200)),
    ("POST", "accounts.invited"): Row("/invitations", LOGIN, each(ACCOUNTS, 403, ola=422, administrator=422)),
    ("POST", "accounts.resend"): Row(
        "/invitations/none/resend", LOGIN, each(ACCOUNTS, 403, ola=404, administrator=404)
    ),
    ("POST", "accounts.withdraw"): Row(
        "/invitations/none/withdraw", LOGIN, each(ACCOUNTS, 403, ola=404, administrator=404)
    ),
    ("GET", "accounts.accept"): Row("/invitations/guessed", 404),
    ("POST", "accounts.accept"): Row("/invitations/guessed", 404),
    ("GET", "accounts.first_account"): Row("/welcome/guessed", 410),
    ("POST", "accounts.first_account"): Row("/welcome/guessed", 410),
    ("GET", "accounts.ask_link"): Row("/login/link", 200),
    ("POST", "accounts.ask_link"): Row("/login/link", 200, send={"email": "nobody@example.org"}),
    ("GET", "accounts.use_link"): Row("/login/link/guessed", 410, each(ACCOUNTS, "→ /")),
    ("POST", "accounts.use_link"): Row("/login/link/guessed", 410, each(ACCOUNTS, "→ /")),
    ("GET", "security.login"): Row("/login", 200, each(ACCOUNTS, "→ /")),
    ("POST", "security.login"): Row("/login", 422, each(ACCOUNTS, "→ /")),
    ("POST", "security.logout"): Row("/logout", "→ /"),
    ("GET", "security.change_password"): Row("/account/password", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "security.change_password"): Row("/account/password", LOGIN, each(ACCOUNTS, 422)),
    ("GET", "security.forgot_password"): Row("/reset", 200),
    ("POST", "security.forgot_password"): Row("/reset", 200, send={"email": "nobody@example.org"}),
    ("GET", "security.reset_password"): Row("/reset/guessed", "→ /reset"),
    ("POST", "security.reset_password"): Row("/reset/guessed", "→ /reset"),
    ("GET", "security.verify"): Row("/verify", 404),
    ("POST", "security.verify"): Row("/verify", 404),
    ("GET", "security.static"): Row("/fs-static/none", 404),
    ("GET", "retention.own_data"): Row("/account/data.json", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "retention.own_data_of_device"): Row(
        "/meetings/{m}/mine/data.json", 404, only(case_giver=200, peer=200, left=200)
    ),
    ("POST", "groups.end"): Row("/groups/guessed/end", LOGIN, each(ACCOUNTS, 404)),
    # The organisation
    ("GET", "retention.organisation"): Row("/organisation", LOGIN, each(ACCOUNTS, 403, ola=200, administrator=200)),
    ("POST", "retention.organisation"): Row("/organisation", LOGIN, each(ACCOUNTS, 403, ola=422, administrator=422)),
    ("GET", "retention.trust_clock"): Row(
        "/organisation/clock", LOGIN, each(ACCOUNTS, 403, ola=200, administrator=200)
    ),
    ("POST", "retention.trust_clock"): Row(
        "/organisation/clock", LOGIN, each(ACCOUNTS, 403, ola=422, administrator=422)
    ),
    ("GET", "retention.log"): Row("/organisation/log", LOGIN, each(ACCOUNTS, 403, ola=200, administrator=200)),
    # Groups
    ("GET", "groups.index"): Row("/groups", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "groups.make"): Row("/groups", LOGIN, each(LEADING, 422, member=403)),
    ("GET", "groups.group"): Row("/groups/none", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "groups.rename"): Row("/groups/none/name", LOGIN, each(ACCOUNTS, 404), {"name": "Mine"}),
    ("POST", "groups.add"): Row("/groups/none/members", LOGIN, each(ACCOUNTS, 404), {"addresses": "x@example.org"}),
    ("GET", "groups.agreement"): Row("/groups/none/agreement", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "groups.agreement"): Row(
        "/groups/none/agreement", LOGIN, each(ACCOUNTS, 404), {"text": "Mine", "seen": "0"}
    ),
    ("GET", "year.look"): Row("/groups/none/evaluation", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "year.look"): Row("/groups/none/evaluation", LOGIN, each(ACCOUNTS, 404), {"goal": "3"}),
    ("POST", "year.when"): Row("/groups/none/evaluation/when", LOGIN, each(ACCOUNTS, 404), {"days": "3"}),
    ("POST", "groups.accept"): Row("/groups/none/agreement/accept", LOGIN, each(ACCOUNTS, 404), {"number": "1"}),
    ("POST", "groups.remove"): Row("/groups/none/members/none/remove", LOGIN, each(ACCOUNTS, 404)),
    # When groups meet; of a group and a meeting that are there see tests/integration/calendar
    ("GET", "calendar.year"): Row("/groups/none/year", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "calendar.new_series"): Row("/groups/none/year/new", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "calendar.new_series"): Row("/groups/none/year/new", LOGIN, each(LEADING, 404, member=403)),
    # Who does what; of a group that is there, and of a member whose turn it is to moderate, see tests/integration/calendar/test_rota.py
    ("GET", "rota.turns_ahead"): Row("/groups/none/rota", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "rota.divide"): Row("/groups/none/rota/divide", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "rota.divide"): Row("/groups/none/rota/divide", LOGIN, each(LEADING, 404, member=403)),
    ("POST", "rota.swap"): Row("/groups/none/rota/swap", LOGIN, each(ACCOUNTS, 404), {"swap": "s", "says": "yes"}),
    ("GET", "rota.by_mail"): Row("/swap/guessed", 404),
    ("POST", "rota.by_mail"): Row("/swap/guessed", 404, send={"says": "yes"}),
    ("POST", "rota.spare"): Row("/groups/none/rota/spared", LOGIN, each(ACCOUNTS, 404), {"role": "moderator"}),
    ("GET", "calendar.when"): Row("/meetings/{m}/when", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "calendar.change"): Row("/meetings/{m}/when", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "calendar.cancel"): Row("/meetings/{m}/when/cancel", LOGIN, each(ACCOUNTS, 404)),
    ("POST", "calendar.answer"): Row("/meetings/{m}/when/answer", LOGIN, each(ACCOUNTS, 404), {"says": "yes"}),
    ("POST", "calendar.offer_case"): Row("/meetings/{m}/when/case", LOGIN, each(ACCOUNTS, 404), {"title": "A case"}),
    ("POST", "calendar.seat"): Row("/meetings/{m}/when/seat", LOGIN, each(ACCOUNTS, 404)),
    ("GET", "calendar.own"): Row("/calendar", LOGIN, each(ACCOUNTS, 200)),
    ("POST", "calendar.address"): Row("/calendar/address", LOGIN, each(ACCOUNTS, "→ /calendar#address-title")),
    ("GET", "calendar.feed"): Row("/calendar/feed.ics?key=guessed", 404),
    ("GET", "calendar.comes"): Row("/comes/guessed", 404),
    ("POST", "calendar.comes"): Row("/comes/guessed", 404, send={"says": "yes"}),
    ("GET", "meetings.members"): Row("/meetings/{m}/members", 404, only(moderator=200, creator=200)),
    ("POST", "meetings.members"): Row(
        "/meetings/{m}/members",
        404,
        only(moderator="→ /meetings/{m}/members", creator="→ /meetings/{m}/members"),
        {"none": ""},
    ),
    ("GET", "meetings.personal_code"): Row("/meetings/{m}/people/{no_phone}/code", 404, only(moderator=200)),
    ("POST", "meetings.personal_code"): Row("/meetings/{m}/people/{no_phone}/code", 404, only(moderator=200)),
    # What concerns one person
    ("GET", "mine.overview"): Row("/mine", LOGIN, each(ACCOUNTS, 200)),
    ("GET", "mine.enter_code"): Row("/mine/code", 200),
    ("POST", "mine.enter_code"): Row("/mine/code", 404, send={"code": "0000-0000-0000"}),
    ("GET", "mine.come_back"): Row("/mine/guessed", 410),
    ("POST", "mine.come_back"): Row("/mine/guessed", 410),
    ("GET", "mine.of_meeting"): Row("/meetings/{m}/mine", 404, each(INSIDE, 200)),
    ("POST", "mine.link"): Row("/meetings/{m}/mine/link", 404, each(INSIDE, MINE), {"do": "make"}),
    ("POST", "mine.mail_link"): Row("/meetings/{m}/mine/mail", 404, each(INSIDE, MINE), {"email": "p@example.org"}),
    ("POST", "mine.connect"): Row("/meetings/{m}/mine/account", 404, each(INSIDE, MINE), {"do": "me"}),
    ("GET", "went.by_mail"): Row("/went/guessed", 410),
    ("POST", "went.by_mail"): Row("/went/guessed", 410, send={"status": "done"}),
    ("GET", "went.from_own_page"): Row("/meetings/{m}/actions/{made}", 404, only(case_giver=200), phase="commit"),
    ("POST", "went.from_own_page"): Row("/meetings/{m}/actions/{made}", 404, only(case_giver=422), phase="commit"),
    # The host's
    ("GET", "health.healthz"): Row("/healthz", 200),
    ("GET", "health.readyz"): Row("/readyz", 200),
    ("GET", "health.metrics"): Row("/metrics", 200),
    ("GET", "pages.security_text"): Row("/.well-known/security.txt", 404),
}
SOCKETS: dict[tuple[str, str], bool] = {
    **{(role, "phone"): True for role in SEATED},
    ("moderator", "console"): True,
    ("wall", "wall"): True,
}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Everybody]]:
    """A meeting with everybody around it for every phase that was asked for, made once."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(limiter, "enabled", False)
        yield Worlds(tmp_path_factory, stack)


class Worlds(dict[str, Everybody]):
    """Made when they are first needed."""

    def __init__(self, folders: pytest.TempPathFactory, stack: ExitStack) -> None:
        super().__init__()
        self.folders, self.stack = folders, stack

    def __missing__(self, phase: str) -> Everybody:
        settings = Settings.load(self.folders.mktemp(phase), {})
        self[phase] = everybody(self.stack.enter_context(empty_house(settings)), phase)
        return self[phase]


def test_every_address_is_in_the_table(app: Flask) -> None:
    assert set(addresses(app)) == set(TABLE)


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address with every method it takes."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.endpoint


@pytest.mark.promise("attendance-list", "audit-log-names-things")
@pytest.mark.parametrize("address", TABLE, ids=" ".join)
def test_whoever_is_not_named_in_the_row_is_refused_and_changes_nothing(
    worlds: dict[str, Everybody], address: tuple[str, str]
) -> None:
    row, world = TABLE[address], worlds[TABLE[address].phase]
    world.begin_again()
    before = what_is_stored(world)
    refused = [role for role in ROLES if role not in row.allowed]
    assert {role: cell(world, role, address) for role in refused} == dict.fromkeys(
        refused, filled(row.otherwise, world)
    )
    if row.otherwise != 200:
        assert what_is_stored(world) == before


@pytest.mark.parametrize("address", [a for a, row in TABLE.items() if row.allowed], ids=" ".join)
def test_whoever_is_named_in_the_row_gets_what_it_says(worlds: dict[str, Everybody], address: tuple[str, str]) -> None:
    row, world = TABLE[address], worlds[TABLE[address].phase]
    found = {}
    for role in row.allowed:
        world.begin_again()
        found[role] = cell(world, role, address)
    assert found == {role: filled(expected, world) for role, expected in row.allowed.items()}


def test_no_address_takes_another_method(worlds: dict[str, Everybody], app: Flask) -> None:
    world = worlds["clarify"]
    world.begin_again()
    taken: dict[str, set[str]] = {}
    for (method, _), row in TABLE.items():
        taken.setdefault(row.path, set()).add(method)
    for path, methods in taken.items():
        for method in {"GET", "POST"} - methods:
            assert world.knock("moderator", method, path).status_code == 405, (method, path)


def cell(world: Everybody, role: str, address: tuple[str, str]) -> Cell:
    """What somebody gets."""
    row = TABLE[address]
    return outcome(world.knock(role, address[0], row.path, row.send))


def outcome(answer: TestResponse) -> Cell:
    """A status, or where a redirect leads."""
    return f"→ {answer.location.partition('?')[0]}" if 300 <= answer.status_code < 400 else answer.status_code


def filled(expected: Cell, world: Everybody) -> Cell:
    """A cell with the ids of this world."""
    return expected.format(**world.known) if isinstance(expected, str) else expected


def what_is_stored(world: Everybody) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for what visitors leave at the doors."""
    with world.app.app_context(), db.engine.connect() as connection:
        tables = [table.name for table in Base.metadata.sorted_tables if table.name not in ("invites", "users")]
        return {
            name: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in tables
        }


def test_a_note_taker_writes_for_whoever_has_no_phone_and_for_nobody_else(worlds: dict[str, Everybody]) -> None:
    world, send = worlds["clarify"], VERBS["proxy"].send
    world.begin_again()
    assert world.knock("peer", "POST", "/meetings/{m}/proxy", send).status_code == 403
    world.meeting.give_role(world.meeting.pete, "note_taker")
    assert world.knock("peer", "POST", "/meetings/{m}/proxy", send).status_code == 200
    before = what_is_stored(world)
    assert world.knock("peer", "POST", "/meetings/{m}/proxy", {**send, "seat": "{seat}"}).status_code == 409
    assert world.knock("peer", "POST", "/meetings/{m}/proxy", {**send, "seat": "{foreign_seat}"}).status_code == 404
    assert what_is_stored(world) == before


# -- The token of a seat, and ids of others ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", VERBS)
def test_a_post_without_the_token_of_its_seat_is_refused(worlds: dict[str, Everybody], name: str) -> None:
    row = VERBS[name]
    world = worlds[row.phase]
    world.begin_again()
    before = what_is_stored(world)
    role = next(role for role, status in row.allowed.items() if status in (200, 404, 409, 422))
    others = world.knockers["wall" if role != "wall" else "peer"].token
    for token in ("", "none", others):
        world.knockers[role].token = token
        answer = world.knock(role, "POST", f"/meetings/{{m}}/{row.path}", row.send)
        assert answer.status_code == 400, (name, role)
        assert answer.get_json()["token"], "a fresh token comes with the refusal, so that an old page heals"
    assert what_is_stored(world) == before


def test_the_token_that_comes_with_a_refusal_is_of_the_sender_s_own_seat(worlds: dict[str, Everybody]) -> None:
    world = worlds["clarify"]
    world.begin_again()
    own = world.knockers["peer"].token
    world.knockers["peer"].token = world.knockers["moderator"].token
    assert world.knock("peer", "POST", "/meetings/{m}/leave").get_json()["token"] == own


@pytest.mark.parametrize("view", ["console", "wall", "nonsense", ""])
def test_a_phone_that_says_it_is_something_else_is_refused(worlds: dict[str, Everybody], view: str) -> None:
    world = worlds["clarify"]
    world.begin_again()
    world.knockers["peer"].view = view
    for name, row in VERBS.items():
        if row.phase == "clarify":
            assert world.knock("peer", "POST", f"/meetings/{{m}}/{row.path}", row.send).status_code == 403, name


FOREIGN: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("peer", "contribute", {"step": "{foreign_step}", "form": "question", "question": "Why?", "op": "{op}"}),
    (
        "peer",
        "contribute",
        {"step": "{step}", "form": "question", "question": "Mine now", "item": "{item}", "op": "{op}"},
    ),
    (
        "peer",
        "contribute",
        {"step": "{step}", "form": "question", "question": "Mine", "item": "{foreign_item}", "op": "{op}"},
    ),
    ("peer", "instead", {"step": "{foreign_step}", "form": "question", "value": "says"}),
    ("peer", "mark", {"step": "{step}", "item": "{foreign_item}", "value": "on"}),
    ("peer", "confirm", {"action": "{foreign_action}"}),
    ("peer", "confirm", {"action": "{action}"}),
    ("peer", "buddy", {"action": "{foreign_action}"}),
    ("moderator", "item", {"item": "{foreign_item}", "do": "done"}),
    ("moderator", "item", {"item": "{item}", "do": "join", "to": "{foreign_item}"}),
    ("moderator", "people", {"do": "expel", "seat": "{foreign_seat}"}),
    ("moderator", "people", {"do": "restore", "seat": "{foreign_seat}"}),
    ("moderator", "people", {"do": "join", "seat": "{foreign_seat}", "to": "{seat}"}),
    ("moderator", "people", {"do": "join", "seat": "{seat}", "to": "{foreign_seat}"}),
    ("moderator", "people", {"do": "part", "seat": "{foreign_seat}"}),
    ("moderator", "people", {"do": "admit", "seat": "{foreign_seat}"}),
    ("moderator", "people", {"do": "case_giver", "seat": "{foreign_seat}"}),
    ("moderator", "people", {"do": "role", "seat": "{foreign_seat}", "role": "observer"}),
    ("moderator", "action", {"do": "owner", "action": "{action}", "seat": "{foreign_seat}"}),
    ("moderator", "action", {"do": "status", "action": "{foreign_action}", "status": "done"}),
    (
        "moderator",
        "proxy",
        {"step": "{step}", "form": "question", "seat": "{foreign_seat}", "question": "Why?", "op": "{op}"},
    ),
    ("moderator", "proxy", {"step": "{step}", "form": "question", "seat": "{seat}", "question": "Why?", "op": "{op}"}),
    ("moderator", "steer", {"move": "table", "turn": "{turn}", "item": "{foreign_item}"}),
    ("moderator", "steer", {"move": "give_floor", "turn": "{turn}", "seat": "{foreign_seat}"}),
    ("wall", "steer", {"move": "stop_case", "turn": "{turn}"}),
    ("wall", "steer", {"move": "table", "turn": "{turn}", "item": "{item}"}),
)


@pytest.mark.parametrize(("role", "verb", "send"), FOREIGN)
def test_ids_of_others_lead_nowhere(worlds: dict[str, Everybody], role: str, verb: str, send: dict[str, str]) -> None:
    world = worlds["clarify"]
    world.begin_again()
    before = what_is_stored(world)
    status = world.knock(role, "POST", f"/meetings/{{m}}/{verb}", send).status_code
    assert status in (403, 404, 409, 422), status
    assert what_is_stored(world) == before


# -- The lead, handed over ---------------------------------------------------------------------------------------------


@pytest.mark.promise("short-codes")
def test_a_code_of_a_room_screen_and_a_link_to_hand_over_end_by_themselves(worlds: dict[str, Everybody]) -> None:
    world = worlds["clarify"]
    world.begin_again()
    world.knock("visitor", "GET", "/wall")
    link = re.search(r"/takeover/(\w+)", world.knock("moderator", "GET", "/meetings/{m}/handover").text)
    assert link

    def lasting() -> dict[str, float]:
        with world.app.app_context():
            rows = db.session.scalars(select(Invite).where(Invite.is_used.is_(False))).all()
            return {row.kind: round((row.expires_at - now()).total_seconds() / 60) for row in rows}

    assert lasting() == {"wall": 15, "handover": 10}
    assert world.knock("peer", "GET", f"/meetings/{{m}}/takeover/{link[1]}").status_code == 200
    with world.app.app_context(), db.writing() as session:
        session.execute(update(Invite).values(expires_at=now() - timedelta(seconds=1)))
    assert world.knock("peer", "GET", f"/meetings/{{m}}/takeover/{link[1]}").status_code == 410
    world.knock("ola", "GET", "/wall")
    assert set(lasting()) == {"wall"}, "the rows went when another room screen asked"
    assert lasting()["wall"] == 15


def test_a_hand_over_works_once_for_its_own_meeting_and_ends_the_lead_of_whoever_had_it(
    worlds: dict[str, Everybody],
) -> None:
    world = worlds["clarify"]
    world.begin_again()
    with world.app.app_context():
        world.known["takeover"] = doors.offer_handover(world.meeting.id, world.meeting.mo.seat_id).token
    elsewhere = "/meetings/{foreign_meeting}/takeover/{takeover}"
    here = "/meetings/{m}/takeover/{takeover}"
    assert world.knock("ola", "POST", elsewhere, {"name": "Ola"}).status_code == 410
    assert world.knock("case_giver", "POST", here, {"name": "Gia"}).status_code == 409, "not while giving the case"
    assert world.knock("moderator", "GET", "/meetings/{m}/console").status_code == 200
    assert outcome(world.knock("peer", "POST", here, {"name": "Pete"})) == filled(CONSOLE, world)
    assert world.knock("moderator", "GET", "/meetings/{m}/console").status_code == 404
    assert world.knock("visitor", "POST", here, {"name": "Ola"}).status_code == 410
    assert world.knock("peer", "GET", "/meetings/{m}/console").status_code == 200


@pytest.mark.promise("short-codes")
def test_a_room_screen_is_let_in_by_the_moderator_only_and_once(worlds: dict[str, Everybody]) -> None:
    world = worlds["clarify"]
    world.begin_again()
    page = world.knock("visitor", "GET", "/wall").text
    code = re.search(r'class="[^"]*code[^"]*"[^>]*>\s*(?:<span[^>]*>)?\s*([0-9A-Z]{3})\D*?([0-9A-Z]{3})', page)
    assert code, "the page shows its code"
    world.known["pairing"] = "".join(code.groups())
    assert world.knock("visitor", "GET", "/wall/status").get_json() == {}
    for role in ("wall", "peer", "former_moderator", "elsewhere_peer"):
        assert world.knock(role, "POST", "/meetings/{m}/pair", {"code": "{pairing}"}).status_code == 403
    assert world.knock("visitor", "GET", "/wall/status").get_json() == {}
    assert world.knock("moderator", "POST", "/meetings/{m}/pair", {"code": "{pairing}"}).status_code == 200
    assert world.knock("ola", "GET", "/wall/status").get_json().keys() == {"problem"}, "another device gets nothing"
    assert world.knock("visitor", "GET", "/wall/status").get_json() == {
        "go": world.known["m"].join(("/meetings/", "/screen"))
    }
    assert world.knock("visitor", "GET", "/meetings/{m}/screen").status_code == 200


# -- Sockets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("view", ["phone", "console", "wall", "nonsense"])
def test_a_socket_opens_for_the_view_of_one_s_own_seat_only(worlds: dict[str, Everybody], role: str, view: str) -> None:
    world = worlds["clarify"]
    world.begin_again()
    auth = {"meeting": world.known["m"], "view": view, "as": 1}
    socket = socketio.test_client(world.app, flask_test_client=world.knockers[role].client, auth=auth)
    received = socket.get_received() if socket.is_connected() else []
    assert [event["name"] for event in received if event["name"] == "screen"] == ["screen"] * ((role, view) in SOCKETS)
    if (role, view) in SOCKETS:
        socket.emit("resync", {"digest": "another"})
        assert [event["name"] for event in socket.get_received()] == ["screen"]
        socket.disconnect()
    elif socket.is_connected():
        socket.emit("resync", {"digest": ""})
        assert not any(event["name"] == "screen" for event in socket.get_received())
        socket.disconnect()


def test_the_roles_are_told_apart_by_the_table() -> None:
    columns = {role: tuple(row.allowed.get(role, row.otherwise) for row in TABLE.values()) for role in ROLES}
    same = [(one, other) for one, other in pairwise(ROLES) if columns[one] == columns[other]]
    alike = {("expelled", "elsewhere_peer"), ("elsewhere_peer", "elsewhere_moderator"), ("ola", "colleague")}
    assert set(same) <= alike
