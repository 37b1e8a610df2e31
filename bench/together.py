"""The phones of `bench.burst`: several crowds in one process. Reads what to do as JSON and prints what it measured as JSON."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from urllib.parse import urlsplit

from bench.phones import Crowd, Spec


async def post(url: str, path: str, headers: dict[str, str], body: str) -> int:
    """The status of an answer."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(
        (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n{head}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()
    )
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def write(spec: Spec) -> Spec:
    """Everybody sends at once; how long until the last one is answered, and until the console hears of it."""
    crowd = Crowd(spec["crowds"][0])
    await crowd.come()
    began = time.perf_counter()
    found = await asyncio.gather(*(post(crowd.spec["url"], *one) for one in spec["writes"]))
    answered = time.perf_counter() - began
    await crowd.quiet()
    shown = max(phone.heard for phone in crowd.phones if not phone.is_phone)
    return {"stored": found.count(200), "answered": answered, "shown": shown - began}


async def come(spec: Spec) -> Spec:
    """The seconds each crowd needs until all of it has a screen."""
    seconds = []
    for crowd in map(Crowd, spec["crowds"]):
        began = time.perf_counter()
        crowd.waiting, crowd.turn = len(crowd.spec["cookies"]), -1
        await asyncio.gather(*(crowd.connect(cookie) for cookie in crowd.spec["cookies"]))
        await crowd.done.wait()
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


async def go_on(spec: Spec) -> Spec:
    """Each crowd presses on now and then; from each press to its last page."""
    crowds = [Crowd(one) for one in spec["crowds"]]
    for start in range(0, len(crowds), 10):
        await asyncio.gather(*(crowd.come() for crowd in crowds[start : start + 10]))
    until = time.perf_counter() + spec["seconds"]
    times = [
        found
        for some in await asyncio.gather(*(_presses(crowd, spec["every"], until) for crowd in crowds))
        for found in some
    ]
    times.sort()
    p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
    return {"p99": p99, "told": f"p50 {1000 * p50:.0f} ms; {len(times)} steps of {len(crowds)} meetings"}


async def _presses(crowd: Crowd, every: float, until: float) -> list[float]:
    times: list[float] = []
    await asyncio.sleep(random.uniform(0, every))
    while time.perf_counter() < until:
        began = time.perf_counter()
        times += [(await crowd.press(move))[1] for move in ("next", "back")]
        await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))
    return times


WAYS = {"write": write, "come": come, "go on": go_on}


def main(spec: Spec) -> Spec:
    """Does it."""
    return asyncio.run(WAYS[spec["do"]](spec))


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
