"""Films as we write them, in a real browser: they play, can be wound, and show and sound what they did."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from facilitator.rewriting.video import video
from tests.films import EVERY, recording, turned

# Winds to each of some moments and answers how long the film is, how large, and what the point in its middle looks like there.
WATCH = """async (address) => {
  const film = document.createElement("video");
  film.muted = true;
  film.src = address;
  await new Promise((done, fail) => { film.onloadeddata = done; film.onerror = () => fail(film.error.message); });
  const canvas = document.createElement("canvas");
  canvas.width = film.videoWidth; canvas.height = film.videoHeight;
  const pen = canvas.getContext("2d"), points = [];
  for (const moment of [0.05, 0.3, 0.55]) {
    const drawn = new Promise((done) => film.requestVideoFrameCallback(done));  // found is not yet drawn
    await new Promise((done) => { film.onseeked = done; film.currentTime = moment; });
    await Promise.race([drawn, new Promise((done) => setTimeout(done, 2000))]);
    pen.drawImage(film, 0, 0);
    points.push([...pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data]);
  }
  return {lasts: film.duration, size: [film.videoWidth, film.videoHeight], points};
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty one."""
    page = browser.new_page()
    yield page
    page.close()


def watched(page: Page, name: str, content: bytes) -> dict[str, Any]:
    """What a browser makes of a film."""
    address = f"data:video/{name.rpartition('.')[2]};base64,{b64encode(content).decode()}"
    found = page.evaluate(WATCH, address)
    assert isinstance(found, dict)
    return found


def anew(content: bytes) -> bytes:
    target = io.BytesIO()
    video(io.BytesIO(content), target)
    return target.getvalue()


@pytest.mark.parametrize("name", [name for name in EVERY if name != "h265.mp4"])  # which not every browser plays
def test_a_film_plays_as_it_did(page: Page, name: str) -> None:
    before, after = watched(page, name, recording(name)), watched(page, name, anew(recording(name)))
    assert before["size"] == after["size"] == [64, 48]
    assert before["points"] == after["points"]
    assert len({tuple(point) for point in after["points"]}) == 3, "it moves"
    assert abs(before["lasts"] - after["lasts"]) < 0.1


def test_a_film_that_a_phone_recorded_on_its_side_is_shown_upright(page: Page) -> None:
    found = watched(page, "h264.mp4", anew(turned(recording("h264.mp4"))))
    assert found["size"] == [48, 64]
    assert found["points"] == watched(page, "h264.mp4", turned(recording("h264.mp4")))["points"]
