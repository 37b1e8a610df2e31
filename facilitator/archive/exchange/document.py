"""What an export says, as it stands in `archive.json`. Pure.

Promises: nothing in it leads to a person – no owner, no account, no address, no meeting – but the names with which colleagues asked
and answered, and those are what they are called on the page; days, not moments, for what was published. What is read is
checked to the last letter.

A room that adds something to cards adds a list to `CardRecord`; whoever changes what is there raises `VERSION`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from facilitator.archive.content import Form
from facilitator.archive.files.kinds import ENDINGS
from facilitator.core import lengths
from facilitator.core.text import if_text, one_line, tidy

FORMAT: Final = "facilitator-archive"
VERSION = 1


# A year that programs can count on from, also in other time zones.
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]
Id = Annotated[str, Field(pattern=r"^[0-9a-z]{8,32}$")]
Line = Annotated[str, Field(max_length=500), BeforeValidator(if_text(one_line))]
Words = Annotated[str, Field(max_length=50_000), BeforeValidator(if_text(tidy))]
ThemeName = Annotated[str, Field(min_length=1, max_length=lengths.THEME), BeforeValidator(if_text(one_line))]
# An address of the web: colleagues click on it.
Link = Annotated[
    str, Field(max_length=2000, pattern=r"(?is)^(https?://[^\s/].*)?$"), BeforeValidator(if_text(one_line))
]
Verdict = Literal["worked", "partly", "not"]


class Record(BaseModel):
    """A part of the document: everything it names is there, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StepRecord(Record):
    text: Words
    picture_id: Annotated[str, Field(pattern=r"^[0-9a-z]{0,32}$")] = ""
    alt: Line = ""


class ContentRecord(Record):
    """The words of a card; the fields of `CardContent`."""

    title: Annotated[str, Field(max_length=1000), BeforeValidator(if_text(one_line))]
    question: Words = ""
    context: Words = ""
    tried: Words = ""
    insights: Annotated[tuple[Words, ...], Field(max_length=200, strict=False)] = ()
    advice: Annotated[tuple[Words, ...], Field(max_length=200, strict=False)] = ()
    action: Words = ""
    outcome: Words = ""
    when_to_use: Words = ""
    when_not: Words = ""
    summary: Words = ""
    steps: Annotated[tuple[StepRecord, ...], Field(max_length=200, strict=False)] = ()
    link: Link = ""
    related_form: Annotated[str, Field(max_length=16), BeforeValidator(if_text(one_line))] = ""


class AnswerRecord(Record):
    id: Id
    who: Line
    text: Words
    written_on: Day
    is_edited: bool = False


class QuestionRecord(AnswerRecord):
    """A question. Of one that was taken back only the answers are left."""

    is_withdrawn: bool = False
    answers: tuple[AnswerRecord, ...] = Field(default=(), max_length=5000, strict=False)


class TrialRecord(Record):
    """Somebody tried it; nobody says who."""

    verdict: Verdict
    why: Words = ""


class FileRecord(Record):
    """A file of a card. It lies in the folder `files`, under its id and the ending of its type."""

    id: Id
    kind: Literal["picture", "paper", "video", "captions"]
    media_type: Literal["image/webp", "application/pdf", "video/mp4", "video/webm", "text/vtt"]

    @property
    def path(self) -> str:
        return f"files/{self.id}.{ENDINGS[self.media_type]}"


class CardRecord(Record):
    """A published card. `for_whom` is `organisation` or `group`; then `group` is its name."""

    id: Id
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
    form: Annotated[Form, Field(strict=False)]
    method: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,40}$")] = ""
    period: Annotated[str, Field(pattern=r"^([12]\d{3}-Q[1-4])?$")] = ""
    outcome: Literal["", "worked", "partly", "not"] = ""
    for_whom: Literal["organisation", "group"] = "organisation"
    group: Annotated[str, Field(max_length=lengths.GROUP), BeforeValidator(if_text(one_line))] = ""
    published_on: Day
    review_on: Day | None = None
    themes: tuple[ThemeName, ...] = Field(default=(), max_length=50, strict=False)
    content: ContentRecord
    questions: tuple[QuestionRecord, ...] = Field(default=(), max_length=5000, strict=False)
    tried: tuple[TrialRecord, ...] = Field(default=(), max_length=50_000, strict=False)
    files: tuple[FileRecord, ...] = Field(default=(), max_length=100, strict=False)


class Document(Record):
    format: Literal["facilitator-archive"]
    version: int
    themes: tuple[ThemeName, ...] = Field(default=(), strict=False)
    cards: tuple[CardRecord, ...] = Field(default=(), max_length=200_000, strict=False)
