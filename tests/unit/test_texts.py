"""Every text people read exists in Dutch, with the same places to fill in. English is what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from facilitator.core import languages
from facilitator.methods.loader import load_catalogue
from facilitator.methods.usual import ROLES, USUAL
from scripts import texts

BEGUN = [code for code in texts.translated() if texts.catalogue(code).exists()]
# What is on screens while a meeting is on, whatever its method.
LIVE = (
    "phases/*",
    "phone/*",
    "wall/*",
    "console/*",
    "stage_*",
    "*composer*",
    "dictation*",
    "notebook*",
    "phone.html",
    "wall.html",
)
# Words of the product that a phase is called as well: actions are kept after every meeting, roles can be given in each.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
OURS = {"action", "actions", "actie", "acties", "roles", "rollen"}
PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z]+\}")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What code and templates say, collected anew."""
    template = tmp_path_factory.mktemp("texts") / "messages.pot"
    texts.extract(template)
    return read_po(template.open("rb"))


def catalogue(language: str) -> Catalog:
    return read_po(texts.catalogue(language).open("rb"), locale=language)


FIGURE = re.compile(
    r"\b(\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|fifteen|half an)\s+"
    r"(\w+ )?(second|minute|hour|day|week|month|year|character|MB|time|theme|answer|people)s?\b|\ban hour\b",
    re.IGNORECASE,
)
# What is said as it is meant, whatever a number in the code becomes.
SAID = (
    "two minutes left",  # the timekeeper's sign, which stands beside no time
    "We try again every hour",  # so does this: each job runs that often
    "for two tables",
    "This phone belongs to two people",
    "so they are two people",
    "Two people",
    "The two themes are one now",
    "Give at least two answers",
    "Saying so takes ten seconds",
    "For example: 2031-12-25",
    "Write 2031-12-25, or week 52",
)


def test_a_figure_comes_from_the_code_that_means_it(said: Catalog) -> None:
    """A text with a number of its own is untrue as soon as that of the code is another one."""
    sentences = {part for message in said if message.id for part in _parts(message.id)}
    known = {one for one in sentences if any(words in one for words in SAID)}
    assert known
    assert sorted(one for one in sentences - known if FIGURE.search(one)) == []


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


def test_no_sentence_of_a_live_screen_is_about_one_phase_or_one_method() -> None:
    """What a phase, a role or a method is called comes from the method: else a screen speaks of what is not there."""
    sentences = set(live_sentences())
    assert len(sentences) > 300
    found = {
        (sentence, name)
        for language in languages.complete()
        for sentence in (sentences if language == languages.FALLBACK else map(_last, translated(sentences, language)))
        for name in names(language) - OURS
        if re.search(rf"\b{re.escape(name)}\b", sentence, re.IGNORECASE)
    }
    assert found == set()


def live_sentences() -> Iterator[str]:
    """What templates of live screens, their pictures and the list of moves say themselves."""
    room = texts.ROOT / "facilitator/meetings"
    paths = [path for name in LIVE for path in (texts.ROOT / "facilitator/templates/meetings").glob(name)]
    for path in [*paths, room / "moves.py", *(room / "showing").glob("*.py")]:
        how = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for _line, message, _comments, _context in extract_from_file(how, str(path), keywords=KEYWORDS):
            yield from (message,) if isinstance(message, str) else message


def translated(sentences: set[str], language: str) -> Iterator[object]:
    known = catalogue(language)
    yield from (message.string for message in known if set(_parts(message.id)) & sentences)


def names(language: str) -> set[str]:
    """What phases of each kind are usually called, roles, and methods with their own words for roles."""
    phases = {usual["texts"][language][word] for usual in USUAL.values() for word in ("title", "short")}
    methods = [method.text(language) for method in load_catalogue().values()]
    own = {word for method in methods for word in (method.title, *method.roles.values())}
    return {name.lower() for name in (*phases, *ROLES[language].values(), *own)}


def _is_complete(message: Message | None) -> bool:
    return message is not None and all(_parts(message.string)) and not message.fuzzy


def _parts(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(part) for part in text] if isinstance(text, tuple | list) else [""]


def _last(text: object) -> str:
    return _parts(text)[-1]


def _places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))
