"""Everything that is sealed, in one list: whose key closes it and to what place it is bound. For whoever looks after all of it –
does it open, are its keys there – and for no page.

A column of the type `db.Sealed` is in it, and a test opens a row of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, String, func, inspect, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from facilitator.archive.models import Card, Consent, IndexedCard, Remark, Trial
from facilitator.archive.search.index import PLACE
from facilitator.arrangements.models import Arrangement, CheckIn, MomentBetween, Offer
from facilitator.core.sealing import Damaged, destroyed_keys, meeting_keys, opened
from facilitator.groups.models import Agreement
from facilitator.meetings.models import Action, Contribution, Meeting, Notebook, OfferedCase, Round, Signal
from facilitator.meetings.offered import PLACE as PLACE_OFFERED
from facilitator.proof.models import Annex, Attendance, Certificate, Sheet
from facilitator.questions.models import Answer, Question, Report
from facilitator.reports.models import VersionRow
from facilitator.year.models import Evaluation, EvaluationAnswer

AT_ONCE = 500
Column = InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None]


@dataclass(frozen=True)
class Kind:
    """A sealed column: the id of the owner of its key, the id of its row, and its place with `{}` for that id. `key_of` is the
    column of another owner, where it is filled.
    """

    column: Column
    owner: ColumnElement[str] | InstrumentedAttribute[str]
    row: InstrumentedAttribute[str]
    place: str
    key_of: str = ""

    @property
    def table(self) -> str:
        return str(self.column.class_.__tablename__)

    def rows(self, texts: Connection) -> Select[str, str, bytes | None]:
        """Owner, id and sealed bytes of every row that has any. What was taken back is empty and stands for nothing."""
        filled = (self.column.is_not(None), self.column != b"")
        return select(self.owner_in(texts), self.row, self.column).where(*filled)

    def owner_in(self, texts: Connection) -> ColumnElement[str]:
        """The owner of the key of a row; a database of an earlier version knows no other."""
        if not (self.key_of and has_column(texts, self.table, self.key_of)):
            return type_coerce(self.owner, String)
        return func.coalesce(self.column.class_.__table__.c[self.key_of], self.owner)


_sheet = select(Attendance.sheet_id).where(Attendance.id == Certificate.attendance_id).scalar_subquery()
_asked = select(Evaluation.key_id).where(Evaluation.id == EvaluationAnswer.evaluation_id).scalar_subquery()
EVERY = (
    Kind(Meeting.wifi, Meeting.id, Meeting.id, "wifi"),
    Kind(Round.title, Round.meeting_id, Round.id, "round:{}:title"),
    Kind(Round.question, Round.meeting_id, Round.id, "round:{}:question"),
    Kind(Round.key_question, Round.meeting_id, Round.id, "round:{}:key_question"),
    Kind(Contribution.body, Contribution.meeting_id, Contribution.id, "contribution:{}", "key_of"),
    Kind(Notebook.body, Notebook.meeting_id, Notebook.seat_id, "notebook:{}"),
    Kind(Signal.body, Signal.meeting_id, Signal.id, "signal:{}"),
    Kind(Action.body, Action.meeting_id, Action.id, "action:{}", "key_of"),
    Kind(Action.told, Action.meeting_id, Action.id, "told:{}", "key_of"),
    Kind(OfferedCase.body, OfferedCase.id, OfferedCase.id, PLACE_OFFERED),
    Kind(VersionRow.body, VersionRow.report_id, VersionRow.id, "version:{}", "key_of"),
    Kind(Sheet.body, Sheet.id, Sheet.id, "sheet"),
    Kind(Attendance.confirmed, Attendance.sheet_id, Attendance.id, "attendance:{}"),
    Kind(Attendance.particulars, Attendance.sheet_id, Attendance.id, "particulars:{}"),
    Kind(Certificate.body, _sheet, Certificate.id, "certificate:{}"),
    Kind(Annex.body, Annex.id, Annex.id, "annex"),
    Kind(Card.body, Card.id, Card.id, "card"),
    Kind(Consent.draft, Consent.card_id, Consent.card_id, "draft", "draft_key"),
    Kind(Remark.body, Remark.card_id, Remark.id, "talk:{}"),
    Kind(Trial.body, Trial.card_id, Trial.id, "talk:{}"),
    Kind(Agreement.body, Agreement.id, Agreement.id, "agreement"),
    Kind(Evaluation.result, type_coerce(Evaluation.key_id, String), Evaluation.id, "evaluation"),
    Kind(EvaluationAnswer.body, type_coerce(_asked, String), EvaluationAnswer.id, "answer:{}"),
    Kind(Question.body, Question.id, Question.id, "question"),
    Kind(Answer.body, Answer.question_id, Answer.id, "answer:{}"),
    Kind(Report.body, Report.question_id, Report.id, "report:{}"),
    Kind(Arrangement.body, Arrangement.id, Arrangement.id, "goal"),
    Kind(Offer.body, Offer.id, Offer.id, "offer"),
    Kind(MomentBetween.body, MomentBetween.arrangement_id, MomentBetween.id, "moment:{}"),
    Kind(CheckIn.body, CheckIn.arrangement_id, CheckIn.id, "check_in:{}"),
    Kind(IndexedCard.words, IndexedCard.card_id, IndexedCard.card_id, PLACE),
)


@dataclass
class Opener:
    """Opens what lies in one database with the keys that lie in another, outside of any application."""

    keys: Connection | None
    master: bytes

    def __post_init__(self) -> None:
        self.known: dict[str, bytes | None] = {}
        self.gone: set[str] = set()
        if self.keys is None:
            return
        tables = inspect(self.keys).get_table_names()
        if meeting_keys.name in tables:
            for owner, wrapped in self.keys.execute(select(meeting_keys.c.meeting_id, meeting_keys.c.wrapped)):
                self.known[owner] = self._unwrapped(owner, wrapped)
        if destroyed_keys.name in tables:
            self.gone = set(self.keys.scalars(select(destroyed_keys.c.meeting_id)))

    def _unwrapped(self, owner: str, wrapped: bytes) -> bytes | None:
        try:
            return opened(self.master, wrapped, f"key:{owner}")
        except Damaged:
            return None

    def opens(self, kind: Kind, owner: str, row_id: str, sealed: bytes) -> bool:
        """Whether a row can be read."""
        key = self.known.get(owner)
        try:
            return key is not None and opened(key, sealed, f"{owner}:{kind.place.format(row_id)}") is not None
        except Damaged:
            return False


def owners(texts: Connection, at_most: int | None = None) -> set[str]:
    """Whose keys are needed to read what is there; of each kind some, where not all are asked for."""
    found: set[str] = set()
    for kind in EVERY:
        if is_there(texts, kind):
            query = kind.rows(texts).with_only_columns(kind.owner_in(texts)).distinct()
            found |= set(texts.scalars(query.limit(at_most) if at_most else query))
    return found


def is_there(texts: Connection, kind: Kind) -> bool:
    """Whether a database has the column: one of an earlier version may not."""
    return has_column(texts, kind.table, kind.column.key)


def has_column(texts: Connection, table: str, name: str) -> bool:
    """Whether a table is there and has a column."""
    looked = inspect(texts)
    return looked.has_table(table) and name in {found["name"] for found in looked.get_columns(table)}


def unreadable(texts: Connection, opener: Opener) -> Iterator[str]:
    """The table of every row that does not open; what was erased is none."""
    for kind in EVERY:
        if is_there(texts, kind):
            for owner, row_id, sealed in texts.execute(kind.rows(texts).execution_options(yield_per=AT_ONCE)):
                if owner not in opener.gone and not opener.opens(kind, owner, row_id, sealed or b""):
                    yield kind.table
