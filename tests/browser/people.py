"""The people of a meeting and what they hold: Mo at the console, everybody's phone, the screen of the room.

Buttons and fields are found by the names people read, so that a test reads as what somebody does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    StorageState,
    expect,
)

from tests.accounts_cast import PASSWORD
from tests.browser.chromium import PATIENCE
from tests.browser.words import Words

PHONE = (360, 740)
LAPTOP = (1280, 800)
BIG_SCREEN = (1920, 1080)
LOST_CONNECTIONS = ("net::ERR_", "WebSocket connection to")
Scheme = Literal["light", "dark"]


def press(page: Page, name: str) -> None:
    """Presses a button of a page with forms once, and waits for the page it leads to: a click alone does not."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


@dataclass
class Shelf:
    """Devices of one language and one browser that were used, emptied, and lent again: to start a new one takes about as much
    work as the first page it shows.
    """

    free: dict[tuple[tuple[int, int], Scheme], list[Page]] = field(default_factory=dict)
    known: dict[BrowserContext, tuple[Page, tuple[int, int], Scheme]] = field(default_factory=dict)

    def lend(self, size: tuple[int, int], scheme: Scheme) -> Page | None:
        """One of that kind, if there is any."""
        pages = self.free.get((size, scheme))
        return pages.pop() if pages else None

    def knows(self, page: Page, size: tuple[int, int], scheme: Scheme) -> None:
        """Will take this one back."""
        self.known[page.context] = (page, size, scheme)

    def takes_back(self, context: BrowserContext, url: str) -> bool:
        """Empties a device. Answers False where it is not as it was, and has to be thrown away."""
        if context not in self.known or self.known[context][0].is_closed():
            self.known.pop(context, None)
            return False
        page, size, scheme = self.known[context]
        for other in context.pages:
            if other is not page:
                other.close()
        page.unroute_all(behavior="ignoreErrors")
        page.goto(f"{url}/healthz")  # of the same origin, and without a script that would write again
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        context.clear_cookies()
        page.goto("about:blank")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        self.free.setdefault((size, scheme), []).append(page)
        return True


@dataclass
class Place:
    """Where people meet: a browser per device, one server, one language; and whatever went wrong on any page."""

    browser: Browser
    url: str
    words: Words = field(default_factory=Words)
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    listening: list[Callable[[], None]] = field(default_factory=list)
    may_lose_connection: bool = False
    bypass_csp: bool = False  # only to bring in a tool that looks at the page
    has_scripts: bool = True
    shelf: Shelf | None = None

    def device(
        self,
        size: tuple[int, int],
        scheme: Scheme = "light",
        *,
        kept: StorageState | None = None,
        is_changed: bool = False,
    ) -> Page:
        """A browser with nothing in it. `is_changed`: the test makes it into one that nobody else can use."""
        shelf = None if is_changed else self.shelf
        lent = shelf.lend(size, scheme) if shelf else None
        if lent:
            assert not kept or not kept.get("origins"), "only cookies were kept"
            for one in kept["cookies"] if kept else ():
                lent.context.add_cookies(
                    [{"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]}]
                )
            self.contexts.append(lent.context)
            return self.listen(lent)
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=self.words.language,
            color_scheme=scheme,
            reduced_motion="reduce",
            has_touch=size == PHONE,
            bypass_csp=self.bypass_csp,
            java_script_enabled=self.has_scripts,
            storage_state=kept,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = self.tab(context)
        if shelf:
            shelf.knows(page, size, scheme)
        return page

    def tab(self, context: BrowserContext) -> Page:
        """One more page in a browser that is there."""
        return self.listen(context.new_page())

    def listen(self, page: Page) -> Page:
        """Hears what the page complains about, until everybody goes home."""

        def broken(error: Error) -> None:
            self.troubles.append(f"{page.url}: {error}")

        def said(message: ConsoleMessage) -> None:
            self.hear(page, message)

        page.on("pageerror", broken)
        page.on("console", said)
        self.listening += [
            partial(page.remove_listener, "pageerror", broken),
            partial(page.remove_listener, "console", said),
        ]
        return page

    def hear(self, page: Page, message: ConsoleMessage) -> None:
        """Errors count, and so do violations of the content policy; a cut network is no error of the page."""
        if message.type != "error" and "Content Security" not in message.text:
            return
        if self.may_lose_connection and any(words in message.text for words in LOST_CONNECTIONS):
            return
        if re.search(r"status of (403|404|409|410|422|423|429)", message.text):
            return  # an answer in words, which the test reads
        self.troubles.append(f"{page.url}: {message.text}")

    def empty(self) -> None:
        """Everybody goes home."""
        while self.listening:
            self.listening.pop()()
        while self.contexts:
            context = self.contexts.pop()
            if not self.shelf or not self.shelf.takes_back(context, self.url):
                context.close()


@dataclass
class Screen:
    """What every live page has."""

    place: Place
    page: Page

    @property
    def stage(self) -> Locator:
        """The part that pushes redraw."""
        return self.page.locator("#stage")

    @property
    def turn(self) -> int:
        """How many moves this page has seen."""
        return int(self.stage.get_attribute("data-turn") or -1)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=self.place.words(name), exact=exact)

    def press(self, name: str) -> None:
        """Presses the button of that name."""
        self.button(name).first.click()

    def says(self, text: str | re.Pattern[str]) -> None:
        """Waits until the stage has this text."""
        expect(self.stage).to_contain_text(self.place.words(text) if isinstance(text, str) else text)

    def does_not_say(self, text: str) -> None:
        """The stage has not, or no longer, this text."""
        expect(self.stage).not_to_contain_text(text)

    def is_at(self, kind: str) -> None:
        """Waits until the phase is of this kind."""
        expect(self.stage).to_have_attribute("data-kind", kind)

    def notices(self, text: str) -> None:
        """One short sentence after an action."""
        expect(self.page.locator("#notice")).to_contain_text(self.place.words(text))

    def sees_turn(self, turn: int) -> None:
        """Waits for that move, or a later one."""
        self.page.wait_for_function("turn => +document.getElementById('stage').dataset.turn >= turn", arg=turn)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))


@dataclass
class Steering(Screen):
    """Moves of the meeting, from the console and from the wall alike."""

    def moves(self, name: str) -> None:
        """Presses a button that moves the meeting, and sees it moved."""
        seen = self.turn
        self.press(name)
        yes = self.page.locator("dialog[open]").get_by_role("button", name=self.place.words(name), exact=True)
        if yes.count():  # it asks first
            yes.click()
        self.sees_turn_after(seen)

    def sees_turn_after(self, seen: int) -> None:
        """Waits for a push newer than that turn."""
        self.sees_turn(seen + 1)


@dataclass
class Moderator(Steering):
    """Mo, at the console."""

    name: str = "Mo"
    code: str = ""

    @classmethod
    def with_first_account(cls, place: Place, welcome_url: str, name: str = "Mo") -> Moderator:
        """Opens the link that the server printed."""
        mo = cls(place, place.device(LAPTOP), name)
        mo.page.goto(welcome_url)
        mo.fills({"Your name": name, "E-mail": f"{name.lower()}@example.org", "Password": PASSWORD})
        mo.fills({"Organisation": "Werkplaats"})
        mo.press("Create")
        mo.page.wait_for_url(lambda url: "/welcome/" not in url)
        return mo

    @classmethod
    def signed_in(cls, place: Place, name: str = "Mo") -> Moderator:
        """Comes back on another device."""
        mo = cls(place, place.device(LAPTOP), name)
        mo.page.goto(f"{place.url}/login")
        mo.fills({"E-mail": f"{name.lower()}@example.org", "Password": PASSWORD})
        mo.press("Sign in")
        mo.page.wait_for_url(lambda url: "/login" not in url)
        return mo

    @classmethod
    def at_home(cls, place: Place, kept: StorageState, name: str = "Mo") -> Moderator:
        """The browser in which Mo signed in before."""
        return cls(place, place.device(LAPTOP, kept=kept), name)

    def fills(self, fields: Mapping[str, str]) -> None:
        """Types into fields by their labels."""
        for label, text in fields.items():
            self.page.get_by_label(self.place.words(label), exact=True).fill(text)

    def starts_meeting(self, goal: str = "Learn to guide a starter who says little") -> None:
        """A goal is enough; leads to the console, in its lobby."""
        self.page.goto(f"{self.place.url}/meetings/new")
        self.fills({"Goal": goal})
        self.press("Start now")
        self.is_in_its_lobby()

    def is_in_its_lobby(self) -> None:
        """Sees the console, and reads the code off it."""
        self.is_at("lobby")
        self.code = self.page.locator(".code").first.inner_text()

    @property
    def meeting_id(self) -> str:
        """From the address."""
        found = re.search(r"/meetings/([^/]+)/", self.page.url)
        assert found
        return found.group(1)

    def is_on_own_device(self) -> None:
        """Unfolds what only Mo may see."""
        self.press("My own device")
        expect(self.button("My own device")).to_have_count(0)

    def opens_wall(self, scheme: Scheme = "light", *, is_changed: bool = False) -> Wall:
        """The room screen, on a computer where Mo is signed in; a tab behind another one would be drawn once a second."""
        kept = self.page.context.storage_state()
        page = self.place.device(BIG_SCREEN, scheme, kept=kept, is_changed=is_changed)
        page.goto(f"{self.place.url}/meetings/{self.meeting_id}/screen")
        return Wall(self.place, page)

    def sees(self, name: str) -> None:
        """Somebody is on the list of people."""
        expect(self.person(name)).to_have_count(1)

    def person(self, name: str) -> Locator:
        """A line of the list of people."""
        return self.page.locator(".people li[id^=person-]").filter(has_text=name)

    def for_person(self, name: str, what: str) -> None:
        """Opens somebody's menu and presses a button in it."""
        self.person(name).locator("summary").first.click()
        self.person(name).get_by_role("button", name=self.place.words(what), exact=True).click()

    def gives_case_to(self, name: str) -> None:
        """Says who gives the case."""
        self.person(name).locator("summary").first.click()
        is_giver = self.page.locator("[name=do][value=case_giver]")  # whatever their method calls them
        self.person(name).locator("form", has=is_giver).get_by_role("button").click()

    def takes_out(self, name: str) -> None:
        """Asked first, then done."""
        row = self.person(name)
        row.locator("summary").first.click()
        row.locator(".asked > summary", has_text=self.place.words("Take out of the meeting")).click()
        row.get_by_role("button", name=self.place.words("Take out of the meeting"), exact=True).click()

    def lets_in(self, name: str) -> None:
        """Opens the door for a late comer."""
        self.person(name).get_by_role("button", name=self.place.words("Let in")).or_(
            self.page.get_by_role("button", name=self.place.words("Let in %(name)s") % {"name": name})
        ).first.click()

    def next_phase(self) -> None:
        """The big button."""
        self.moves("Next phase")

    def next_speaker(self) -> bool:
        """Gives the floor to the next one; false after the last."""
        button = self.page.get_by_role("button", name=self.place.words("Next speaker: %(name)s").split("%")[0].strip())
        if not button.count():
            return False
        seen = self.turn
        button.click()
        self.sees_turn_after(seen)
        return True

    def ends_meeting(self) -> None:
        """Ends it, and says so once more."""
        seen = self.turn
        self.press("End meeting")
        self.page.get_by_role("dialog").get_by_role("button", name=self.place.words("End meeting"), exact=True).click()
        self.sees_turn_after(seen)


@dataclass
class Wall(Steering):
    """The screen of the room, and a presenter's clicker in Mo's hand."""

    @classmethod
    def waiting(cls, place: Place) -> Wall:
        """A room computer where nobody signs in."""
        wall = cls(place, place.device(BIG_SCREEN))
        wall.page.goto(f"{place.url}/wall")
        return wall

    @property
    def pairing_code(self) -> str:
        """What a waiting screen shows."""
        return "".join(self.page.locator(".wall-code span").all_inner_texts())

    def click(self, key: str = "ArrowRight") -> None:
        """One press of a key."""
        self.page.keyboard.press(key)

    def clicks(self, key: str = "ArrowRight", times: int = 1) -> None:
        """Presses a key and sees the meeting move."""
        seen = self.turn
        for _ in range(times):
            self.click(key)
        self.sees_turn_after(seen)


@dataclass
class Phone(Screen):
    """Somebody's phone."""

    name: str = ""

    @classmethod
    def joins(cls, place: Place, code: str, name: str, page: Page | None = None) -> Phone:
        """From the code on the screen to a seat, as people do it."""
        phone = cls(place, page or place.device(PHONE), name)
        phone.page.goto(f"{place.url}/j")
        phone.page.get_by_label(place.words("Meeting code"), exact=True).fill(code)
        phone.press("Continue")
        phone.gives_name()
        return phone

    @classmethod
    def scans(cls, place: Place, code: str, name: str, page: Page | None = None) -> Phone:
        """From the QR code to a seat."""
        phone = cls(place, page or place.device(PHONE), name)
        phone.page.goto(f"{place.url}/j/{code.replace(' ', '')}")
        phone.gives_name()
        return phone

    @classmethod
    def seated(cls, place: Place, code: str, name: str) -> Phone:
        """On their seat already, without having opened the page of joining: for tests about something else."""
        phone = cls(place, place.device(PHONE), name)
        door = f"{place.url}/j/{code.replace(' ', '')}"
        ask = phone.page.context.request
        # Playwright keeps such connections for all devices together, and does not see that the server has just closed an
        # idle one: each is used once.
        once = {"Connection": "close"}
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', ask.get(door, headers=once, max_retries=3).text())
        assert token
        answer = ask.post(
            door,
            form={"csrf_token": token[1], "name": name, "agrees": "y"},
            headers={"Referer": door, "Origin": place.url, **once},
        )
        phone.page.goto(answer.url)
        expect(phone.stage).to_be_visible()
        return phone

    def gives_name(self) -> None:
        """A name and one promise."""
        self.page.get_by_label(self.place.words("Your name"), exact=True).fill(self.name)
        self.page.get_by_label(self.place.words("I keep what is said here confidential"), exact=True).check()
        self.press("Join")
        expect(self.stage).to_be_visible()

    @property
    def composer(self) -> Locator:
        """What this seat may write now."""
        return self.page.locator("#composer")

    @property
    def text(self) -> Locator:
        """The first field for words."""
        return self.composer.locator("textarea, input[type=text]").first

    @property
    def own(self) -> Locator:
        """What was sent in this step."""
        return self.stage.locator("[data-own]")

    @property
    def slips(self) -> Locator:
        """What was not sent when its step ended."""
        return self.page.locator("#slips .slip")

    def writes(self, text: str, label: str = "") -> None:
        """Types, and does not send yet."""
        field = self.composer.get_by_label(label) if label else self.text
        field.fill(text)

    def types(self, text: str) -> None:
        """Key by key, where the cursor is."""
        self.page.keyboard.type(text)

    def sends(self, text: str = "") -> None:
        """Sends what is there, and sees it arrive."""
        if text:
            self.writes(text)
        self.composer.get_by_role("button", name=self.place.words("Send"), exact=True).click()

    def sent(self, text: str) -> None:
        """Sees its own text among what was sent."""
        expect(self.own.filter(has_text=text)).to_have_count(1)

    def has_nothing_on_its_way(self) -> None:
        """Waits until the server answered to everything that was sent."""
        self.page.wait_for_function("() => !Object.keys(localStorage).some(key => key.includes(':out:'))")

    def marks(self, text: str) -> None:
        """A dot or a star."""
        card = self.stage.locator("button[aria-pressed]").filter(has_text=text)
        card.click()
        expect(card).to_have_attribute("aria-pressed", "true")

    def taps(self, name: str, value: int | str) -> None:
        """One tap on a scale or a choice."""
        self.composer.locator(f"label.tap:has(input[name={name}][value='{value}'])").click()

    def more(self) -> None:
        """Unfolds what is there quietly: share the phone, theme, language, leaving."""
        self.page.locator("#more").evaluate("details => { details.open = true }")

    def leaves(self) -> None:
        """I have to go, and says so once more."""
        self.more()
        self.press("I have to go")
        with self.page.expect_event("load"):  # it begins anew, with nothing kept
            self.page.get_by_role("dialog").get_by_role("button", name=self.place.words("I have to go")).click()
        expect(self.stage).to_have_attribute("data-mode", "left")

    def says_connection(self, text: str) -> None:
        """Words about the connection."""
        expect(self.page.locator("#connection")).to_contain_text(text)

    def stored(self) -> list[str]:
        """The names of what this phone keeps for itself."""
        return [str(key) for key in self.page.evaluate("Object.keys(localStorage)")]
