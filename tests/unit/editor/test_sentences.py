"""Whatever a check says of a file, a person reads a sentence about what stands on the page, in their language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import facilitator.methods as room
from facilitator import create_app
from facilitator.core.config import Settings
from facilitator.editor.sentences import SENTENCES, in_words
from facilitator.meetings import playing

CHECKS = [Path(room.__file__).with_name(f"{name}.py") for name in ("checks", "secrecy", "limits", "wording")]
PLAYED = Path(playing.__file__)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.load(tmp_path_factory.mktemp("sentences"), {}).kept())


def reasons() -> Iterator[str]:
    """Every reason in the checks, as it could be told."""
    for path in (*CHECKS, PLAYED):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(found, ast.Call) and isinstance(found.func, ast.Name) and found.func.id == "Problem":
                yield from texts(found.args[1])
            elif (
                isinstance(found, ast.Tuple)
                and len(found.elts) == 2
                and isinstance(found.elts[0], ast.BoolOp | ast.Compare)
            ):
                yield from texts(found.elts[1])


def texts(found: ast.expr) -> Iterator[str]:
    if isinstance(found, ast.Call) and isinstance(found.func, ast.Name) and found.func.id == "_":
        yield from (text.replace("%(path)s", "one.forms[0]") for text in texts(found.args[0]))
    elif isinstance(found, ast.Constant) and isinstance(found.value, str):
        yield found.value
    elif isinstance(found, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "'clarify'" for part in found.values)


def test_every_reason_has_a_sentence_in_every_language(app: Flask) -> None:
    told = sorted(set(reasons()))
    assert len(told) > 55
    with app.test_request_context():
        for language in ("en", "nl"):
            with force_locale(language):
                assert [reason for reason in told if in_words(reason, {}) is None] == [], (
                    "say in facilitator/editor/sentences.py what a person reads"
                )


def test_a_phase_is_called_by_its_title_and_a_facet_by_what_it_is(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert in_words("'advise' is not an earlier phase", {"advise": "Advice"}) == (
            "Advice is not a phase before this one. Choose another, or move this phase down."
        )
        assert in_words("items, names would show hidden texts before they are revealed", {}) == (
            "This would show hidden texts before they are revealed: All texts, Who wrote a text."
        )


def test_no_line_is_shadowed_by_one_before_it(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for reason, sentence in SENTENCES.items():
            plain = reason.replace("%(a)s", "one").replace("%(b)s", "two")
            wanted = str(sentence) % {"a": "one", "b": "two"} if "%(" in str(sentence) else str(sentence)
            assert in_words(plain, {}) == wanted
