"""`make shots ARGS="--hard"`: what is hard to show. Fourteen people with long double names write as much as fits: the wall on an old
projector, consoles and phones with letters twice as large, all in colours that the device forces, and on paper.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

from facilitator.meetings import moves, rules
from facilitator.methods.loader import load_catalogue
from tests.browser.people import LAPTOP, PHONE, Place
from tests.browser.test_wall_fits import LATE_HELP, NEXT_PAGE
from tests.browser.walls import NAMES, begun, go_on, texts
from tests.cast import Cast, Meeting, Person
from tests.houses import empty_house, settings_in
from tests.running import Server, running_server

Take = Callable[[str, str, Page], None]
PROJECTOR = (1024, 768)
PAGES = ("report", "report/edit", "presence", "members")
SETTLE = """async () => {
  document.querySelectorAll(".connection").forEach((one) => one.remove()); // there is none
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
}"""


def shoot(browser: Browser, take: Take) -> list[str]:
    """A meeting of the basic method; answers what the browser complained about."""
    with (
        tempfile.TemporaryDirectory() as data,
        empty_house(settings_in(Path(data) / "app")) as app,
        running_server(Path(data) / "server") as server,
    ):
        place = Place(browser, server.url, may_lose_connection=True)
        screens = Screens(place, server, take)
        times: Counter[str] = Counter()
        for moment, meeting in moments(Cast(app)):
            times[moment] += 1  # a further case has phases of the same name
            screens.look(moment if times[moment] == 1 else f"{moment}-{times[moment]}", meeting)
        place.empty()
        return place.troubles


def moments(cast: Cast) -> Iterator[tuple[str, Meeting]]:
    """Where there is most to show."""
    meeting = begun(cast, load_catalogue()["basis"], "words", None)
    meeting.post(meeting.mo, "show", what="screen", value="own")
    yield "lobby", meeting
    meeting.start()
    while True:
        meeting.fill(texts("words"))
        if moves.next_move(meeting.known) == "reveal":
            meeting.reveal()
        if (move := moves.next_move(meeting.known)) in ("next_item", "next_speaker"):
            assert move
            meeting.steer(move)
            yield f"{meeting.step.key}-one", meeting
        meeting.play_step()
        yield meeting.step.key, meeting
        if meeting.state.is_last:
            break
        go_on(meeting)
    meeting.end()
    yield "ended", meeting


class Screens:
    """The pages of a meeting, as the application gives them, in a browser."""

    def __init__(self, place: Place, server: Server, take: Take) -> None:
        self.server, self.take = server, take
        self.page = place.device(LAPTOP, is_changed=True)
        for address in ("**/socket.io/**", "**/meetings/**"):
            self.page.route(address, lambda route: route.abort())

    def look(self, moment: str, meeting: Meeting) -> None:
        """Every audience, in every way that is hard."""
        around = rules.case_giver(meeting.known)
        gives = around.name if around else NAMES[0]
        giver, peer = meeting[gives], meeting[next(name for name in NAMES if name != gives)]
        self.wall(moment, meeting)
        for name, person, size in (("console", meeting.mo, PROJECTOR), ("giver", giver, PHONE), ("peer", peer, PHONE)):
            self.open(meeting, person)
            self.ways(moment, name, size)
        if moment == "ended":
            for page in PAGES:
                self.open(meeting, meeting.mo, page)
                self.ways(page.replace("/", "-"), "moderator", PHONE)
            for page in ("mine", "report", "annex", "proof"):
                self.open(meeting, peer, page)
                self.ways(page, "peer", PHONE)

    def wall(self, moment: str, meeting: Meeting) -> None:
        """The first two pages, and the colours that a device forces."""
        self.open(meeting, meeting.wall)
        for (width, height), name in ((PROJECTOR, "1024x768"), ((800, 600), "800x600"), ((2560, 1080), "wide")):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate(SETTLE)
            self.take(moment, f"wall-{name}", self.page)
        if self.page.evaluate(NEXT_PAGE):
            self.take(moment, "wall-wide-page-2", self.page)
        self.page.emulate_media(forced_colors="active", color_scheme="dark")
        self.take(moment, "wall-forced-colours", self.page)
        self.page.emulate_media(forced_colors="none", color_scheme="light")

    def ways(self, moment: str, name: str, size: tuple[int, int]) -> None:
        """As it is, with letters twice as large, in forced colours, and on paper."""
        page = self.page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.evaluate(SETTLE)
        self.take(moment, name, page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self.take(moment, f"{name}-large-letters", page)
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.emulate_media(forced_colors="active", color_scheme="dark")
        self.take(moment, f"{name}-forced-colours", page)
        page.emulate_media(forced_colors="none", media="print", color_scheme="dark")
        self.take(moment, f"{name}-paper", page)
        page.emulate_media(media="screen", color_scheme="light")

    def open(self, meeting: Meeting, person: Person, page: str = "") -> None:
        """One page, at an address of the server that has the scripts and styles."""
        answer = meeting.get(person, page)
        html = answer.get_data(as_text=True)
        address = f"{self.server.url}/hard/{page or person.view}"

        def fulfil(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        self.page.route(address, fulfil)
        self.page.goto(address)
        self.page.unroute(address)
        self.page.evaluate("document.fonts.ready")
        self.page.evaluate(LATE_HELP)
        self.page.evaluate(SETTLE)
