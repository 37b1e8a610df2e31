"""What the types alone cannot say: whether the pieces of a method fit together.

What this promises: every problem is found at once, each with the path to it. Secrets are judged in `secrecy`, words in
`wording`; here are the order of phases, their time, and their forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facilitator.methods import timing
from facilitator.methods.limits import MOST_TEXTS
from facilitator.methods.problem import Problem, gives_stars, has_texts, listed
from facilitator.methods.secrecy import anonymity_problems, reveal_problems
from facilitator.methods.vocabulary import (
    BY_FORM,
    STATUSES,
    Clients,
    FieldType,
    Form,
    InputField,
    Kind,
    MarkKind,
    Marks,
    Method,
    Only,
    OnTable,
    Order,
    Pace,
    Part,
    Phase,
    Who,
)
from facilitator.methods.wording import head_problems, wording_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = tuple(Part)
STARTS = frozenset({"case_question", "starred"})
TEXTS = (FieldType.LINE, FieldType.TEXT)
# What a phone sends along with every text; a field of the same name could never be filled in.
OF_THE_FORM = frozenset({"about", "capability", "csrf_token", "form", "item", "keep", "op", "seat", "step", "value"})


def problems_of(method: Method) -> list[Problem]:
    """Everything in a method that does not fit together, in the order of the file."""
    return list(_method_problems(method))


def _method_problems(method: Method) -> Iterator[Problem]:
    if method.people_min > method.people_max:
        yield Problem("people_min", "must not be more than people_max")
    if len(set(method.aims)) < len(method.aims):
        yield Problem("aims", "the same aim occurs more than once")
    if method.minutes_least is not None and method.minutes_least > timing.usual_minutes(method):
        yield Problem("minutes_least", "must not be more than the phases and the lobby take together")
    if all(phase.needs for phase in method.phases):
        yield Problem("phases", "one of them at least must be held whatever there is: each of these needs something")
    yield from _room_problems(method)
    yield from head_problems(method)
    if method.clients is Clients.EACH:
        yield from _turn_problems(method)
    yield from _table_size_problems(method, method.table_size or 0)
    for index, phase in enumerate(method.phases):
        place = f"phases[{index}]"
        yield from _order_problems(place, method, index)
        yield from _time_problems(place, phase)
        yield from _lap_problems(place, phase)
        yield from _kind_problems(place, phase, method.phases[:index])
        yield from _column_problems(f"{place}.columns", phase)
        for number, form in enumerate(phase.forms):
            yield from _form_problems(f"{place}.forms[{number}]", form, method.phases[: index + 1])
            yield from _seal_problems(f"{place}.forms[{number}].sealed_until", form, phase, method.phases[index + 1 :])
        yield from anonymity_problems(place, method, phase)
        yield from reveal_problems(place, method, phase)
        yield from wording_problems(place, method, phase)


def _room_problems(method: Method) -> Iterator[Problem]:
    texts = sum(form.limit for phase in method.phases for form in phase.forms)
    if texts > MOST_TEXTS:
        yield Problem("phases", f"{texts} texts of one person are more than a meeting has room for: {MOST_TEXTS}")


def _turn_problems(method: Method) -> Iterator[Problem]:
    if any(phase.kind is Kind.PICK for phase in method.phases):
        yield Problem("clients", "where everybody is client in turn, no phase chooses a case")
    if all(phase.part is not Part.ROUND for phase in method.phases):
        yield Problem("clients", "there is no round that could be held for each person")


def _table_size_problems(method: Method, size: int) -> Iterator[Problem]:
    """What is held at tables is all of the round, and it stands by itself: what is written there stays there."""
    if method.table_size is None:
        return
    if size < method.people_min:
        yield Problem("table_size", "must not be less than people_min: it is held at one table as well")
    if method.people_max < 2 * size:
        yield Problem("table_size", "people_max is too small for two tables of so many")
    if all(phase.part is not Part.ROUND for phase in method.phases):
        yield Problem("table_size", "there is no round that could be held at tables")
    parts = {phase.key: phase.part for phase in method.phases}
    for index, phase in enumerate(method.phases):
        if phase.kind in (Kind.PICK, Kind.CAST, Kind.FOLLOW_UP) and phase.part is not Part.ROUND:
            yield Problem(f"phases[{index}].kind", f"with table_size there is no {phase.kind} outside of the round")
        if any((parts.get(key) is Part.ROUND) != (phase.part is Part.ROUND) for key in _keys_named(phase)):
            yield Problem(
                f"phases[{index}]",
                "with table_size no phase of the round works on texts from around it, nor the other way",
            )


def _keys_named(phase: Phase) -> list[str]:
    """The phases whose texts a phase works on, or whose minutes or choice it has to do with."""
    tables = [lies.of for lies in (*phase.on_table, *([phase.shows] if phase.shows else []))]
    others = (phase.marks.on if phase.marks else None, phase.option_of, phase.minutes_to)
    return [*tables, *(key for key in others if key)]


# -- how phases refer to each other ------------------------------------------------------------------------------------


def _order_problems(place: str, method: Method, index: int) -> Iterator[Problem]:
    phase, earlier = method.phases[index], method.phases[:index]
    earlier_keys = {other.key for other in earlier}
    if phase.key in earlier_keys:
        yield Problem(f"{place}.key", f"{phase.key!r} is the key of an earlier phase")
    if earlier and PARTS.index(phase.part) < PARTS.index(earlier[-1].part):
        yield Problem(f"{place}.part", f"{phase.part} cannot come after {earlier[-1].part}")
    if phase.minutes_to is not None:
        yield from _minutes_to_problems(f"{place}.minutes_to", method, phase)
    if phase.marks:
        yield from _marks_problems(f"{place}.marks", phase.marks, {phase.key} | earlier_keys)
    if phase.shows is not None:
        yield from _table_problems(f"{place}.shows", earlier, phase.shows)
    for number, lies in enumerate(phase.on_table):
        yield from _table_problems(f"{place}.on_table[{number}]", earlier, lies)
    if phase.option_of is not None:
        yield from _option_problems(f"{place}.option_of", method, earlier, phase)


def _table_problems(place: str, earlier: tuple[Phase, ...], lies: OnTable) -> Iterator[Problem]:
    source = next((phase for phase in earlier if phase.key == lies.of), None)
    if source is None:
        yield Problem(f"{place}.of", f"{lies.of!r} is not an earlier phase")
    elif lies.form is not None and source.form(lies.form) is None:
        yield Problem(f"{place}.form", f"{lies.of!r} has no form {lies.form!r}")
    elif not source.forms:
        yield Problem(f"{place}.of", f"nobody writes in {lies.of!r}")
    if Only.CHOSEN in lies.only and not any(gives_stars(phase) for phase in earlier):
        yield Problem(f"{place}.only", "no star is given in an earlier phase")
    if len(set(lies.only)) < len(lies.only):
        yield Problem(f"{place}.only", "must not name anything twice")
    asks_warmth = set(lies.only) - {Only.CHOSEN} or lies.order is Order.WARMTH
    if asks_warmth and not any(_ranks(phase, lies.of) for phase in earlier):
        word = "order" if lies.order is Order.WARMTH else "only"
        yield Problem(f"{place}.{word}", f"the texts of {lies.of!r} are not ranked by warmth in an earlier phase")


def _ranks(phase: Phase, key: str) -> bool:
    marks = phase.marks
    return marks is not None and marks.kind is MarkKind.WARMTH and (marks.on or phase.key) == key


def _marks_problems(place: str, marks: Marks, keys: set[str]) -> Iterator[Problem]:
    if marks.on is not None and marks.on not in keys:
        yield Problem(f"{place}.on", f"{marks.on!r} is not this phase or an earlier one")
    if marks.kind is MarkKind.WARMTH and marks.who is not Who.CASE_GIVER:
        yield Problem(f"{place}.who", "only the case giver says how warm a text is")
    elif marks.who in {Who.NOBODY, Who.OWNER}:
        yield Problem(f"{place}.who", "must be everyone, peers or case_giver")


def _minutes_to_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    goal = method.phase(phase.minutes_to or "")
    if phase.needs is None:
        yield Problem(place, "has no meaning without needs")
    if goal is None:
        yield Problem(place, f"{phase.minutes_to!r} is not a phase of this method")
    elif goal.key == phase.key or goal.needs or goal.option_of:
        yield Problem(place, f"{goal.key!r} must be another phase that is always held")


def _option_problems(place: str, method: Method, earlier: tuple[Phase, ...], phase: Phase) -> Iterator[Problem]:
    chooser = next((other for other in earlier if other.key == phase.option_of), None)
    if chooser is None:
        yield Problem(place, f"{phase.option_of!r} is not an earlier phase")
        return
    options = {other.key for other in method.phases if other.option_of == phase.option_of}
    first = next(other for other in method.phases if other.option_of == phase.option_of)
    if (first.minutes, first.part) != (phase.minutes, phase.part):
        yield Problem(place, f"must be as long as {first.key!r}, in whose place it comes, and in the same part")
    if earlier[-1].option_of != phase.option_of and first.key != phase.key:
        yield Problem(place, f"must stand beside {first.key!r}, in whose place it comes")
    if phase.needs:
        yield Problem(place, "cannot go with needs: one of the options is always held")
    offered = [set(field.choices) for form in chooser.forms for field in form.fields if field.choices]
    if options not in offered:
        yield Problem(place, f"no field of {chooser.key!r} has exactly these choices: {listed(options)}")


def _column_problems(place: str, phase: Phase) -> Iterator[Problem]:
    """Each text has its column: that of its form, or of a choice that nobody can leave out."""
    if phase.columns is None:
        return
    forms = [form for form in phase.forms if form.has_text]
    if phase.columns == BY_FORM:
        if len(forms) < 2:
            yield Problem(place, "there are no two forms with texts")
        return
    chosen = [next((field for field in form.fields if field.name == phase.columns), None) for form in forms]
    if not chosen or not all(map(_is_sure_choice, chosen)):
        yield Problem(
            place, f"each form with texts needs a required choice named {phase.columns!r} that is not private"
        )


def _is_sure_choice(field: InputField | None) -> bool:
    return field is not None and field.type is FieldType.CHOICE and field.is_required and not field.is_private


def _kind_problems(place: str, phase: Phase, earlier: tuple[Phase, ...]) -> Iterator[Problem]:
    """What the engine needs of a phase in which the group chooses a case."""
    if phase.kind is not Kind.PICK:
        return
    if phase.part is not Part.OPENING:
        yield Problem(f"{place}.part", "a case is chosen in the opening")
    if any(other.kind is Kind.PICK for other in earlier):
        yield Problem(f"{place}.kind", "an earlier phase lets choose the case already")
    if any(form.is_anonymous for form in phase.forms) or not any(map(_offers_case, phase.forms)):
        yield Problem(
            f"{place}.forms", "a case is offered with a form that has the writer's name, and a text named title"
        )


def _offers_case(form: Form) -> bool:
    is_anybodys = form.who in {Who.EVERYONE, Who.PEERS} and not (form.about_actions or form.makes_action)
    return is_anybodys and _is_public(form, "title", *TEXTS)


# -- time and pace -----------------------------------------------------------------------------------------------------


def _time_problems(place: str, phase: Phase) -> Iterator[Problem]:
    for word in ("minutes", "min_minutes", "writing_minutes"):
        if getattr(phase, word) % 0.5:
            yield Problem(f"{place}.{word}", "must be in whole or half minutes")
    if phase.min_minutes > phase.minutes:
        yield Problem(f"{place}.min_minutes", "must not be more than minutes")
    if phase.writing_minutes >= phase.minutes:
        yield Problem(f"{place}.writing_minutes", "must be less than minutes")
    if phase.writing_minutes and not phase.forms:
        yield Problem(f"{place}.writing_minutes", "there is no form to write in")
    if phase.pace is Pace.ROUND and phase.speaks is Who.NOBODY:
        yield Problem(f"{place}.speaks", "must say who speaks in a round")
    if phase.pace is Pace.ITEMS and not has_texts(phase):
        yield Problem(f"{place}.pace", "there are no texts to go through one by one")


def _lap_problems(place: str, phase: Phase) -> Iterator[Problem]:
    """Whatever keeps a text of several laps from its turn."""
    if phase.laps == 1:
        return
    if phase.pace is not Pace.ROUND:
        yield Problem(f"{place}.laps", "more than one goes with the pace round")
    for who in (Who.PEERS, Who.CASE_GIVER):
        most = sum(form.limit for form in phase.forms if form.who in {who, Who.EVERYONE} and form.has_text)
        if most > phase.laps:
            yield Problem(f"{place}.laps", f"{who} may write {most} texts here, more than there are turns")


# -- forms -------------------------------------------------------------------------------------------------------------


def _form_problems(place: str, form: Form, phases: tuple[Phase, ...]) -> Iterator[Problem]:
    yield from _doubles("this phase", [other.key for other in phases[-1].forms], form.key, f"{place}.key")
    names = [field.name for field in form.fields]
    if form.who is Who.NOBODY:
        yield Problem(f"{place}.who", "nobody could ever write here")
    if form.who is Who.OWNER and not form.about_actions:
        yield Problem(f"{place}.who", "only an action has an owner, so about_actions must be true")
    for word in ("sets_question", "sets_key_question"):
        if getattr(form, word) and not _is_public(form, "question", *TEXTS):
            yield Problem(f"{place}.{word}", "needs a field named question, a text that is not private")
    yield from _action_problems(place, form)
    for index, field in enumerate(form.fields):
        yield from _doubles("this form", names, field.name, f"{place}.fields[{index}].name")
        yield from _field_problems(f"{place}.fields[{index}]", field, phases)


def _seal_problems(place: str, form: Form, phase: Phase, later: tuple[Phase, ...]) -> Iterator[Problem]:
    """What is sealed comes out in a later phase of its round, and by nothing that would tell of it before."""
    if form.sealed_until is None:
        return
    for word in ("is_open", "about_actions", "makes_action", "sets_question", "sets_key_question"):
        if getattr(form, word):
            yield Problem(place, f"cannot go with {word}, which tells of it at once")
    if all(field.is_private for field in form.fields):
        yield Problem(place, "what is private is never revealed")
    goal = next((other for other in later if other.key == form.sealed_until), None)
    if goal is None:
        yield Problem(place, f"{form.sealed_until!r} is not a later phase")
    elif reason := _why_it_cannot_open(form, phase, goal):
        yield Problem(place, reason)


def _why_it_cannot_open(form: Form, phase: Phase, goal: Phase) -> str:
    if phase.part is not Part.ROUND or goal.part is not Part.ROUND:
        return "both phases must belong to the round"
    if goal.needs or goal.option_of:
        return f"{goal.key!r} must be a phase that is always held"
    shows = goal.shows
    if shows is None or shows.of != phase.key or shows.form not in (None, form.key) or shows.only:
        return f'{goal.key!r} does not show it: give it shows = {{ of = "{phase.key}", form = "{form.key}" }}'
    return ""


def _action_problems(place: str, form: Form) -> Iterator[Problem]:
    """An action is made of fields with these names, and is the group's."""
    if form.makes_action and form.about_actions:
        yield Problem(f"{place}.makes_action", "cannot go with about_actions")
    if form.makes_action and not _is_public(form, "then", *TEXTS):
        yield Problem(f"{place}.makes_action", "needs a field named then, a text that is not private")
    if form.makes_action and _has(form, "when_if") and not _is_public(form, "when_if", *TEXTS):
        yield Problem(f"{place}.makes_action", "when_if must be a text that is not private")
    if form.makes_action and _has(form, "due") and not _is_public(form, "due", FieldType.DATE):
        yield Problem(f"{place}.makes_action", "due must be a date that is not private")
    if form.about_actions and not any(map(_tells_status, form.fields)):
        reason = f"needs a required field named status with choices out of {listed(STATUSES)}"
        yield Problem(f"{place}.about_actions", reason)


def _tells_status(field: InputField) -> bool:
    is_choice = field.type is FieldType.CHOICE and set(STATUSES).issuperset(field.choices)
    return field.name == "status" and is_choice and field.is_required


def _has(form: Form, name: str) -> bool:
    return any(field.name == name for field in form.fields)


def _is_public(form: Form, name: str, *kinds: FieldType) -> bool:
    """Whether a form has a field of this name and of one of these types that is not its writer's alone."""
    return any(field.name == name and field.type in kinds and not field.is_private for field in form.fields)


def _field_problems(place: str, field: InputField, phases: tuple[Phase, ...]) -> Iterator[Problem]:
    if field.name in OF_THE_FORM:
        yield Problem(f"{place}.name", f"{field.name!r} is a name that every form uses for itself")
    if field.is_private and field.is_required:
        yield Problem(f"{place}.is_required", "what is private is never required")
    if field.type is FieldType.CHOICE and len(set(field.choices)) < max(2, len(field.choices)):
        yield Problem(f"{place}.choices", "must be at least two, and no two alike")
    if field.type is not FieldType.CHOICE and field.choices:
        yield Problem(f"{place}.choices", f"a {field.type} has no choices")
    if field.type is FieldType.SCALE and field.low >= field.high:
        yield Problem(f"{place}.low", "must be less than high")
    if field.starts_as is not None and field.starts_as not in STARTS:
        yield Problem(f"{place}.starts_as", f"must be one of {listed(STARTS)}")
    if field.starts_as == "starred" and not any(gives_stars(phase) for phase in phases):
        yield Problem(f"{place}.starts_as", "no star is given in this phase or an earlier one")


def _doubles(of: str, names: list[str], name: str, place: str) -> Iterator[Problem]:
    if names.count(name) > 1:
        yield Problem(place, f"{name!r} occurs more than once in {of}")
