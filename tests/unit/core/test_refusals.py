"""One refusal for all rooms: a sentence for the reader, or a code that a page has a sentence for."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from flask_babel import force_locale, lazy_gettext

import facilitator
from facilitator.archive.files.kinds import Unusable
from facilitator.core.refusals import Refused
from facilitator.core.sandboxed import FileRefused

ROOT = Path(facilitator.__file__).parent


def test_a_sentence_is_said_in_the_language_of_whoever_reads_it(app: Flask) -> None:
    refused = Refused(lazy_gettext("Fill this in."), status=422, field="name")
    with app.test_request_context():
        with force_locale("en"):
            assert str(refused) == "Fill this in."
        with force_locale("nl"):
            assert str(refused) == "Vul dit in."
    assert (refused.code, refused.status, refused.field) == ("", 422, "name")


def test_a_code_stays_one() -> None:
    refused = Refused("no_such_seat", 404)
    assert (refused.code, str(refused), refused.status) == ("no_such_seat", "no_such_seat", 404)
    assert Refused("moved_already").status == 409


def test_all_stand_on_one() -> None:
    written = [
        name
        for path in ROOT.rglob("*.py")
        for name in re.findall(r"^class (\w*Refus\w*)\(", path.read_text(), re.MULTILINE)
    ]
    assert sorted(written) == [FileRefused.__name__, Refused.__name__]
    assert issubclass(FileRefused, Refused)
    assert issubclass(Unusable, Refused)
