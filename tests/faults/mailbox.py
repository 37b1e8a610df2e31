"""A mail server that keeps what it took, and the history of a day checked against what was due.

What "once" can mean: whoever is killed after a server took a mail and before that was noted cannot know it. So a mail comes again at
most once for each kill, under the same id and as the same entry of a calendar, by which mailboxes and calendars know it. A finding is
a sentence; an empty list is the proof.
"""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

import icalendar

MEETING, ACTION, QUESTIONS = "meeting", "action", "questions"
KINDS = {
    "Facilitator: a meeting": MEETING,
    "Facilitator: something you planned": ACTION,
    "Facilitator: new questions": QUESTIONS,
}
Due = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as the server took it. `entry`: of whose calendar it is which entry, in which count, if it is of any."""

    id: str
    to: str
    kind: str
    entry: str

    @classmethod
    def of(cls, content: bytes) -> Taken:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        return cls(str(mail["Message-ID"]), str(mail["To"]), KINDS[str(mail["Subject"])], _entry(mail))


def _entry(mail: EmailMessage) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
            return f"{mail['To']} {event['uid']} {event['sequence']}"
    return ""


@dataclass
class Mailbox:
    """Everything that was taken, in order. `then` is called with how many there are, before the server says that it took a mail."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    then: Callable[[int], None] = lambda _count: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, content: bytes) -> None:
        mail = Taken.of(content)
        with self.lock:
            self.taken.append(mail)
            count = len(self.taken)
        self.then(count)


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A server that takes whatever comes, from many at once."""
    box = Mailbox()

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            """Speaks as much of SMTP as a sender needs; one that is killed hangs up."""
            with suppress(OSError):
                self._say(b"220 here")
                while said := self.rfile.readline().strip().upper():
                    if said == b"DATA":
                        self._say(b"354 go on")
                        lines = list(iter(self.rfile.readline, b".\r\n"))
                        if not lines or not lines[-1]:
                            return
                        box.take(b"".join(lines))
                    self._say(b"221 bye" if said == b"QUIT" else b"250 fine")
                    if said == b"QUIT":
                        return

        def _say(self, words: bytes) -> None:
            self.wfile.write(words + b"\r\n")

    class Door(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 50

    with Door(("127.0.0.1", 0), Line) as door:
        box.port = door.server_address[1]
        threading.Thread(target=door.serve_forever, daemon=True).start()
        yield box
        door.shutdown()


def findings(taken: Sequence[Taken], due: Due, kills: int) -> list[str]:
    """Everything that is wrong with a day. `due`: how many mails of a kind are due to an address."""
    return [*_lost_or_new(taken, due), *_more_than_once(taken, kills)]


def _lost_or_new(taken: Sequence[Taken], due: Due) -> Iterator[str]:
    """Of everything that is due there is one mail, and of nothing else."""
    came = Counter((mail.to, mail.kind) for mail in {mail.id: mail for mail in taken}.values())
    for to, kind in {*due, *came}:
        if came[to, kind] != due.get((to, kind), 0):
            yield f"{to} got {came[to, kind]} mails of the kind {kind}, and {due.get((to, kind), 0)} were due"


def _more_than_once(taken: Sequence[Taken], kills: int) -> Iterator[str]:
    """What came again was cut off by a kill, and is known as what it was."""
    again = len(taken) - len({mail.id for mail in taken})
    if again > kills:
        yield f"{again} mails came again, and only {kills} can have been cut off"
    for about in ("id", "entry"):
        known: dict[str, Taken] = {}
        for mail in taken:
            name = getattr(mail, about)
            if name and known.setdefault(name, mail) != mail:
                yield f"{name} is {known[name]} and {mail}"
