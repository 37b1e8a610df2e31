"""One method of the catalogue, whichever it is: everybody writes what they are asked for, the moderator presses what is offered, and
every audience is taken in each phase as it begins, when all have written, while it is talked about and when all is out. No
method is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle

from playwright.sync_api import Error, expect

from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Kind
from tests.browser.chromium import PATIENCE
from tests.browser.people import Moderator, Phone, Place
from tests.browser.story import Story

TABLE = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Emma", "Annemarie-Louise", "Fatima", "Willem-Alexander")
MOST_PRESSES = 40
SHOWN = 2  # of what is pressed one after the other in a phase: what comes later looks alike
DRAWN = 120  # milliseconds: for the eye only
Picture = Callable[[str], None]


@dataclass
class Told:
    """What people write in a phase, one after the other; of a kind that has no words of its own, what they learned."""

    story: Story
    texts: Iterator[str]

    @classmethod
    def at(cls, story: Story, kind: str) -> Told:
        """The words for a phase."""
        words = {
            Kind.PICK: (story.title, story.other_title),
            Kind.STORY: (story.question,),
            Kind.REFRAME: (story.question,),
            Kind.CLARIFY: story.questions,
            Kind.PROBE: story.questions,
            Kind.DIAGNOSE: story.hypotheses,
            Kind.GOSSIP: story.hypotheses,
            Kind.ADVISE: story.advice,
            Kind.CHOOSE: (story.why,),
            Kind.COMMIT: (story.then,),
        }
        return cls(story, cycle(words.get(Kind(kind), story.learnings)))

    def word(self, name: str) -> str:
        """What comes into a field."""
        by_name = {"when_if": self.story.when_if, "question": ""}
        return by_name.get(name) or next(self.texts)


def starts(place: Place, mo: Moderator, story: Story, key: str, people: int) -> dict[str, Phone]:
    """A meeting by this method in its lobby, with this many around the table."""
    mo.page.goto(f"{place.url}/meetings/new")
    mo.fills({"Goal": story.goal})
    mo.page.locator("select[name=method]").select_option(key)
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    phones = {name: Phone.scans(place, mo.code, name) for name in TABLE[:people]}
    expect(mo.page.locator(".people li[id^=person-]")).to_have_count(people)
    return phones


def plays(mo: Moderator, phones: Iterable[Phone], story: Story, key: str, picture: Picture) -> None:
    """From the lobby to the end."""
    if not any(phase.kind is Kind.PICK for phase in load_catalogue()[key].phases):
        mo.gives_case_to(TABLE[0])
    picture("lobby")
    mo.moves("Start")
    number = 0
    while True:
        number += 1
        kind = mo.stage.get_attribute("data-kind") or ""
        here = f"{number}-{kind}"
        picture(f"{here}-begins")
        if write(phones, Told.at(story, kind)):
            picture(f"{here}-written")
        for pressed in talk(mo):
            if pressed <= SHOWN:
                picture(f"{here}-talk-{pressed}")
        if tap(phones):
            picture(f"{here}-marked")
        if not mo.button("Next phase").count():
            break
        mo.next_phase()
    mo.ends_meeting()
    picture("ended")


def write(phones: Iterable[Phone], told: Told) -> bool:
    """Everybody sends what they are asked for until they are asked nothing more."""
    is_asked = False
    for phone in phones:
        for _ in range(MOST_PRESSES):
            if not phone.composer.locator("form.composer").count():
                break
            is_asked = True
            fill(phone, told)
            phone.sends()
            phone.has_nothing_on_its_way()
            phone.page.wait_for_timeout(DRAWN)
    return is_asked


def fill(phone: Phone, told: Told) -> None:
    """Something in every field of the form at hand that has nothing in it yet."""
    for field in phone.composer.locator("form.composer [name]:is(textarea, input[type=text])").all():
        if not field.input_value():
            field.fill(told.word(field.get_attribute("name") or ""))
    for field in phone.composer.locator("form.composer fieldset").all():
        taps = field.locator("label.tap")
        (taps.last if phone.name == TABLE[0] else taps.nth(taps.count() // 2)).click()  # hers is the case
    for day in phone.composer.locator("form.composer .chips").all():
        day.locator("button").nth(1).click()


def talk(mo: Moderator) -> Iterator[int]:
    """Presses what comes next within a phase, until only the next phase is left; tells after each how many that were."""
    for pressed in range(1, MOST_PRESSES):
        if mo.next_speaker() or presses(mo, "Reveal") or presses(mo, "Next question") or presses(mo, "Next one"):
            yield pressed
        else:
            return


def presses(mo: Moderator, name: str) -> bool:
    """Whether there was something to press."""
    if not mo.button(name).count() or mo.button(name).first.is_disabled():
        return False
    mo.moves(name)
    return True


# Where one of several values is chosen, that is enough.
FREE = "button[aria-pressed=false]:enabled:not([data-one-of]:has([aria-pressed=true]) button)"


def tap(phones: Iterable[Phone]) -> bool:
    """Everybody marks what they may, says that their action is right, and one of them becomes its buddy."""
    has_tapped = False
    for phone in phones:
        for _ in range(MOST_PRESSES):
            free = phone.stage.locator(FREE)
            buttons = [phone.button("That's right"), free, phone.button("I'll be the buddy")]
            found = next((button for button in buttons if button.count()), None)
            if found is None:
                break
            with suppress(Error):  # drawn anew, because somebody else tapped
                found.first.click(timeout=PATIENCE / 10)
            phone.page.wait_for_timeout(DRAWN)
            has_tapped = True
    return has_tapped
