"""The second half of `make shots`: every page around the meetings of an organisation that has been at it for a while – the
example of `facilitator demo` – on a phone and a laptop, in light and dark, and the PDFs as they are downloaded.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.archive import store
from facilitator.archive.models import Card, Theme
from facilitator.calendar.models import Appointment
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.demo.content import Example, example
from facilitator.demo.filling import SignIn, fill
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting
from tests.browser.people import LAPTOP, PHONE, Place
from tests.contract.everybody import signed_in
from tests.houses import empty_house

SIZES = (("phone", PHONE), ("laptop", LAPTOP))
Take = Callable[[str, str, Page], None]
# By the page itself: the server's name is known to the browser alone.
FETCHED = """async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return btoa(Array.from(new Uint8Array(await answer.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
}"""


@dataclass(frozen=True)
class House:
    """What was filled: who signs in, and the addresses of what the tour looks at."""

    example: Example
    sign_in: SignIn
    sessions: dict[str, str]
    meetings: tuple[str, ...]
    cards: dict[str, str]
    group: str
    soonest: str
    theme: str

    def card(self, title: str) -> str:
        """The address of a card."""
        return f"/archive/{self.cards[title]}"


def furnish(folder: Path, language: str) -> House:
    """Fills a data folder with the example, and signs everybody in."""
    settings = Settings.load(folder, {}).kept()
    words = example(language)
    with empty_house(settings) as app:
        with app.app_context():
            sign_in = fill(words, language)
            house = _read(app, words, sign_in)
            db.session.remove()
        return house


def _read(app: Flask, words: Example, sign_in: SignIn) -> House:
    sessions = {}
    for user in db.session.scalars(select(User)):
        cookie = signed_in(app, user).get_cookie("session")
        assert cookie
        sessions[user.name] = cookie.value
    goals = {meeting.goal: meeting.id for meeting in db.session.scalars(select(Meeting))}
    return House(
        words,
        sign_in,
        sessions,
        tuple(goals[meeting.goal] for meeting in words.meetings),
        {store.content_of(card).title: card.id for card in db.session.scalars(select(Card))},
        db.session.scalars(select(Group.id).where(Group.name == words.groups[0].name)).one(),
        _soonest(words.groups[0].name),
        db.session.scalars(select(Theme.id).order_by(Theme.name)).first() or "",
    )


def _soonest(group: str) -> str:
    """The next meeting of a group."""
    ahead = select(Appointment.meeting_id).join(Group, Group.id == Appointment.group_id).where(Group.name == group)
    return db.session.scalars(ahead.order_by(Appointment.begins)).first() or ""


@dataclass(frozen=True)
class Visitor:
    """Somebody of the example with a browser."""

    place: Place
    page: Page
    take: Take

    @classmethod
    def signed_in(cls, place: Place, house: House, name: str, take: Take) -> Visitor:
        """Their browser."""
        page = place.device(LAPTOP)
        page.context.add_cookies([{"name": "session", "value": house.sessions[name], "url": place.url}])
        return cls(place, page, take)

    def looks(self, moment: str, name: str, address: str, do: Callable[[Page], None] | None = None) -> None:
        """One page in four pictures. `do` opens what is closed at first."""
        for size, (width, height) in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.goto(self.place.url + address)
            if do:
                do(self.page)
            with dark(self.page, on=False):
                self.take(moment, f"{name}-{size}", self.page)
            with dark(self.page, on=True):
                self.take(moment, f"{name}-{size}-dark", self.page)

    def address_of(self, page: str, text: str) -> str:
        """Where a link leads that stands on a page."""
        self.page.goto(self.place.url + page)
        return str(self.page.get_by_role("link", name=text).get_attribute("href"))

    def fetches(self, address: str, to: Path) -> None:
        """A file as the browser gets it; raises where it is refused."""
        self.page.goto(self.place.url)
        to.write_bytes(base64.b64decode(self.page.evaluate(FETCHED, address)))


@contextmanager
def dark(page: Page, *, on: bool) -> Iterator[None]:
    """The page as a device in that theme shows it."""
    page.emulate_media(color_scheme="dark" if on else "light")
    yield
    page.emulate_media(color_scheme="light")


def walk(place: Place, house: House, take: Take, folder: Path) -> None:
    """All of it, room by room."""
    words, people = house.example, {}
    givers = words.groups[0].members[1], words.groups[1].members[2]  # who gives a case goes round
    maker = words.groups[0].members[0]
    for name in (words.administrator, words.moderator, *givers, maker):
        people[name] = Visitor.signed_in(place, house, name, take)
    keeper, lead = people[words.administrator], people[words.moderator]
    member = people[givers[0]]
    reports(house, lead, member, people[givers[1]])
    proof(house, lead, member)
    sharing(house, member)
    archive(house, lead, member, people[maker])
    questions(house, keeper, member, people[maker])
    between_two(people[maker], *words.groups[1].members[:2])
    around(house, keeper, lead, member)
    how_it_went(people.values())
    strangers(place, house, take)
    papers(house, lead, member, folder)


def reports(house: House, lead: Visitor, member: Visitor, giver: Visitor) -> None:
    """A draft, completing it, approving it, and what is approved."""
    _, approved, offered, draft = (f"/meetings/{meeting}/report" for meeting in house.meetings)
    lead.looks("report", "draft", draft)
    lead.looks("report", "completing", f"{draft}/edit")
    lead.looks("report", "offered", offered)
    giver.looks("report", "approving-a-part", f"{offered}/approve")
    giver.looks("report", "approving-all", f"{offered}/approve?case=1&part=all")
    member.looks("report", "approved", approved)
    lead.looks("report", "approved-for-the-lead", approved)
    lead.looks("report", "version", f"{approved}/versions/1")


def proof(house: House, lead: Visitor, member: Visitor) -> None:
    """Attendance, one's own proof, what a number says, and an annex."""
    _, approved, offered, _draft = (f"/meetings/{meeting}" for meeting in house.meetings)
    lead.looks("proof", "attendance-to-confirm", f"{offered}/presence")
    lead.looks("proof", "attendance-confirmed", f"{approved}/presence")
    member.looks("proof", "own", f"{approved}/proof")
    member.looks("proof", "annex", f"{approved}/annex")
    member.looks("proof", "overview", "/proof")
    register = member.address_of("/proof/registers", house.example.professional_register)
    member.looks("proof", "registers", "/proof/registers")
    member.looks("proof", "register", register)
    member.looks("proof", "register-new", "/proof/registers/new")
    member.looks("proof", "number-unknown", "/proof/0000-0000-0000")


def sharing(house: House, giver: Visitor) -> None:
    """What a case giver may share, word by word, and what a peer is asked."""
    meeting = f"/meetings/{house.meetings[1]}"
    giver.looks("consent", "cases", f"{meeting}/consent")
    giver.looks("consent", "words", f"{meeting}/consent/1")
    giver.looks("consent", "for-whom", f"{meeting}/consent/1/share")
    giver.looks("consent", "objection", f"{meeting}/objection")
    giver.page.goto(f"{giver.place.url}{meeting}/consent/1/share")
    giver.page.locator("main button[value=organisation]").click()
    giver.page.locator(".keep-link").wait_for()
    giver.looks("consent", "given-and-still-to-take-back", f"{meeting}/consent/1/share")


def archive(house: House, lead: Visitor, member: Visitor, maker: Visitor) -> None:
    """Searching, reading, asking, keeping and adding."""
    words = house.example
    card = house.card(words.tried[0].card)
    member.looks("archive", "list", "/archive")
    search = words.instruction.title.split()[-1]
    member.looks("archive", "search", f"/archive?q={search}")
    member.looks("archive", "nothing-found", "/archive?q=zzzzz")
    member.looks("archive", "card", card)
    member.looks("archive", "card-opened", house.card(words.asked[0].card), open_folds)
    member.looks("archive", "instruction", house.card(words.instruction.title))
    member.looks("archive", "new", "/archive/new")
    maker.looks("archive", "edit", f"{house.card(words.instruction.title)}/edit")
    member.looks("archive", "feed", "/archive/feed")
    lead.looks("archive", "card-for-the-lead", card, open_folds)
    lead.looks("archive", "themes", "/archive/themes")
    lead.looks("archive", "theme", f"/archive/themes/{house.theme}")
    lead.looks("archive", "review", "/archive/review")


def questions(house: House, keeper: Visitor, member: Visitor, asker: Visitor) -> None:
    """Asking a colleague: every list, asking, a question that was solved, its card, and what was reported."""
    solved, without_name, waiting = (question.title for question in house.example.questions)
    where = {title: member.address_of("/questions", title) for title in (solved, without_name, waiting)}
    member.looks("questions", "all", "/questions")
    member.looks("questions", "waiting", "/questions?show=unanswered")
    member.looks("questions", "none-of-my-own", "/questions?show=mine")
    member.looks("questions", "search", f"/questions?q={solved.split()[-1]}")
    member.looks("questions", "new", "/questions/new", types_a_question(waiting))
    member.looks("questions", "without-a-name", where[without_name])
    asker.looks("questions", "solved", where[solved])
    asker.looks("questions", "changing", f"{where[solved]}/edit")
    member.looks("questions", "following", "/questions/following")
    member.looks("questions", "card", f"{where[solved]}/card")
    member.looks("questions", "reporting", f"{where[without_name]}/report")
    keeper.looks("questions", "for-the-administrator", where[without_name], open_folds)
    keeper.looks("questions", "nothing-reported", "/questions/reported")


def between_two(member: Visitor, buddy: str, asks: str) -> None:
    """What somebody agreed with a colleague, and what another one asks them."""
    member.looks("together", "own", "/together")
    member.looks("together", "new", "/together/new")
    member.looks("together", "what-colleagues-offer", "/together/offers")
    member.looks("together", "offering", "/together/offers/new")
    member.looks("together", "asked", member.address_of("/together", asks))
    member.looks("together", "buddies", member.address_of("/together", buddy), open_folds)


def types_a_question(title: str) -> Callable[[Page], None]:
    """Somebody is typing, and sees what is like it."""

    def types(page: Page) -> None:
        page.locator("[name=title]").press_sequentially(title)
        page.locator("[data-similar-found] .hit").first.wait_for()

    return types


def around(house: House, keeper: Visitor, lead: Visitor, member: Visitor) -> None:
    """Groups, what concerns somebody, and the organisation."""
    lead.looks("around", "home", "/")
    lead.looks("around", "groups", "/groups")
    lead.looks("around", "group", f"/groups/{house.group}")
    member.looks("around", "group-of-a-member", f"/groups/{house.group}")
    member.looks("around", "agreement", f"/groups/{house.group}/agreement", open_folds)
    member.looks("around", "how-they-work-together", f"/groups/{house.group}/evaluation", open_folds)
    lead.looks("around", "who-was-who", f"/meetings/{house.meetings[1]}/members")
    lead.looks("around", "year", f"/groups/{house.group}/year")
    lead.looks("around", "year-to-plan", f"/groups/{house.group}/year/new")
    lead.looks("around", "rota", f"/groups/{house.group}/rota")
    lead.looks("around", "rota-to-divide", f"/groups/{house.group}/rota/divide")
    member.looks("around", "rota-of-a-member", f"/groups/{house.group}/rota", open_folds)
    lead.looks("around", "planned-meeting", f"/meetings/{house.soonest}/when", open_folds)
    member.looks("around", "planned-meeting-of-a-member", f"/meetings/{house.soonest}/when", open_folds)
    member.looks("around", "calendar", "/calendar")
    member.looks("around", "mine", "/mine")
    member.looks("around", "mine-of-a-meeting", f"/meetings/{house.meetings[1]}/mine")
    member.looks("around", "account", "/account")
    keeper.looks("around", "organisation", "/organisation")
    keeper.looks("around", "log", "/organisation/log")
    keeper.looks("around", "invitations", "/invitations")
    keeper.looks("around", "groups-not-in-one", "/groups")
    member.looks("around", "home-of-a-member", "/")
    member.looks("around", "not-open-to-you", "/organisation")


def how_it_went(people: Iterable[Visitor]) -> None:
    """An action on its day: what its owner and whoever is its buddy find where a mail leads them."""
    for person in people:
        person.page.goto(f"{person.place.url}/mine")
        link = person.page.locator("main a[href*='/actions/']")
        if link.count():
            person.looks("around", "how-it-went", urlsplit(str(link.first.get_attribute("href"))).path)


def strangers(place: Place, house: House, take: Take) -> None:
    """The doors, for whoever is not signed in."""
    stranger = Visitor(place, place.device(LAPTOP), take)
    for name, address in (
        ("sign-in", "/login"),
        ("link", "/login/link"),
        ("link-over", "/login/link/guessed"),
        ("forgot", "/reset"),
        ("code", "/j"),
        ("check-a-number", "/proof"),
        ("closed-door", "/mine/guessed"),
        ("not-here", "/nothing-here"),
        ("home", "/"),
        ("welcome-over", "/welcome/guessed"),
    ):
        stranger.looks("doors", name, address)
    stranger.looks("doors", "link-sent", "/login/link", lambda page: ask(page, house.sign_in.member))
    stranger.looks("doors", "reset-sent", "/reset", lambda page: ask(page, house.sign_in.member))


def ask(page: Page, address: str) -> None:
    """Asks for a link by mail."""
    page.locator("[name=email]").fill(address)
    with page.expect_navigation():
        page.locator("main form button").first.click()


def papers(house: House, lead: Visitor, member: Visitor, folder: Path) -> None:
    """The PDFs, to open beside the pictures."""
    meeting = f"/meetings/{house.meetings[1]}"
    lead.fetches(f"{meeting}/attendance.pdf", folder / "attendance.pdf")
    for name, address in (
        ("report", f"{meeting}/report.pdf"),
        ("certificate", f"{meeting}/proof.pdf"),
        ("overview", "/proof.pdf"),
        ("register", f"{member.address_of('/proof/registers', house.example.professional_register)}.pdf"),
        ("instruction-card", f"{house.card(house.example.instruction.title)}.pdf"),
        ("card", f"{house.card(house.example.tried[0].card)}.pdf"),
    ):
        member.fetches(address, folder / f"{name}.pdf")
    write_annex(house, member)
    member.fetches(f"{meeting}/annex.pdf", folder / "annex.pdf")
    draw(folder)


def write_annex(house: House, member: Visitor) -> None:
    """What somebody keeps for themselves, and how it looks then."""
    annex = f"/meetings/{house.meetings[1]}/annex"
    script = house.example.meetings[1]
    member.page.goto(member.place.url + annex)
    for name, text in (("goal", script.goal), ("learned", script.learning[0]), ("intended", script.then)):
        member.page.locator(f"[name={name}]").fill(text)
    member.page.locator("main form button.is-primary").first.click()
    member.page.locator("main a[href$='annex.pdf']").wait_for()
    member.looks("proof", "annex-kept", annex)


def draw(folder: Path) -> None:
    """A picture of each page, where Poppler is installed."""
    tool = shutil.which("pdftoppm")
    for paper in sorted(folder.glob("*.pdf")) if tool else ():
        subprocess.run([str(tool), "-png", "-r", "60", str(paper), str(paper.with_suffix(""))], check=True)


def open_folds(page: Page) -> None:
    """Everything that is closed at first."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
