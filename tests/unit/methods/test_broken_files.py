"""A method file with anything wrong is refused, with the file, the path in it and the reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from facilitator.core import languages
from facilitator.methods import loader
from facilitator.methods.loader import MethodError, check_file, load_catalogue, load_file

SKETCHES = Path(__file__).parent / "sketches"
BASIS = (SKETCHES / "whole.toml").read_text(encoding="utf-8")


class Break(NamedTuple):
    """The words of a good file that are replaced, and the sentence that must come of it."""

    name: str
    old: str
    new: str
    sentence: str


ROUND_BEFORE = 'wall = { before = ["question"], after = ["question", "current", "names"] }'
ALL_SENTENCES = [
    Break("unknown word", 'key = "basis"', 'key = "basis"\ncolour = "red"', "colour: is not a word that a method file"),
    Break("a key with a space", 'key = "learn"\n', 'key = "What we learn"\n', "phases[8].key: must begin with a small letter and be made of"),
    Break("a word under the wrong heading", 'rule = "We luisteren en onderbreken niet."', 'rule = "We luisteren en onderbreken niet."\nminutes = 4',
          "phases[2].texts.nl.minutes: is not a word that a method file knows here; put it above [phases.texts.nl]."),
    Break("a role that there is not", 'rule = "We luisteren en onderbreken niet."', 'rule = "We luisteren naar de {inbrenger}."',
          "phases[2].texts.nl.rule: '{inbrenger}' stays as it stands; only texts of phases name roles so"),
    Break("a role in a label", '"reason.why" = "Waarom helpt dit jou?"', '"reason.why" = "Waarom, {inbrenger}?"',
          "phases[6].texts.nl.fields: '{inbrenger}' stays as it stands"),
    Break("a role where no phase is", 'title = "Basismethode"', 'title = "Basis voor de {case_giver}"', "texts.nl.title: '{case_giver}' stays as it stands"),
    Break("empty text", 'rule = "We luisteren en onderbreken niet."', 'rule = ""', "phases[2].texts.nl.rule: string should have at least 1"),
    Break("number as text", "minutes = 12", 'minutes = "12"', "phases[3].minutes: input should be a valid number"),
    Break("unknown kind", 'kind = "story"', 'kind = "tale"', "phases[2].kind: input should be 'follow_up', 'pick'"),
    Break("long label", 'short = "Kern"', f'short = "{"k" * 25}"', "phases[4].texts.nl.short: string should have at most"),
    Break("too few people", "people_min = 3", "people_min = 15", "people_min: must not be more than people_max."),
    Break("unknown aim", 'aims = ["solve", "understand"]', 'aims = ["win"]', "aims[0]: input should be 'solve', 'understand'"),
    Break("an aim twice", 'aims = ["solve", "understand"]', 'aims = ["solve", "solve"]', "aims: the same aim occurs more than once."),
    Break("unknown experience", "people_min = 3", 'people_min = 3\nexperience = "none"', "experience: input should be 'new', 'some' or"),
    Break("more minutes than there are", "people_min = 3", "people_min = 3\nminutes_least = 300",
          "minutes_least: must not be more than the phases and the lobby take together."),
    Break("double phase", 'key = "learn"\n', 'key = "story"\n', "phases[8].key: 'story' is the key of an earlier phase."),
    Break("parts mixed up", 'part = "closing"', 'part = "opening"', "phases[8].part: opening cannot come after round."),
    Break("minutes to nowhere", 'to = "story"', 'to = "tale"', "phases[0].minutes_to: 'tale' is not a phase of this method."),
    Break("minutes to what may go", 'to = "story"', 'to = "pick"', "phases[0].minutes_to: 'pick' must be another phase"),
    Break("minutes without needs", 'needs = "case_to_choose"\n', 'needs = ""\n', "phases[1].minutes_to: has no meaning without needs."),
    Break("marks on nothing", 'on = "advise"', 'on = "commit"', "phases[6].marks.on: 'commit' is not this phase or an earlier"),
    Break("odd minutes", "minutes = 12", "minutes = 12.3", "phases[3].minutes: must be in whole or half minutes."),
    Break("only writing", "writing_minutes = 2", "writing_minutes = 12", "phases[3].writing_minutes: must be less than"),
    Break("private and required", '"note", type = "text",', '"note", is_required = true, type = "text",',
          "phases[2].forms[0].fields[3].is_required: what is private is never required."),
    Break("action without then", '{ name = "then",', '{ name = "plan",', "phases[7].forms[0].makes_action: needs a field named then, a text that is not private."),
    Break("an action without a day", '{ name = "due", type = "date" }', '{ name = "due", type = "line" }',
          "phases[7].forms[0].makes_action: due must be a date that is not private."),
    Break("a status that may be left out", '"dropped"], is_required = true }', '"dropped"] }',
          "phases[0].forms[0].about_actions: needs a required field named status"),
    Break("a name of the form's own", '{ name = "effect", type', '{ name = "step", type',
          "phases[0].forms[0].fields[1].name: 'step' is a name that every form uses for itself."),
    Break("a case chosen too late", 'kind = "pick"\npart = "opening"', 'kind = "pick"\npart = "closing"',
          "phases[1].part: a case is chosen in the opening."),
    Break("a case without a title", '{ name = "title"', '{ name = "name"', "phases[1].forms: a case is offered with a form"),
    Break("a question for oneself", 'type = "line", max_length = 300, starts_as = "case_question"', 'type = "line", is_private = true, starts_as = "case_question"',
          "phases[2].forms[0].sets_question: needs a field named question, a text that is not private."),
    Break("missing label", '"reason.why" = "Waarom helpt dit jou?"\n', "", 'phases[6].texts.nl.fields."reason.why": is missing.'),
    Break("left-over label", '"reason.why" = "Waarom', '"reason.else" = "Waarom', '."reason.else": does not belong to anything'),
    Break("missing choice", '"looking.status.not" = "Niet gedaan"\n', "", 'texts.nl.choices."looking.status.not": is missing.'),
    Break("missing end", '"growth.clarity.low" = "Nog niet duidelijk"\n', "", 'texts.nl.ends."growth.clarity.low": is missing.'),
    Break("names alone", '"current", "names"] }\ncase', '"names"] }\ncase', "names has no meaning without items or current."),
    Break("shown too early", ROUND_BEFORE, ROUND_BEFORE.replace('"question"]', '"question", "current"]', 1),
          "phases[3].reveals.wall.before: current would show hidden texts before they are revealed."),
    Break("hidden again", ROUND_BEFORE, 'wall = { before = ["question"] }', "phases[3].reveals.wall.after: must still hold question"),
    Break("anonymous but named", '{ before = ["question"], after = ["question", "results"] }',
          '{ before = ["question"], after = ["question", "results", "items", "names"] }',
          "phases[9].reveals.moderator.after: names cannot go with an anonymous form."),
    Break("anonymous with hints", "is_anonymous = true", "is_anonymous = true\nhints = true",
          "phases[9].forms[0].hints: cannot go with is_anonymous."),
    Break("anonymous case giver", 'who = "everyone"\nis_anonymous', 'who = "case_giver"\nis_anonymous',
          "phases[9].forms[0].who: an anonymous form must be for everyone or peers."),
]  # fmt: skip


@pytest.mark.parametrize("case", ALL_SENTENCES, ids=lambda case: case.name)
def test_a_broken_file_is_refused_with_file_path_and_reason(tmp_path: Path, case: Break) -> None:
    assert case.old in BASIS
    problems = check_file(_written(tmp_path, BASIS.replace(case.old, case.new, 1)))
    assert any(case.sentence in problem for problem in problems), problems
    assert all(problem.startswith("basis.toml: ") and problem.endswith(".") for problem in problems)


def test_a_language_that_a_phase_lacks_is_named(tmp_path: Path) -> None:
    german = BASIS[BASIS.index("[texts.en]") : BASIS.index("# -- Opening")].replace("[texts.en]", "[texts.de]")
    problems = check_file(_written(tmp_path, BASIS.replace("# -- Opening", german + "# -- Opening", 1)))
    assert "basis.toml: phases[0].texts.de: is missing; the method speaks this language." in problems
    assert len(problems) == 10


SHORT = """
key = "basis"
source = "S"
people_min = 3
people_max = 8
texts.en = { title = "T", summary = "S", suits = "S", avoid = "A", agreement = ["A"] }
[[phases]]
kind = "talk"
minutes = 5
"""
TWENTY = ", ".join(["{}"] * 20)
WORDY = '[[phases]]\nkind = "learn"\nkey = "p{}"\nminutes = 5\nforms = [{{ key = "a", who = "everyone", limit = 10, fields = [{{ name = "a" }}] }}]\n'
TOO_MUCH = {
    "forms": (f"forms = [{TWENTY}]", "phases[0].forms: 20 stand here, and there is room for 12."),
    "fields": (f"forms = [{{ fields = [{TWENTY}, {{}}] }}]", "phases[0].forms[0].fields: 21 stand here, and there is room for 20."),
    "all that is asked": ("forms = [{}]".format(", ".join([f"{{ fields = [{TWENTY}] }}"] * 3)),
                          "phases[0].forms: 63 forms, fields and choices in all are more than a phase has room for: 60."),
    "choices": (f"forms = [{{ fields = [{{ choices = [{TWENTY}, {{}}] }}] }}]",
                "phases[0].forms[0].fields[0].choices: 21 stand here, and there is room for 20."),
    "on_table": (f"on_table = [{TWENTY}, {{}}]", "phases[0].on_table: 21 stand here, and there is room for 20."),
    "languages": ("texts = {{ {} }}".format(", ".join(f"a{one} = {{}}" for one in "abcdefg")), "phases[0].texts: 7 stand here, and there is room for 6."),
    "phases": ("[[phases]]\n" * 40, "phases: 41 stand here, and there is room for 40."),
    "texts": ("".join(map(WORDY.format, range(13))), "phases: 130 texts of one person are more than a meeting has room for: 120."),
}  # fmt: skip


@pytest.mark.parametrize(("words", "sentence"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_a_method_has_room_for_is_told_with_its_place(tmp_path: Path, words: str, sentence: str) -> None:
    assert f"basis.toml: {sentence}" in check_file(_written(tmp_path, SHORT + words))


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = check_file(_written(tmp_path, 'key = "basis"\npeople_min = \n'))
    assert problem.startswith("basis.toml: is not valid TOML: ")
    assert "line 2" in problem


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = " + b"[" * 5000, b"", b"phases = 3\n", b"key = 1979-05-27\n"])
def test_any_rubbish_is_a_problem_and_never_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "basis.toml"
    path.write_bytes(content)
    assert check_file(path)


def test_a_file_saved_by_windows_is_as_good_as_any(tmp_path: Path) -> None:
    path = _written(tmp_path, BASIS)
    said, method = check_file(path), load_file(path)
    path.write_bytes(BASIS.replace("\n", "\r\n").encode("utf-8-sig"))
    assert (check_file(path), load_file(path)) == (said, method)


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert check_file(tmp_path / "none.toml") == ["none.toml: cannot be read: No such file or directory."]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('kind = "talk"', 'kind = "chat"', "phases[0].kind"),
        ('kind = "talk"', 'key = "chat"', "phases[0].kind"),
        ("minutes = 5", 'minutes = 5\nforms = [{ key = "a", who = "all", fields = [{ name = "a" }] }]', "phases[0].forms[0].who"),
        ("minutes = 5", 'minutes = 5\nforms = [{ key = "a", who = "peers", fields = [{ name = "a", type = "words" }] }]',
         "phases[0].forms[0].fields[0].type"),
    ],
)  # fmt: skip
def test_what_follows_from_one_mistake_is_not_told_as_others(tmp_path: Path, old: str, new: str, place: str) -> None:
    (problem,) = check_file(_written(tmp_path, SHORT.replace(old, new)))
    assert problem.startswith(f"basis.toml: {place}: ")


def test_several_problems_are_told_at_once(tmp_path: Path) -> None:
    broken = BASIS.replace('to = "story"', 'to = "tale"').replace("writing_minutes = 2", "writing_minutes = 12")
    with pytest.raises(MethodError) as refused:
        load_file(_written(tmp_path, broken))
    assert len(refused.value.problems) == 4


def test_whoever_is_turned_away_cannot_be_shown_the_talk(tmp_path: Path) -> None:
    troika = (SKETCHES / "troika.toml").read_text(encoding="utf-8")
    own = 'case_giver = { before = ["question", "own"], after = ["question", "own"] }\npeer = { before = ["question", "own", '
    assert own in troika
    broken = troika.replace(own, own.replace('after = ["question", "own"]', 'after = ["question", "own", "items"]'))
    problems = check_file(_written(tmp_path, broken))
    assert problems == ["basis.toml: phases[1].reveals.case_giver: is turned away and cannot see items."]


def test_options_without_a_choice_are_refused(tmp_path: Path) -> None:
    tietze = (
        (SKETCHES / "tietze.toml")
        .read_text(encoding="utf-8")
        .replace('"brainstorm", "resonance"]', '"brainstorm", "else"]')
    )
    problems = check_file(_written(tmp_path, tietze))
    assert any(
        "option_of: no field of 'module' has exactly these choices: brainstorm, resonance." in p for p in problems
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("form", "there are no two forms with texts."),
        ("actor", "each form with texts needs a required choice named 'actor'"),
    ],
)
def test_columns_that_no_text_has_are_refused(tmp_path: Path, columns: str, reason: str) -> None:
    incident = (SKETCHES / "incident.toml").read_text(encoding="utf-8")
    broken = incident.replace('key = "story"\n', f'key = "story"\ncolumns = "{columns}"\n', 1)
    problems = check_file(_written(tmp_path, broken))
    assert any(f"phases[0].columns: {reason}" in problem for problem in problems), problems


SEALED = 'sealed_until = "ending"'
ONLY_THE_ENDING = 'shows = { of = "story", form = "ending" }'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (SEALED, 'sealed_until = "story"', "'story' is not a later phase."),
        (SEALED, 'sealed_until = "nowhere"', "'nowhere' is not a later phase."),
        (SEALED, 'sealed_until = "clarify"', "'clarify' does not show it: give it"),
        (SEALED, f"{SEALED}\nis_open = true", "cannot go with is_open, which tells of it at once."),
        (ONLY_THE_ENDING, 'shows = { of = "clarify" }', "'ending' does not show it: give it"),
        (
            ONLY_THE_ENDING,
            'shows = { of = "story", form = "tale" }',
            "phases[2].shows.form: 'story' has no form 'tale'.",
        ),
        (
            ONLY_THE_ENDING,
            'shows = { of = "story", only = "chosen" }',
            "shows.only: no star is given in an earlier phase.",
        ),
        (
            ONLY_THE_ENDING,
            'shows = { of = "story", only = ["warm"] }',
            "shows.only: the texts of 'story' are not ranked",
        ),
        (
            ONLY_THE_ENDING,
            'shows = { of = "story", order = "warmth" }',
            "shows.order: the texts of 'story' are not ranked",
        ),
        (
            'name = "ending", max_length = 2000',
            'name = "ending", is_private = true',
            "what is private is never revealed.",
        ),
    ],
)
def test_what_is_sealed_comes_out_in_a_later_phase_that_shows_it(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    incident = (SKETCHES / "incident.toml").read_text(encoding="utf-8")
    assert old in incident
    problems = check_file(_written(tmp_path, incident.replace(old, new, 1)))
    assert any(reason in problem for problem in problems), problems


def test_a_catalogue_method_has_the_name_of_its_file_and_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.toml").write_text(BASIS, encoding="utf-8")
    monkeypatch.setattr(loader, "CATALOGUE", tmp_path)
    monkeypatch.setitem(languages.TABLE, "fr", replace(languages.TABLE["fr"], speaks=True, is_complete=True))
    with pytest.raises(MethodError) as refused:
        load_catalogue.__wrapped__()
    assert refused.value.problems == (
        "other.toml: key: must be the name of the file, 'other'.",
        "other.toml: texts.fr: is missing; every method in the catalogue has it.",
    )


def _written(folder: Path, text: str) -> Path:
    path = folder / "basis.toml"
    path.write_text(text, encoding="utf-8")
    return path
