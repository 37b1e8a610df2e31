"""Every form stands on one base: texts are cleaned, and what the library says is ours."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from flask_babel import force_locale, gettext
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

import facilitator
from facilitator.core.forms import OTHERWISE, SENTENCES, Cleaned, Filled, PlainForm, Verbatim, WholeNumber
from facilitator.core.times import day_in

ROOT = Path(facilitator.__file__).parent
# Where texts are taken apart letter by letter for another reason than to clean them.
OTHER_REASONS = {
    "core/text.py": "cleans",
    "core/pictures/lettering.py": "measures letters",
    "accounts/rules.py": "the one form in which a password is hashed",
    "consent/redaction/findings.py": "keeps an accent with its letter",
    "consent/redaction/names.py": "finds names letter by letter",
    "archive/search/tokens.py": "cuts words into stems",
    "demo/filling.py": "makes an address of a name",
    "core/codes.py": "reads a typed code",
    "reports/people.py": "sorts names",
}


class Everything(PlainForm):
    """One field of each kind."""

    line = StringField(validators=[Filled()])
    text = TextAreaField()
    verbatim = Verbatim()
    password = PasswordField()
    number = WholeNumber()
    decimal = DecimalField()
    day = DateField()
    time = TimeField()
    moment = DateTimeLocalField()
    choice = SelectField(choices=[SelectChoice("a")])


def forms() -> Iterator[type[wtforms.Form]]:
    """Every form of the product."""
    for module in pkgutil.walk_packages([str(ROOT)], "facilitator."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [wtforms.Form]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("facilitator."):
                yield kind


def test_no_form_takes_in_a_text_that_was_not_cleaned() -> None:
    every = list(forms())
    assert len(every) > 25
    assert [kind.__name__ for kind in every if not issubclass(kind, Cleaned)] == []


def test_texts_are_cleaned_in_one_place() -> None:
    signs = re.compile(r"unicodedata|isprintable|\\0\"|\\x00|splitlines\(\)")
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if signs.search(path.read_text()) and not re.search("migrations|sandbox|facilitator/rewriting", str(path))
    }
    files_and_addresses = {
        "archive/exchange/reading.py",
        "core/config.py",
        "core/languages.py",
        "operations/backups.py",
        "operations/doctor.py",
        "operations/failures.py",
        "meetings/views/__init__.py",
    }
    assert found - files_and_addresses == set(OTHER_REASONS)


def test_a_field_is_cleaned_by_its_kind() -> None:
    typed = " a\u200b \r\n b\x00 "
    form = Everything(MultiDict(dict.fromkeys(("line", "text", "verbatim", "password"), typed)))
    assert form.line.data == "a b"
    assert form.text.data == "a \n b"
    assert form.verbatim.data == " a \n b "
    assert form.password.data == typed


@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_the_library_finds_wrong_is_said_in_our_words(app: Flask, language: str) -> None:
    wrong = {"line": "\u2800", "number": "x", "decimal": "x", "day": "x", "time": "x", "moment": "x", "choice": "b"}
    with app.test_request_context(), force_locale(language):
        form = Everything(MultiDict(wrong))
        form.validate()
        said = {name: str(form[str(name)].errors[0]) for name in form.errors}
        ours = {str(gettext(text)) for text in (*SENTENCES.values(), OTHERWISE)}
    assert said.keys() == wrong.keys()
    assert set(said.values()) <= ours


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_a_day_is_one_that_every_calendar_reckons_with(app: Flask, year: str) -> None:
    typed = MultiDict({"line": "x", "day": f"{year}-12-31", "moment": f"{year}-12-31T23:59", "choice": "a"})
    with app.test_request_context(), force_locale("en"):
        filled = Everything(typed)
        assert not filled.validate()
        for field in (filled.day, filled.moment):
            assert list(field.errors) == ["Choose a day in the years 1900 to 2199."]
    assert day_in(f"{year}-12-31") is None
    assert day_in("2199-12-31") is not None
