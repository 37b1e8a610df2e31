"""What a meeting can be: the words every method is made of.

Pure and frozen: a method is data that was checked once, when it was loaded. Nothing here knows a method by name, a
database or a web page. Terms are those of the domain: phase kinds, the case giver, reveals, marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from facilitator.core import languages
from facilitator.core.text import if_text, one_line

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400), BeforeValidator(if_text(one_line))]
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=24), BeforeValidator(if_text(one_line))]
Texts = TypeVar("Texts")
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class OnCard(StrEnum):
    """Where on a knowledge card the texts of a phase may come."""

    CONTEXT = "context"
    INSIGHT = "insight"
    ADVICE = "advice"
    LEARNED = "learned"


class Kind(StrEnum):
    """What a phase is for; the kind picks the screens, the method fills in the rest."""

    # The one table of kinds: the word in a method's file and, where its texts may come on a knowledge card, the place there. A kind with
    # screens of its own has them in `templates/meetings/phases`, in a file of this name; the others have those of any.

    on_card: OnCard | None

    def __new__(cls, word: str, on_card: OnCard | None = None) -> Self:
        """Keeps what follows from the word beside it."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.on_card = on_card
        return member

    FOLLOW_UP = "follow_up"
    PICK = "pick"
    STORY = "story", OnCard.CONTEXT
    CLARIFY = "clarify"
    RANK = "rank"
    PROBE = "probe"
    DIAGNOSE = "diagnose", OnCard.INSIGHT
    GOSSIP = "gossip", OnCard.INSIGHT
    RESONATE = "resonate", OnCard.INSIGHT
    REFRAME = "reframe", OnCard.INSIGHT
    ADVISE = "advise", OnCard.ADVICE
    CHOOSE = "choose"
    COMMIT = "commit"
    LEARN = "learn", OnCard.LEARNED
    EVALUATE = "evaluate"
    SILENCE = "silence"
    PRESENT = "present"
    TALK = "talk"
    CAST = "cast"
    INVENTORY = "inventory"


class Part(StrEnum):
    """Where in the meeting a phase belongs; a second case repeats only the round."""

    OPENING = "opening"
    ROUND = "round"
    CLOSING = "closing"


class Who(StrEnum):
    """Whom a form, a mark or the floor belongs to. An owner is whoever took on the action that is looked back on."""

    NOBODY = "nobody"
    EVERYONE = "everyone"
    PEERS = "peers"
    CASE_GIVER = "case_giver"
    OWNER = "owner"


class Pace(StrEnum):
    """How what was written is talked about: all together, item by item, or person by person around the table."""

    TOGETHER = "together"
    ITEMS = "items"
    ROUND = "round"


class CaseGiverState(StrEnum):
    """What the case giver does now; `turned_away` also means: is sent nothing of it."""

    SPEAKS = "speaks"
    LISTENS = "listens"
    TURNED_AWAY = "turned_away"


class Audience(StrEnum):
    """Who a screen is for. Only what a phase reveals to an audience goes out to it."""

    MODERATOR = "moderator"
    WALL = "wall"
    CASE_GIVER = "case_giver"
    PEER = "peer"


class Facet(StrEnum):
    """What can be revealed of a phase. What is not named stays hidden.

    `own`: what this seat wrote itself · `items`: every text · `current`: only the text on the table now · `names`: who
    wrote it · `chosen`: the texts that carry a star · `marks`: how many dots or stars a text has · `question`: the case
    title and question · `earlier`: what lies on the table from earlier phases · `actions`: the actions looked back on or made · `written`: who has written, by name ·
    `results`: means of scales, and how often each choice was made.
    """

    OWN = "own"
    ITEMS = "items"
    CURRENT = "current"
    NAMES = "names"
    CHOSEN = "chosen"
    MARKS = "marks"
    QUESTION = "question"
    EARLIER = "earlier"
    ACTIONS = "actions"
    WRITTEN = "written"
    RESULTS = "results"


class FieldType(StrEnum):
    """How a field is filled in on a phone."""

    LINE = "line"
    TEXT = "text"
    SCALE = "scale"
    CHOICE = "choice"
    DATE = "date"


class MarkKind(StrEnum):
    """A tap beside somebody else's text."""

    DOT = "dot"
    STAR = "star"
    WARMTH = "warmth"
    BUDDY = "buddy"


class Role(StrEnum):
    """What somebody does in a meeting beside taking part."""

    CASE_GIVER = "case_giver"
    TIMEKEEPER = "timekeeper"
    NOTE_TAKER = "note_taker"
    OBSERVER = "observer"


class Needs(StrEnum):
    """Without this a phase is left out when the meeting starts."""

    OPEN_ACTIONS = "open_actions"
    CASE_TO_CHOOSE = "case_to_choose"


class Aim(StrEnum):
    """What a group wants of a method: move a question on, understand it, look at a relation or at what keeps coming back, learn from
    what went well, or look back on a project.
    """

    SOLVE = "solve"
    UNDERSTAND = "understand"
    RELATION = "relation"
    PATTERN = "pattern"
    LEARN = "learn"
    EVALUATE = "evaluate"


class Experience(StrEnum):
    """How often a group has done this, the least first."""

    NEW = "new"
    SOME = "some"
    EXPERIENCED = "experienced"


class Frozen(BaseModel):
    """A checked, unchangeable piece of a method; an unknown word in the file is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InputField(Frozen):
    """One thing to fill in. `is_private` is never revealed to anybody; `starts_as` names the value it is filled with
    beforehand: `case_question` (the round's question so far) or `starred` (the first starred advice).
    """

    name: Key
    type: FieldType = FieldType.TEXT
    is_required: bool = False
    is_private: bool = False
    max_length: int = Field(default=600, ge=1, le=4000)
    low: int = Field(default=1, ge=0, le=1)
    high: int = Field(default=5, ge=2, le=10)
    choices: tuple[Key, ...] = ()
    starts_as: Key | None = None


class Form(Frozen):
    """What somebody may write in a phase.

    `limit` counts texts per seat. `is_open`: seen as soon as it is sent; otherwise it stays hidden until it is
    revealed. `is_anonymous`: no author is stored at all. `about_actions`: the text answers an earlier action.
    `makes_action`: the text becomes an if-then action. `may_keep`: its writer can keep it for themselves.
    `sets_question`: the field `question` becomes the case question of the round, with `sets_key_question` the question it
    turned out to be. `hints`: tells the author of a question that it reads like advice, is closed, leading or stacked.
    `also_left`: whoever left early may still fill it in.
    `sealed_until`: nobody can reveal it before the phase with this key is at hand, which `shows` it.
    """

    key: Key
    who: Who
    fields: tuple[InputField, ...] = Field(min_length=1)
    limit: int = Field(default=1, ge=1, le=10)
    is_open: bool = False
    is_anonymous: bool = False
    about_actions: bool = False
    makes_action: bool = False
    may_keep: bool = False
    sets_question: bool = False
    sets_key_question: bool = False
    hints: bool = False
    also_left: bool = False
    sealed_until: Key | None = None

    @property
    def has_text(self) -> bool:
        """Whether there is a text in it that others can be shown."""
        return any(not field.is_private and field.type in (FieldType.LINE, FieldType.TEXT) for field in self.fields)


class Warmth(StrEnum):
    """How much a text does to whoever ranks it."""

    WARM = "warm"
    NEUTRAL = "neutral"
    COLD = "cold"


class Marks(Frozen):
    """Taps beside texts: who may tap, how often in all, and on the texts of which phase of the round. Of `warmth` each text has one
    value, so there is no limit.
    """

    kind: MarkKind
    who: Who
    limit: int = Field(default=3, ge=1, le=10)
    on: Key | None = None

    @property
    def most(self) -> float:
        """How many somebody may set."""
        return inf if self.kind is MarkKind.WARMTH else self.limit


class Only(StrEnum):
    """Which texts of an earlier phase lie on the table: those that carry a star, or those that were ranked so."""

    CHOSEN = "chosen"
    WARM = "warm"
    NEUTRAL = "neutral"
    COLD = "cold"


class Order(StrEnum):
    """In which order texts of an earlier phase come: as they stand there, or warm before neutral before cold."""

    AS_THERE = "as_there"
    WARMTH = "warmth"


def _as_list(given: object) -> object:
    """One word, or several; what was stored when there was a word for all of them has none."""
    words = (() if given == "all" else (given,)) if isinstance(given, str) else given
    return (
        tuple(Only(word) if word in set(Only) else word for word in words) if isinstance(words, list | tuple) else words
    )


def _as_table(given: object) -> object:
    return {"of": given} if isinstance(given, str) else given


class OnTable(Frozen):
    """Texts of an earlier phase that people have before them again, as far as they were revealed and without names; all of them,
    or `only` some, and of one form if it is named.
    """

    of: Key
    form: Key | None = None
    only: Annotated[tuple[Only, ...], BeforeValidator(_as_list)] = ()
    order: Order = Order.AS_THERE


BY_FORM = "form"  # of columns
# How an action can have gone; a column holds eight letters of it.
STATUSES = ("done", "partly", "not", "dropped")
CLOSED = ("done", "dropped")  # it does not come along to the next meeting


class Reveal(Frozen):
    """What one audience sees of a phase before and after the moderator reveals it."""

    before: frozenset[Facet] = frozenset()
    after: frozenset[Facet] = frozenset()


class PhaseTexts(Frozen):
    """A phase in one language. `short` labels the line; `say`, `trap` and `help` are for the moderator only.

    `instruction` and `rule` are for those who write or speak, `case_giver` is the instruction for the case giver;
    `fields` labels every input field as `form.field`, `choices` every choice as `form.field.choice`, `ends` the two
    ends of a scale as `form.field.low` and `form.field.high`.
    """

    title: Line
    short: Annotated[str, StringConstraints(min_length=1, max_length=24), BeforeValidator(if_text(one_line))]
    instruction: Line
    rule: Line
    case_giver: Line | None = None
    say: Line
    trap: Line
    help: Line
    fields: dict[str, Line] = Field(default_factory=dict)
    choices: dict[str, Line] = Field(default_factory=dict)
    ends: dict[str, Line] = Field(default_factory=dict)


class Phase(Frozen):
    """One stretch of a meeting.

    `minutes` is planned, `writing_minutes` of it in silence; `min_minutes` is as short as scaling may make it. `needs`:
    left out where there is nothing to work on, its minutes going to `minutes_to`. `shows`: the texts on the table are
    those of this earlier phase (by default those its marks are on, else its own), one after the other at the pace `items`, and
    *Reveal* releases what is still hidden of them. `on_table`: texts of earlier phases that lie beside what happens now. `option_of`: held only if it was chosen in that phase, one of whose fields has the keys of all
    options as choices; until then the first option counts. `laps`: how often a round goes around the table; of several texts each
    turn then has one. `columns`: its texts stand in labelled columns, one for each `form`, or
    for each choice of the field of this name. `notebook`: everybody has their own notes at hand, for themselves alone. `reveals` is positive: an audience or
    facet that is missing sees nothing.
    """

    key: Key
    kind: Kind
    part: Part
    minutes: float = Field(gt=0, le=120)
    min_minutes: float = Field(default=1, gt=0, le=60)
    writing_minutes: float = Field(default=0, ge=0, le=60)
    needs: Needs | None = None
    minutes_to: Key | None = None
    option_of: Key | None = None
    shows: Annotated[OnTable | None, BeforeValidator(_as_table)] = None
    on_table: tuple[OnTable, ...] = ()
    pace: Pace = Pace.TOGETHER
    laps: int = Field(default=1, ge=1, le=5)
    speaks: Who = Who.NOBODY
    case_giver: CaseGiverState = CaseGiverState.SPEAKS
    forms: tuple[Form, ...] = ()
    marks: Marks | None = None
    columns: Key | None = None
    notebook: bool = True
    reveals: dict[Audience, Reveal] = Field(default_factory=dict)
    texts: dict[Language, PhaseTexts] = Field(min_length=1)

    def form(self, key: str) -> Form | None:
        return next((form for form in self.forms if form.key == key), None)

    def text(self, language: str) -> PhaseTexts:
        """The phase's texts in a language, else in the one that every catalogue has, else in the first one the method has."""
        return _in_language(self.texts, language)


class MethodTexts(Frozen):
    """A method in one language: its name, what it is good for, and when to take another; `roles`: what it calls them, where that is
    not as everywhere; `source`: where it comes from, if the file says that in another language.
    """

    title: Line
    summary: Line
    suits: Line
    avoid: Line
    agreement: tuple[Line, ...] = Field(min_length=1)
    source: Line | None = None
    roles: dict[Role, RoleName] = Field(default_factory=dict)


class Clients(StrEnum):
    """Whose case a method is about: that of one person, or everybody's in turn, with a round for each."""

    ONE = "one"
    EACH = "each"


class MethodHead(Frozen):
    """What a method says of itself: for how many people and for what it is, and where it comes from.

    `clients`: whether its round is held once, or once for each person. `table_size`: it is held at several tables at once, each with so many
    people or a few more. `aims` are in the order of how well it serves them.
    `experience`: how much of it the group needs at least. `is_for_safe_groups`: only for people who trust each other. `minutes_least`: shorter it is not this method any more, whatever its phases could be cut to.
    """

    key: Key
    source: Line
    people_min: int = Field(ge=2, le=300)
    people_max: int = Field(ge=2, le=300)
    lobby_minutes: float = Field(default=3, ge=0, le=30)
    minutes_least: float | None = Field(default=None, gt=0, le=480)
    clients: Clients = Clients.ONE
    table_size: int | None = Field(default=None, ge=2, le=20)
    aims: tuple[Aim, ...] = ()
    experience: Experience = Experience.NEW
    is_for_safe_groups: bool = False
    texts: dict[Language, MethodTexts] = Field(min_length=1)

    def text(self, language: str) -> MethodTexts:
        """The method's texts in a language, or in another one that it has."""
        return _in_language(self.texts, language)

    def source_in(self, language: str) -> str:
        """Where it comes from, in a language or as the file says it."""
        return self.text(language).source or self.source


class Method(MethodHead):
    """A way to hold a meeting: phases in order."""

    phases: tuple[Phase, ...] = Field(min_length=1)

    def phase(self, key: str) -> Phase | None:
        return next((phase for phase in self.phases if phase.key == key), None)


# What is at hand while no phase is: nothing to say, to write, to mark or to show.
NO_PHASE = Phase.model_construct(
    key="",
    kind=Kind.PRESENT,
    part=Part.OPENING,
    minutes=0.0,
    texts={
        languages.FALLBACK: PhaseTexts.model_construct(
            title="", short="", instruction="", rule="", say="", trap="", help=""
        )
    },
)


def _in_language(texts: Mapping[str, Texts], language: str) -> Texts:
    return texts[languages.nearest(language, texts)]
