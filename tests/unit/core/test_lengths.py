"""No form and nothing that copies gives a column more than it holds. SQLite would take it all the same; PostgreSQL refuses."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from sqlalchemy import String
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from facilitator.accounts import forms as accounts
from facilitator.accounts.models import ROLES
from facilitator.archive import forms as themes
from facilitator.archive.content import Form as CardForm
from facilitator.archive.content import Outcome
from facilitator.archive.exchange.document import CardRecord, Document
from facilitator.archive.files.kinds import ENDINGS, KINDS
from facilitator.archive.search.tokens import version
from facilitator.arrangements.models import FORMS
from facilitator.calendar import forms as calendar
from facilitator.calendar.models import NO, YES
from facilitator.calendar.moments import zones
from facilitator.calendar.rota import Why
from facilitator.consent import decisions
from facilitator.core import codes, languages, lengths
from facilitator.core.audit import Deed
from facilitator.core.db import random_id
from facilitator.core.forms import Cleaned
from facilitator.core.sealing import hashed
from facilitator.groups import forms as groups
from facilitator.meetings import forms as meetings
from facilitator.meetings import machine, offered, planning, seats
from facilitator.meetings.actions import people
from facilitator.meetings.moves import MOVES
from facilitator.meetings.snapshot import PSEUDONYMS
from facilitator.meetings.turns import ROLES as BY_TURN
from facilitator.methods.vocabulary import STATUSES, MarkKind, Role, Warmth
from facilitator.migrations.tables import metadata
from facilitator.proof import forms as proof
from facilitator.proof import numbers
from facilitator.questions.models import CLEARED, COVERED, OPEN
from facilitator.retention import forms as retention
from facilitator.retention.deadlines import Kind as Announced
from tests.unit.core.test_forms import ROOT, forms

COLUMNS = {
    f"{table.name}.{column.name}": int(column.type.length or 0)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, String) and not column.foreign_keys
}
KEY = "k" * 40  # the longest name of a method, a phase or a form: `vocabulary.Key`
A_FULL_NAME = "m" * lengths.NAME  # of an account


def longest_of(kind: type[wtforms.Form], field: str) -> int:
    """How much a form takes in a field."""
    found = [check.max for check in getattr(kind, field).kwargs["validators"] if isinstance(check, Length)]
    assert found, f"{kind.__name__}.{field} has no length"
    return int(max(found))


def longest_in(kind: type[CardRecord | Document], field: str) -> int:
    """How much an import takes."""
    found = re.search(r"MaxLen\(max_length=(\d+)\)", repr(kind.model_fields[field]))
    assert found
    return int(found[1])


def longest(words: Iterable[str]) -> int:
    """The longest of some words."""
    return max(map(len, words))


def things_noted() -> list[str]:
    """What the audit log speaks of, wherever it is written."""
    pattern = re.compile(r'Deed\.\w+, "(\w+)"|(?:thing|_note)\w*\([^)]*?"(\w+)"')
    return [
        word
        for path in Path(ROOT).rglob("*.py")
        for found in pattern.finditer(path.read_text())
        for word in found.groups()
        if word
    ]


# Everything that can reach a column, as the longest it can be.
PEOPLE_TYPE: Mapping[str, list[int]] = {
    "organisations.name": [
        longest_of(accounts.WelcomeForm, "organisation"),
        longest_of(retention.OrganisationForm, "name"),
        lengths.ORGANISATION,
    ],
    "users.name": [
        longest_of(form, "name") for form in (accounts.WelcomeForm, accounts.AcceptForm, accounts.AccountForm)
    ]
    + [lengths.NAME],
    "users.email": [lengths.EMAIL],
    "invitations.email": [lengths.EMAIL],
    "groups.name": [
        longest_of(groups.GroupForm, "name"),
        longest_of(planning.PlanForm, "group"),
        longest_in(CardRecord, "group"),
    ],
    "themes.name": [longest_of(themes.ThemeForm, "name"), lengths.THEME],
    "register_rules.name": [longest_of(proof.RegisterForm, "name"), lengths.REGISTER],
    "meetings.goal": [longest_of(planning.PlanForm, "goal")],
    "meetings.place": [longest_of(planning.PlanForm, "place")],
    "meetings.join_host": [lengths.HOST],
    "appointments.place": [longest_of(planning.PlanForm, "place"), longest_of(calendar.SeriesForm, "place")],
    # Whoever leads has the name of their account; at the door and in a hand-over they type one.
    "seats.name": [COLUMNS["users.name"], longest_of(meetings.NameForm, "name"), longest_of(meetings.JoinForm, "name")],
    "contributions.brought_by": [COLUMNS["seats.name"]],
    "actions.owner_name": [COLUMNS["seats.name"]],
    "meetings.method_key": [len(KEY)],
    "rounds.method_key": [len(KEY)],
    "cards.method_key": [len(KEY)],
    "own_methods.key": [len(KEY)],
    "contributions.form": [len(KEY)],
    "tallies.form": [len(KEY)],
    "report_approvals.passage": [longest([f"999.phase.{KEY}", f"0.results.{KEY}", "999.key_question"])],
}
OF_OURS: Mapping[str, Iterable[str]] = {
    **dict.fromkeys((name for name in COLUMNS if name.endswith(".locale")), languages.TABLE),
    "appointments.zone": zones(),
    "arrangement_moments.zone": zones(),
    "guests.answer": [YES, NO],
    "offered_cases.tells": [offered.NOTHING, offered.THAT, offered.WORDS],
    "turns.role": BY_TURN,
    "turns.why": list(Why),
    "spared.role": BY_TURN,
    "swaps.role": BY_TURN,
    "swaps.answer": [YES, NO],
    "swaps.told": [YES, NO],
    "roles.id": ROLES,
    "roles.name": ROLES,
    "welcomes.id": ["only"],
    "users.password": ["x" * 120],  # argon2 with its settings; a test below has a real one
    "users.fs_uniquifier": ["x" * 32],
    "sign_in_links.fs_uniquifier": ["x" * 32],
    "cards.scope": decisions.SCOPES,
    "cards.form": list(CardForm),
    "cards.period": ["2031-Q4"],
    "cards.outcome": list(Outcome),
    "card_trials.verdict": list(Outcome),
    "certificates.number": [numbers.new_number()],
    "meetings.code": ["x" * 8],
    "meetings.names": ["names", PSEUDONYMS],
    "meetings.status": list(machine.Status),
    "attachments.kind": KINDS,
    "attachments.media_type": ENDINGS,
    "invites.kind": ["wall", "handover"],
    "invites.code": ["x" * max(codes.PAIRING, codes.HANDOVER)],
    "search_cards.version": [version()],
    "seats.kind": seats.KIND_OF_VIEW.values(),
    "seats.role": [*people.ROLES, "moderator"],
    "transitions.move": MOVES,
    "objections.answer": [decisions.ASKED, decisions.AGREES, decisions.OBJECTS],
    "tallies.instead": ["says", "passes"],
    "marks.value": list(Warmth),
    "seats.offers": [" ".join(Role)],
    "actions.status": [*STATUSES, "open"],
    "marks.kind": list(MarkKind),
    "audit_entries.deed": list(Deed),
    "audit_entries.thing": things_noted(),
    "announcements.kind": list(Announced),
    "arrangements.form": FORMS,
    "offers.form": FORMS,
    "questions.cover": [OPEN, COVERED, CLEARED],
    "question_answers.cover": [OPEN, COVERED, CLEARED],
    "looks.kind": ["clock", "key"],
    "sightings.kind": ["clock", "key"],
}
# Fields of text without a length: nothing of them reaches a column as it was typed.
WITHOUT_LENGTH = {
    "email": "an address is judged as a whole, and has at most 254 characters",
    "code": "a code is looked up and not kept",
    "number": "a number is looked up and not kept",
    "choice": "one of the choices",
}


def is_made_up(name: str) -> bool:
    """Ids and hashes, which nobody types."""
    return COLUMNS[name] in (lengths.ID, lengths.HASH) and not name.endswith("fs_uniquifier")


@pytest.mark.parametrize("name", [name for name in COLUMNS if not is_made_up(name)])
def test_a_column_holds_whatever_can_reach_it(name: str) -> None:
    assert name in PEOPLE_TYPE or name in OF_OURS, "say what can reach this column"
    reaches = PEOPLE_TYPE[name] if name in PEOPLE_TYPE else [longest(OF_OURS[name])]
    assert max(reaches) <= COLUMNS[name]


def test_ids_and_hashes_fit() -> None:
    assert len(random_id()) <= lengths.ID
    assert len(hashed("x")) == lengths.HASH
    assert longest(things_noted()) > 3, "the audit log was read"


def test_every_field_of_text_has_a_length() -> None:
    """Of the forms that are made for one meeting, one method or one card, tests of their own say it."""
    without = {
        f"{kind.__name__}.{name}"
        for kind in forms()
        if issubclass(kind, Cleaned)
        and kind.__module__.startswith("facilitator.")
        and getattr(sys.modules[kind.__module__], kind.__name__, None) is kind
        for name, field in vars(kind).items()
        if getattr(field, "field_class", None) in (StringField, TextAreaField)
        and not any(isinstance(check, Length) for check in field.kwargs.get("validators", ()))
        and name not in WITHOUT_LENGTH
    }
    assert without == set()


def test_a_length_is_counted_after_cleaning_and_as_postgresql_counts(app: Flask) -> None:
    unguarded = {"csrf": False}
    with app.test_request_context(method="POST", data={"name": "\u200b" * 50 + "👩‍🔧" * 13 + "a"}):
        assert meetings.NameForm(meta=unguarded).is_fine(), "forty signs, and fifty that nobody sees"
    with app.test_request_context(method="POST", data={"name": "👩‍🔧" * 13 + "ab"}):
        assert not meetings.NameForm(meta=unguarded).is_fine()
