"""A method calls the roles in a meeting what they are called there: no screen, report, paper or mail has the words of elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitator.core.extensions import limiter
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.methods import rounds
from facilitator.methods.usual import ROLES
from facilitator.methods.vocabulary import Method, Role
from tests.accounts_cast import mails
from tests.cast import Cast, Meeting
from tests.documents import everything_in
from tests.own_methods import in_the_catalogue, problems, written
from tests.phones import device
from tests.proof import confirm

WORDS = {
    "en": {"case_giver": "presenter", "timekeeper": "clock", "note_taker": "scribe", "observer": "onlooker"},
    "nl": {"case_giver": "presentator", "timekeeper": "klok", "note_taker": "schrijver", "observer": "toeschouwer"},
}
HEAD = "".join(
    f"\n[texts.{language}.roles]\n" + "".join(f"{role} = {word!r}\n" for role, word in words.items())
    for language, words in WORDS.items()
)
KINDS = ("follow_up", "pick", "story", "clarify", "probe", "diagnose", "gossip", "resonate", "reframe", "advise")
MARKED = 'kind = "choose"\nminutes = 5\nmarks = { kind = "star", who = "case_giver", limit = 3, on = "advise" }'
PHASES = (
    'kind = "cast"\nminutes = 5',
    *(f'kind = "{kind}"\nminutes = 5' for kind in KINDS),
    MARKED,
    *(f'kind = "{kind}"\nminutes = 5' for kind in ("commit", "silence", "talk", "learn", "evaluate")),
)


@pytest.fixture
def method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Method]:
    """A method of every usual kind, with role words of its own."""
    monkeypatch.setattr(limiter, "enabled", False)
    found = written(tmp_path, *PHASES, head=HEAD)
    with in_the_catalogue(found):
        yield found


def foreign(pages: dict[str, str], language: str) -> dict[str, list[str]]:
    """On which pages a role is called as elsewhere; what a page sends and how a file names its parts is nobody's word."""
    usual = re.compile("|".join(map(re.escape, ROLES[language].values())), re.IGNORECASE)
    of_machines = re.compile(r'(value|id)="[\w-]+"|"\w+":')
    found = {where: sorted(set(usual.findall(of_machines.sub("", page)))) for where, page in pages.items()}
    return {where: words for where, words in found.items() if words}


@pytest.mark.parametrize("language", WORDS)
def test_no_screen_and_no_paper_of_a_meeting_has_the_usual_word(cast: Cast, method: Method, language: str) -> None:
    earlier = cast.meeting(method=method.key, locale=language)
    earlier.play()
    meeting = cast.meeting(method=method.key, locale=language, continues=earlier, case_giver=None)
    for name, role in (("Pete", Role.TIMEKEEPER), ("Ada", Role.NOTE_TAKER), ("Bob", Role.OBSERVER)):
        meeting.give_role(meeting[name], role)
    shown = {f"lobby {name}": page for name, page in meeting.screens().items()}
    meeting.start()
    while meeting.state.status == "running":
        shown |= {f"{meeting.step.key} {name}": page for name, page in meeting.screens().items()}
        meeting.play_step()
        shown |= {f"{meeting.step.key} after {name}": page for name, page in meeting.screens().items()}
        if meeting.state.is_last:
            meeting.end()
        else:
            meeting.next()
    shown |= {f"ended {name}": page for name, page in meeting.screens().items()}
    shown |= afterwards(meeting, language)
    assert len(shown) > 200
    assert foreign(shown, language) == {}
    everything = " ".join(shown.values())
    for word in WORDS[language].values():
        assert re.search(word, everything, re.IGNORECASE), f"{word} is there"


def afterwards(meeting: Meeting, language: str) -> dict[str, str]:
    """The report in every form, the attendance list and what everybody finds, as pages and papers tell them."""
    found = {}
    endings = ("", ".md", ".json", ".csv", ".docx", ".pdf")
    for person, paths in (
        (meeting.mo, [*(f"report{ending}" for ending in endings), "presence"]),
        (meeting.pete, ["report"]),
    ):
        client = meeting.client(person, language)
        for path in paths:
            answer = client.get(f"/meetings/{meeting.id}/{path}", follow_redirects=True)
            found[f"{person.name} {path}"] = everything_in(answer.data) if answer.status_code == 200 else answer.text
    found["mails"] = " ".join(str(message.get_content()) for message in mails(meeting.app))
    return found


def test_the_words_are_those_of_everywhere_where_a_method_has_none(cast: Cast) -> None:
    meeting = cast.meeting()
    assert "case giver" in meeting.screen(meeting.mo)
    assert "You are the case giver today." in device(meeting, meeting.gia).open().text


def test_a_meeting_keeps_the_words_it_was_planned_with(cast: Cast, tmp_path: Path) -> None:
    with in_the_catalogue(written(tmp_path, *PHASES, head=HEAD)) as key:
        meeting = cast.meeting(method=key)
    assert "You are the presenter today." in device(meeting, meeting.gia).open().text


@pytest.mark.parametrize("language", WORDS)
def test_what_leaves_a_meeting_has_the_words_it_was_planned_with_in_the_language_of_whoever_reads(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    ours = written(tmp_path, *PHASES, head=HEAD)
    meeting = held_with_a_second_case(cast, ours)
    pages = afterwards(meeting, language)
    for ending in ("proof", "proof.pdf"):
        for name in ("Gia", "Pete"):
            answer = meeting.client(meeting[name], language).get(f"/meetings/{meeting.id}/{ending}")
            assert answer.status_code == 200
            pages[f"{name} {ending}"] = everything_in(answer.data) if ending == "proof.pdf" else answer.text
    assert foreign(pages, language) == {}
    words, title = WORDS[language], ours.text(language).title
    for where in ("Mo report", "Mo report.pdf", "Mo presence", "Gia proof", "Gia proof.pdf"):
        assert re.search(words["case_giver"], pages[where], re.IGNORECASE), where
    for where in ("Mo report", "Mo report.pdf", "Mo presence", "Pete proof", "Pete proof.pdf"):
        assert re.search("spreker", pages[where], re.IGNORECASE), f"{where}: it has no other language"
    for where in ("Mo report", "Gia proof", "Pete proof"):
        assert f"{title}, Van hen" in pages[where]
    assert re.search(words["note_taker"], pages["Mo report"], re.IGNORECASE)


def held_with_a_second_case(cast: Cast, ours: Method) -> Meeting:
    """Gia gave a case by this method, Pete one by a method in Dutch alone; attendance is confirmed."""
    head = ours.text("nl").model_copy(update={"title": "Van hen", "roles": {Role.CASE_GIVER: "spreker"}})
    dutch = ours.model_copy(update={"key": "theirs", "texts": {"nl": head}})
    case = PlannedCase(dutch, rounds.in_minutes(rounds.further_case(ours, dutch), None))
    meeting = cast.meeting(method=ours, cases=(case,))
    for name, role in (("Bob", Role.TIMEKEEPER), ("Ada", Role.NOTE_TAKER), ("Cleo", Role.OBSERVER)):
        meeting.give_role(meeting[name], role)
    meeting.start()
    while not meeting.step.round_id or meeting.step.round_id == meeting.snapshot.rounds[0].id:
        meeting.play_step()
        meeting.next()
    meeting.name_case_giver("Pete")
    while not meeting.state.is_last:
        meeting.next()
        meeting.play_step()
    meeting.end()
    confirm(meeting, **{f"there_{meeting[name].seat_id}": "y" for name in ("Gia", "Pete")})
    return meeting


def test_a_role_that_there_is_not_and_a_word_that_is_too_long_are_refused(tmp_path: Path) -> None:
    for wrong, sentence in (
        ('chairman = "chair"', "texts.en.roles.chairman"),
        (f'case_giver = "{"p" * 25}"', "texts.en.roles.case_giver"),
    ):
        found = problems(tmp_path, *PHASES, head=f"\n[texts.en.roles]\n{wrong}\n")
        assert any(sentence in problem for problem in found), found
