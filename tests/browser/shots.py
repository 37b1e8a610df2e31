"""`make shots`: plays a whole meeting and writes a picture of every screen, per phase and audience; then tours an
organisation with a past, page by page (`--only meeting` or `--only tour` does one of the two, `--hard` what is hard to show
instead, `--method KEY --people 3` another method); and a page to look at them all. Says which screens are wider than their device, and what the browsers complained about.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from facilitator.methods.loader import load_catalogue
from tests.browser import hard, one_method
from tests.browser.chromium import ROOT, chromium, server_elsewhere
from tests.browser.people import LAPTOP, PHONE, Moderator, Phone, Place, Wall, press
from tests.browser.story import STORIES, Story
from tests.browser.tour import furnish, walk
from tests.browser.words import Words
from tests.running import Server

FOLDER = ROOT / "instance" / "shots"
CAST = ("Gia", "Pete", "Ada", "Bob", "Cleo")


@dataclass
class Album:
    """Where the pictures go."""

    folder: Path
    taken: list[tuple[str, str]] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)

    def take(self, moment: str, who: str, page: Page, *, whole: bool = True) -> None:
        """One picture of a page as it is now."""
        name = f"{len({m for m, _ in self.taken} | {moment}):02d}-{moment}-{who}"
        page.evaluate("document.fonts.ready")
        over = page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.too_wide.append(f"{name} by {over} px")
        height = page.evaluate("innerHeight")
        if whole and page.locator(".console-bar").count():  # its bar sticks to the bottom of the window
            page.set_viewport_size(
                {"width": LAPTOP[0], "height": max(height, page.evaluate("document.scrollingElement.scrollHeight"))}
            )
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole, animations="allow")
        if page.evaluate("innerHeight") != height:
            page.set_viewport_size({"width": LAPTOP[0], "height": height})
        self.taken.append((moment, f"{name}.png"))

    def bind(self) -> None:
        """A page with all of them, moment by moment."""
        parts = []
        for moment in dict.fromkeys(m for m, _ in self.taken):
            shots = "".join(
                f'<figure><a href="{n}"><img src="{n}" loading="lazy" alt=""></a><figcaption>{n}</figcaption></figure>'
                for m, n in self.taken
                if m == moment
            )
            parts.append(f"<h2>{html.escape(moment)}</h2><div>{shots}</div>")
        style = (
            "body{font:16px sans-serif;margin:2rem;background:#ddd}div{display:flex;flex-wrap:wrap;gap:1rem;"
            "align-items:start}figure{margin:0}img{max-width:640px;max-height:480px}"
        )
        page = f"<!doctype html><meta charset=utf-8><title>Shots</title><style>{style}</style>{''.join(parts)}"
        (self.folder / "index.html").write_text(page, encoding="utf-8")


@dataclass
class Play:
    """Everybody in the room, and the camera."""

    place: Place
    album: Album
    story: Story
    mo: Moderator
    wall: Wall
    dark: Wall
    phones: dict[str, Phone] = field(default_factory=dict)

    def everybody(self, moment: str, *who: str) -> None:
        """Every audience at this moment."""
        self.wall.page.wait_for_timeout(350)  # for the eye only: the last push, and the fade it brings
        self.mo.page.mouse.move(2, 2)  # no button looks as if it were pointed at
        self.album.take(moment, "wall", self.wall.page, whole=False)
        self.album.take(moment, "wall-dark", self.dark.page, whole=False)
        self.album.take(moment, "console", self.mo.page)
        for name in who or ("Gia", "Pete"):
            audience = "phone-giver" if name == "Gia" else f"phone-{name}"
            self.album.take(moment, audience, self.phones[name].page)

    def peers(self) -> list[Phone]:
        """Everybody but the case giver."""
        return [phone for name, phone in self.phones.items() if name != "Gia"]


def main() -> int:
    """Plays it; answers 1 when a screen is too wide or a browser complained."""
    parser = argparse.ArgumentParser(prog="make shots")
    parser.add_argument("--lang", default="nl", choices=sorted(STORIES))
    parser.add_argument("--only", choices=["meeting", "tour"])
    parser.add_argument(
        "--hard", action="store_true", help="instead: long texts, long names, large letters, forced colours, paper"
    )
    parser.add_argument("--method", choices=sorted(load_catalogue()), help="instead: a meeting by this method")
    parser.add_argument("--people", type=int, default=4, help="how many are around the table there")
    wanted = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    album, troubles = Album(FOLDER), []
    with chromium() as browser:
        if wanted.hard:
            troubles += hard.shoot(browser, album.take)
        if wanted.method:
            troubles += shoot_method(browser, album, wanted.lang, wanted.method, wanted.people)
        for part, shoot in (("meeting", shoot_meeting), ("tour", shoot_tour)):
            if not (wanted.hard or wanted.method) and wanted.only in (None, part):
                troubles += shoot(browser, album, wanted.lang)
    print(f"{len(album.taken)} pictures: {FOLDER / 'index.html'}")
    for trouble in [*(f"too wide: {one}" for one in album.too_wide), *troubles]:
        print(trouble, file=sys.stderr)
    return 1 if album.too_wide or troubles else 0


def shoot_meeting(browser: Browser, album: Album, language: str) -> list[str]:
    """A meeting on a new server, and what the browsers complained about."""
    with tempfile.TemporaryDirectory() as data, server_elsewhere(Path(data) / "data") as server:
        place = Place(browser, server.url, Words(language))
        with filmed(place, album):
            play_everything(place, album, server, STORIES[language])
        return place.troubles


def shoot_method(browser: Browser, album: Album, language: str, key: str, people: int) -> list[str]:
    """A meeting by one method on a new server, and what the browsers complained about."""
    with tempfile.TemporaryDirectory() as data, server_elsewhere(Path(data) / "data") as server:
        place, story = Place(browser, server.url, Words(language)), STORIES[language]
        with filmed(place, album):
            assert server.welcome_url
            mo = Moderator.with_first_account(place, server.welcome_url)
            phones = one_method.starts(place, mo, story, key, people)
            play = Play(place, album, story, mo, mo.opens_wall(), mo.opens_wall("dark"), phones)
            one_method.plays(mo, play.phones.values(), story, key, play.everybody)
        return place.troubles


def shoot_tour(browser: Browser, album: Album, language: str) -> list[str]:
    """The pages of an organisation with a past, and what the browsers complained about."""
    with tempfile.TemporaryDirectory() as data:
        house = furnish(Path(data), language)
        with server_elsewhere(Path(data)) as server:
            place = Place(browser, server.url, Words(language))
            with filmed(place, album):
                walk(place, house, album.take, album.folder)
            return place.troubles


@contextmanager
def filmed(place: Place, album: Album) -> Iterator[None]:
    """Where something stops, every open page is in the album; everybody goes home in the end."""
    try:
        yield
    except Exception:
        for number, page in enumerate(page for context in place.contexts for page in context.pages):
            album.take("where-it-stopped", str(number), page)
        raise
    finally:
        album.bind()
        place.empty()


def play_everything(place: Place, album: Album, server: Server, story: Story) -> None:
    """The pages around a meeting, the meeting, and the meeting after it."""
    mo = before_any_meeting(place, album, server)
    play = into_the_lobby(place, album, story, mo)
    for act in (pick, tell, clarify, diagnose, advise, choose, commit, learn, evaluate, over, sharing, a_group):
        act(play)
    the_next_time(play)
    pages_for_two_sizes(place, album, mo)


def before_any_meeting(place: Place, album: Album, server: Server) -> Moderator:
    """From the printed link to an empty list of meetings."""
    assert server.welcome_url
    welcome = place.device(LAPTOP)
    welcome.goto(server.welcome_url)
    album.take("pages", "welcome", welcome)
    mo = Moderator.with_first_account(place, server.welcome_url)
    mo.page.goto(f"{place.url}/")
    album.take("pages", "meetings-empty", mo.page)
    for name, address in (("new", "/meetings/new"), ("invitations", "/invitations"), ("account", "/account")):
        mo.page.goto(place.url + address)
        album.take("pages", name, mo.page)
    mo.page.goto(f"{place.url}/nothing-here")
    album.take("pages", "error-404", mo.page)
    return mo


def into_the_lobby(place: Place, album: Album, story: Story, mo: Moderator) -> Play:
    """A goal, a code, and everybody comes in."""
    mo.starts_meeting(story.goal)
    wall = mo.opens_wall()
    dark = mo.opens_wall("dark")
    play = Play(place, album, story, mo, wall, dark)
    wall.page.wait_for_timeout(300)
    album.take("lobby-empty", "wall", wall.page, whole=False)
    album.take("lobby-empty", "console", mo.page)
    code = mo.code
    door = place.device(PHONE)
    door.goto(f"{place.url}/j")
    album.take("joining", "code", door)
    door.get_by_label(place.words("Meeting code")).fill("0000 0000")
    door.get_by_role("button", name=place.words("Continue")).click()
    album.take("joining", "wrong-code", door)
    door.goto(f"{place.url}/j/{code.replace(' ', '')}")
    album.take("joining", "name", door)
    door.get_by_role("button", name=place.words("Join"), exact=True).click()
    album.take("joining", "name-missing", door)
    pairing = Wall.waiting(place)
    album.take("joining", "room-screen", pairing.page, whole=False)
    for name in CAST:
        play.phones[name] = Phone.joins(place, code, name)
    mo.is_on_own_device()
    expect(mo.page.locator(".people li[id^=person-]")).to_have_count(len(CAST))
    play.everybody("lobby", "Pete")
    return play


def pick(play: Play) -> None:
    """Two bring a case, three do not; then dots."""
    play.mo.moves("Start")
    play.everybody("pick-before")
    gia, pete, story = play.phones["Gia"], play.phones["Pete"], play.story
    for phone, title, question in (
        (gia, story.title, story.question),
        (pete, story.other_title, story.other_question),
    ):
        phone.composer.locator("[name=title]").fill(title)
        phone.composer.locator("[name=question]").fill(question)
        phone.taps("urgency", "now" if phone is gia else "soon")
        phone.sends()
        phone.sent(title)
    for phone in play.peers()[1:]:
        phone.press("I pass")
    play.everybody("pick-written", "Pete", "Cleo")
    play.mo.moves("Reveal")
    play.everybody("pick-revealed")
    for phone in play.phones.values():
        phone.marks(story.title)
    play.phones["Gia"].marks(story.other_title)
    play.everybody("pick-voting")
    for phone in play.peers():
        phone.marks(story.other_title)
    play.everybody("pick-voted")


def tell(play: Play) -> None:
    """Gia tells."""
    play.mo.next_phase()
    play.mo.is_at("story")
    play.everybody("story-before")
    gia = play.phones["Gia"]
    gia.composer.locator("[name=question]").fill(play.story.question)
    gia.taps("clarity", 4)
    gia.taps("next_step", 3)
    gia.sends()
    play.everybody("story-told")


def clarify(play: Play) -> None:
    """Silent writing, then one question at a time."""
    play.mo.next_phase()
    play.mo.is_at("clarify")
    play.everybody("clarify-before")
    pete = play.phones["Pete"]
    pete.writes(play.story.advice_in_disguise)
    pete.page.locator("[data-hint] .hint").wait_for()
    play.album.take("clarify-before", "phone-hint", pete.page)
    pete.writes("")
    for phone, question in zip(play.peers(), play.story.questions, strict=False):
        phone.sends(question)
        phone.sent(question)
    pete.sends(play.story.questions[-1])
    pete.sent(play.story.questions[-1])
    play.everybody("clarify-written")
    play.mo.moves("Reveal")
    play.mo.moves("Next question")
    play.everybody("clarify-revealed")
    waiting = Phone.joins(play.place, play.mo.code, "Emma")
    play.phones["Emma"] = waiting
    play.album.take("late", "phone-waiting", waiting.page)
    play.mo.page.wait_for_timeout(300)
    play.album.take("late", "console", play.mo.page)
    play.mo.lets_in("Emma")
    waiting.is_at("clarify")
    play.mo.press("Show the code")
    play.everybody("code-again", "Emma")
    play.mo.press("Hide the code")
    play.mo.moves("Pause")
    play.everybody("paused", "Pete")
    play.mo.moves("Resume")
    play.mo.press("Empty the screen")
    play.everybody("blank", "Pete")
    play.mo.press("Show the screen again")
    stopper = play.phones["Cleo"]
    stopper.page.locator("#signal > summary").click()
    play.album.take("signal", "phone-open", stopper.page, whole=False)
    stopper.press("This does not feel safe")
    play.everybody("signal", "Cleo")
    play.mo.page.locator("#signal-unsafe > summary").click()
    play.mo.press("Let it go away")


def diagnose(play: Play) -> None:
    """One sentence each, in turn."""
    play.mo.next_phase()
    play.mo.is_at("diagnose")
    play.everybody("diagnose-before")
    for phone, text in zip(play.peers(), play.story.hypotheses, strict=False):
        phone.sends(text)
        phone.sent(text)
    play.everybody("diagnose-written")
    play.mo.next_speaker()
    play.everybody("diagnose-round", "Gia", "Pete", "Ada")


def advise(play: Play) -> None:
    """One piece of advice each, in turn."""
    play.mo.next_phase()
    play.mo.is_at("advise")
    play.everybody("advise-before")
    for phone, text in zip(play.peers(), play.story.advice, strict=False):
        phone.sends(text)
        phone.sent(text)
    play.mo.next_speaker()
    play.everybody("advise-round", "Gia", "Pete", "Ada")
    while play.mo.next_speaker():
        pass
    play.everybody("advise-said")


def choose(play: Play) -> None:
    """Gia chooses."""
    play.mo.next_phase()
    play.mo.is_at("choose")
    play.everybody("choose-before")
    gia = play.phones["Gia"]
    gia.marks(play.story.advice[0])
    gia.marks(play.story.advice[2])
    gia.sends()  # the question stays as it was
    gia.sends(play.story.why)
    play.everybody("choose-chosen")


def commit(play: Play) -> None:
    """If … then …"""
    play.mo.next_phase()
    play.mo.is_at("commit")
    play.everybody("commit-before")
    gia = play.phones["Gia"]
    gia.composer.locator("[name=when_if]").fill(play.story.when_if)
    gia.composer.locator("[name=then]").fill(play.story.then)
    gia.composer.locator("[data-sets=due]").nth(1).click()
    gia.sends()
    expect(gia.button("That's right").or_(gia.stage.locator(".quote"))).not_to_have_count(0)
    play.everybody("commit-written")
    if gia.button("That's right").count():
        gia.press("That's right")
    play.phones["Pete"].press("I'll be the buddy")
    play.everybody("commit-agreed")


def learn(play: Play) -> None:
    """What everybody takes home."""
    play.mo.next_phase()
    play.mo.is_at("learn")
    play.everybody("learn-before")
    for phone, text in zip(play.phones.values(), play.story.learnings, strict=False):
        phone.sends(text)
        phone.sent(text)
    play.mo.next_speaker()
    play.everybody("learn-round")


def evaluate(play: Play) -> None:
    """Taps without a name; one leaves before, one is taken out."""
    bob = play.phones.pop("Bob")
    bob.more()
    play.album.take("leaving", "phone-more", bob.page)
    bob.leaves()
    play.album.take("leaving", "phone-left", bob.page)
    emma = play.phones.pop("Emma")
    play.mo.takes_out("Emma")
    emma.page.wait_for_timeout(400)
    play.album.take("leaving", "phone-expelled", emma.page)
    play.album.take("leaving", "console", play.mo.page)
    play.mo.next_phase()
    play.mo.is_at("evaluate")
    play.everybody("evaluate-before")
    for number, phone in enumerate(play.phones.values()):
        for name in ("safe", "listened", "open_questions", "turns", "guarded", "useful"):
            phone.taps(name, 5 - (number + len(name)) % 3)
        if number == 1:
            phone.composer.locator("[name=line]").fill(play.story.line)
        phone.sends()
        expect(phone.composer.locator("[name=safe]")).to_have_count(0)
    gia = play.phones["Gia"]
    play.everybody("evaluate-sent")
    gia.taps("clarity", 8)
    gia.taps("next_step", 9)
    gia.sends()
    expect(gia.composer.locator("[name=clarity]")).to_have_count(0)
    seen = play.mo.turn
    play.mo.press("Reveal")
    play.album.take("evaluate-sent", "console-asks", play.mo.page, whole=False)
    play.mo.page.get_by_role("dialog").get_by_role("button", name=play.place.words("Reveal"), exact=True).click()
    play.mo.sees_turn_after(seen)
    play.everybody("evaluate-revealed")


def over(play: Play) -> None:
    """The end, and what came out."""
    play.mo.press("End meeting")
    play.album.take("ended", "console-asks", play.mo.page, whole=False)
    seen = play.mo.turn
    play.mo.page.get_by_role("dialog").get_by_role("button", name=play.place.words("End meeting"), exact=True).click()
    play.mo.sees_turn_after(seen)
    play.everybody("ended")
    meeting = f"{play.place.url}/meetings/{play.mo.meeting_id}"
    for who, page in (("moderator", play.mo.page), ("case-giver", play.phones["Gia"].page)):
        page.goto(f"{meeting}/report")
        play.album.take("report", who, page)
    keep_a_link(play, meeting)
    play.mo.page.goto(f"{play.place.url}/")
    play.album.take("pages", "meetings-filled", play.mo.page)


def keep_a_link(play: Play, meeting: str) -> None:
    """What concerns one person on their phone, and the link with which they come back to it."""
    phone, words = play.phones["Pete"].page, play.place.words
    phone.goto(f"{meeting}/mine")
    play.album.take("mine", "phone", phone)
    phone.get_by_role("button", name=words("Keep my link")).click()
    phone.get_by_text(words("As a QR code")).click()
    expect(phone.locator("#link .qr")).to_be_visible()
    play.album.take("mine", "phone-link", phone)
    phone.goto(f"{play.place.url}/mine/none")
    play.album.take("mine", "phone-closed-door", phone)


def a_group(play: Play) -> None:
    """A group with members, and who was who in its meeting."""
    page, words = play.mo.page, play.place.words
    page.goto(f"{play.place.url}/groups")
    play.album.take("groups", "empty", page)
    page.get_by_label(words("Name of the group")).fill("Werkplekbegeleiders Verpleegkundige Vervolgopleidingen")
    page.get_by_role("button", name=words("Make the group")).click()
    page.get_by_label(words("E-mail addresses")).fill("Gia de Vries <gia@example.org>, pete@example.org, ada@")
    page.get_by_role("button", name=words("Add and mail them")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    play.album.take("groups", "wrong-address", page)
    page.get_by_label(words("E-mail addresses")).fill("Gia de Vries <gia@example.org>, pete@example.org")
    page.get_by_label(words("None of them leads anybody in this group: no line manager is in it")).check()
    page.get_by_role("button", name=words("Add and mail them")).click()
    expect(page.get_by_text("gia@example.org").first).to_be_visible()
    page.get_by_role("link", name=words("Write it")).click()
    play.album.take("groups", "agreement", page)
    press(page, words("Make it version %(number)s").replace("%(number)s", "1"))
    play.album.take("groups", "group", page)


def sharing(play: Play) -> None:
    """Gia approves the report and decides what of it others may read; Pete is asked about his words."""
    gia, pete, album, words = play.phones["Gia"].page, play.phones["Pete"].page, play.album, play.place.words
    meeting = gia.url.removesuffix("/report")
    gia.goto(f"{meeting}/report/approve?case=1&part=all")
    album.take("sharing", "case-giver-approves", gia)
    press(gia, words("I approve the report"))
    with gia.expect_navigation():
        gia.get_by_role("link", name=words("Look at it"), exact=True).click()
    album.take("sharing", "case-giver-words", gia)
    for name, button in (("for-whom", "See what would be published"), ("agreed", "The organisation")):
        press(gia, words(button))
        album.take("sharing", f"case-giver-{name}", gia)
    for page, who in ((pete, "peer"), (gia, "case-giver")):
        page.goto(f"{meeting}/mine")
        album.take("sharing", f"{who}-mine", page)
    pete.goto(f"{meeting}/objection")
    album.take("sharing", "peer-objection", pete)


def the_next_time(play: Play) -> None:
    """A meeting that continues this one: actions and unchosen cases come along, and ten people are there."""
    mo, place, story, album = play.mo, play.place, play.story, play.album
    mo.page.goto(f"{place.url}/meetings/new")
    mo.fills({"Goal": story.goal})
    mo.page.locator("details:has([name=continues]) > summary").click()
    mo.page.locator("[name=continues]").select_option(label=story.goal)
    album.take("next-time", "new", mo.page)
    mo.press("Start now")
    mo.is_in_its_lobby()
    mo.is_on_own_device()
    again = Play(place, album, story, mo, mo.opens_wall(), mo.opens_wall("dark"))
    again.phones["Gia"] = Phone.scans(place, mo.code, "Gia")
    again.phones["Pete"] = Phone.scans(place, mo.code, "Pete")
    for name in ("Ada", "Bob", "Cleo", "Dirk", "Emma", "Annemarie-Louise", "Fatima", "Willem-Alexander"):
        mo.page.locator("#add-person").evaluate("details => details.open = true")
        mo.page.locator("#add-name").fill(name)
        mo.page.locator("#add-person button").click()
        expect(mo.person(name)).to_have_count(1)
    again.everybody("lobby-of-ten", "Pete")
    mo.moves("Start")
    mo.is_at("follow_up")
    again.everybody("follow-up-before")
    gia = again.phones["Gia"]
    gia.taps("status", "partly")
    gia.composer.locator("[name=effect]").fill(story.line)
    gia.sends()
    mo.moves("Reveal")
    again.everybody("follow-up-revealed")
    mo.next_phase()
    again.everybody("pick-with-kept-cases")
    mo.page.goto(f"{place.url}/meetings/{mo.meeting_id}/handover")
    album.take("handover", "console", mo.page)
    link = mo.page.locator("[data-copy]").input_value()
    other = place.device(PHONE)
    other.goto(place.url + urlsplit(link).path)  # the link names the address of this machine
    album.take("handover", "phone", other)
    second = again.phones["Pete"].page
    second.goto(f"{place.url}/meetings/{mo.meeting_id}/second")
    album.take("second-seat", "phone", second)
    second.get_by_label(place.words("Your name")).fill("Ola")
    second.get_by_label(place.words("I keep what is said here confidential")).check()
    second.get_by_role("button", name=place.words("Join"), exact=True).click()
    second.goto(f"{place.url}/meetings/{mo.meeting_id}/phone?as=1&cover=1")
    album.take("second-seat", "phone-cover", second)


def pages_for_two_sizes(place: Place, album: Album, mo: Moderator) -> None:
    """The ordinary pages on a phone, and in the dark."""
    addresses = {
        "meetings": "/",
        "new": "/meetings/new",
        "account": "/account",
        "invitations": "/invitations",
        "groups": "/groups",
        "mine": "/mine",
    }
    take: Callable[[str, Page], None] = lambda name, page: album.take("pages-small-and-dark", name, page)  # noqa: E731
    mo.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for name, address in addresses.items():
        mo.page.goto(place.url + address)
        take(f"{name}-phone", mo.page)
    mo.page.emulate_media(color_scheme="dark")
    for name, address in addresses.items():
        mo.page.goto(place.url + address)
        take(f"{name}-phone-dark", mo.page)
    stranger = place.device(LAPTOP)
    for name, address in (("sign-in", "/login"), ("link", "/login/link"), ("code", "/j"), ("forgot", "/reset")):
        stranger.goto(place.url + address)
        take(name, stranger)
        stranger.emulate_media(color_scheme="dark")
        take(f"{name}-dark", stranger)
        stranger.emulate_media(color_scheme="light")


if __name__ == "__main__":
    sys.exit(main())
