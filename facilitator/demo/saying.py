"""What simulated people say, read from the languages' own files: `translations/<code>/people.toml`. Pure.

Promises: there is something for every kind of phase and every field, whatever a method asks; the same person says the same.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from facilitator.core import languages
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType, Form, InputField, Kind

FILE = "people.toml"
IN_DAYS = 14
Lines = tuple[str, ...]


class Sayings(BaseModel):
    """The words of one language. `said` is by kind of phase, or by `kind.field`; `fields` by a field's name, whatever the kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goal: str
    names: Lines
    said: dict[str, Lines]
    fields: dict[str, Lines]

    def filled(self, kind: Kind, form: Form, number: int, today: date, question: str) -> dict[str, Value]:
        """What somebody fills in, the same for the same number. A question that the case has already stays, unless a new one is asked for."""
        stays = {
            field.name for field in form.fields if field.starts_as == "case_question" and not form.sets_key_question
        }
        return {
            field.name: question if question and field.name in stays else self._value(kind, field, number, today)
            for field in form.fields
        }

    def _value(self, kind: Kind, field: InputField, number: int, today: date) -> Value:
        match field.type:
            case FieldType.SCALE:
                return field.high - number % max(1, (field.high - field.low) // 2)
            case FieldType.CHOICE:
                return field.choices[number % len(field.choices)]
            case FieldType.DATE:
                return (today + timedelta(days=IN_DAYS)).isoformat()
        return self.line(kind, field.name, number)[: field.max_length]

    def line(self, kind: Kind, field: str, number: int) -> str:
        """One line for a field in a phase of this kind."""
        found = self.said.get(f"{kind.value}.{field}") or self.fields.get(field) or self.said[kind.value]
        return found[number % len(found)]


@cache
def sayings(language: str) -> Sayings:
    """The words of a language, else of the one that is always there."""
    files = languages.data(FILE)
    path = files.get(language) or files[languages.FALLBACK]
    return Sayings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
