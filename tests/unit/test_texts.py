"""Every text people read exists in Dutch, with the same places to fill in. English is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from facilitator.core import languages
from scripts import texts

BEGUN = [code for code in texts.translated() if texts.catalogue(code).exists()]
PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z]+\}")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What code and templates say, collected anew."""
    template = tmp_path_factory.mktemp("texts") / "messages.pot"
    texts.extract(template)
    return read_po(template.open("rb"))


def catalogue(language: str) -> Catalog:
    return read_po(texts.catalogue(language).open("rb"), locale=language)


@pytest.mark.parametrize("language", [code for code in texts.translated() if code in languages.complete()])
def test_every_text_is_translated(said: Catalog, language: str) -> None:
    assert len(said) > 300, "nothing was collected"
    known = catalogue(language)
    missing = [message.id for message in said if message.id and not _is_complete(known.get(message.id))]
    assert not missing, "run `make texts` and translate what is new"


@pytest.mark.parametrize("language", BEGUN)
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    wrong = [
        message.id
        for message in catalogue(language)
        if message.id and any(part and _places(part) != _places(_last(message.id)) for part in _parts(message.string))
    ]
    assert not wrong


@pytest.mark.parametrize("language", BEGUN)
def test_nobody_is_shouted_at(language: str) -> None:
    shouted = [
        message.id
        for message in catalogue(language)
        if message.id and any("!" in part for part in _parts(message.string))
    ]
    assert not shouted


def test_every_python_text_is_collected_from_a_folder_that_exists() -> None:
    mapping = (texts.TRANSLATIONS / "babel.cfg").read_text()
    assert Path(texts.ROOT / "facilitator" / "templates").is_dir()
    assert "facilitator/templates/**.html" in mapping


def _is_complete(message: Message | None) -> bool:
    return message is not None and all(_parts(message.string)) and not message.fuzzy


def _parts(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(part) for part in text] if isinstance(text, tuple | list) else [""]


def _last(text: object) -> str:
    return _parts(text)[-1]


def _places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))
