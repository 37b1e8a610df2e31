"""`facilitator run`: gunicorn with one gevent worker, inside this command.

Promises: the database is up to date before the first answer, addresses are printed when it can answer, and Ctrl-C ends
it within three seconds, open phones or not.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import resource
import signal
import socket
import time
from typing import Any

import click
import gevent
from click import ClickException
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.ggevent import GeventWorker

from facilitator.core.addresses import EVERYWHERE, LISTENING, answering, in_url
from facilitator.core.config import Settings
from facilitator.serving.headers import dressed

STOP_SECONDS = 2
JOBS_WAIT_SECONDS = 1
LET_GO_SECONDS = 4.0
NEARBY = 20
PORTS = 65536
ANSWERED_SECONDS = 1.0
OTHERWISE = 'choose another one, as in `facilitator run --port 8080` or `make run ARGS="--port 8080"`'
PHONES = 10_000
KEPT_SECONDS = 125  # longer than proxies keep idle connections to a server: nginx a minute, Caddy two
ALL = ""  # no host asked for
WAITING = 2048
logger = logging.getLogger(__name__)
FAILED = "500 Internal Server Error"
UNREADABLE = {
    LimitRequestLine: "414 URI Too Long",
    LimitRequestHeaders: "431 Request Header Fields Too Large",
    ExpectationFailed: "417 Expectation Failed",
    UnsupportedTransferCoding: "501 Not Implemented",
}
NO_NETWORK = "this computer is on no network: connect it, and the lobby shows the address"
UNENCRYPTED = "Over http everybody on the same Wi-Fi can read along; docs/hosting.md shows the two-line way to TLS."


def serve(settings: Settings, host: str, port: int, *, may_move: bool = False) -> None:
    """Serve until stopped; where it may move, on the next port that is free. Raises ClickException if the address cannot be had, and
    SettingsError where another server works with the same data.
    """
    from facilitator.operations.installation import prepare
    from facilitator.serving.alone import hold

    with hold(settings, LET_GO_SECONDS):
        listener = listen_nearby(host, port) if may_move else listen(host, port)
        settings = prepare(settings)
        allow_many_phones()
        share_what_is_loaded()
        Server(settings, listener).run()  # type: ignore[no-untyped-call]


def listen_nearby(host: str, port: int) -> socket.socket:
    """The same on the first port from this one on that nobody has, and says so where it is another one."""
    for nearby in range(port, min(port + NEARBY, PORTS)):
        if is_answered(host, nearby):
            continue
        try:
            listener = listen(host, nearby, wait=0)
        except ClickException as refused:
            if isinstance(refused.__cause__, OSError) and refused.__cause__.errno == errno.EADDRINUSE:
                continue
            raise
        if nearby != port:
            click.echo(f"Port {port} is taken by another program, so this is {nearby}; --port chooses one.")
        return listener
    raise ClickException(f"ports {port} to {port + NEARBY - 1} are taken: choose one with --port")


def is_answered(host: str, port: int) -> bool:
    """Whether another program listens there. Asked, because some systems let a second one listen beside it."""
    with contextlib.suppress(ValueError):
        could_be(host)
        for place in near(host):
            with contextlib.suppress(OSError), socket.create_connection((place, port), ANSWERED_SECONDS):
                return True
    return False


def could_be(host: str) -> None:
    """Raises ValueError for what can be no host's name. Names are looked up in a thread, which would write of it in the log as well."""
    host.encode("idna")


def near(host: str) -> tuple[str, ...]:
    """Where this computer reaches what listens on a host."""
    return {ALL: ("127.0.0.1", "::1"), "0.0.0.0": ("127.0.0.1",), "::": ("::1",)}.get(host, (host,))  # noqa: S104 – compared, not listened on


def listen(host: str, port: int, wait: float = LET_GO_SECONDS) -> socket.socket:
    """The socket, taken before anything else so that a port in use is one clear line. Port 0 means any free one. ALL is every
    address of IPv6 and IPv4, where this system has both.
    """
    if host == ALL:
        host = "::" if has_both() else "0.0.0.0"  # noqa: S104 – phones have to reach it
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms pass before a small answer leaves
    try:
        could_be(host)
        if host == "::":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bind(listener, host, port, wait)
        listener.listen(WAITING)
    except (OSError, ValueError, TypeError) as error:  # the last two for what can be the name of no host
        listener.close()
        why = error.strerror if isinstance(error, OSError) else "it is no address"
        raise ClickException(f"cannot listen on {host} port {port}: {why}; {OTHERWISE}") from error
    return listener


def has_both() -> bool:
    """Whether one socket can listen on every address of IPv6 and of IPv4."""
    if not socket.has_dualstack_ipv6():
        return False
    try:
        with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True):
            return True
    except OSError:  # IPv6 is switched off
        return False


def bind(listener: socket.socket, host: str, port: int, wait: float) -> None:
    """Take the address. The worker of a server that was killed holds on to it for a second or two. Raises OSError."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return listener.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def allow_many_phones() -> None:
    """Each phone is an open file; systems start with as few as 256."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = PHONES * 2 if most == resource.RLIM_INFINITY else min(most, PHONES * 2)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def share_what_is_loaded() -> None:
    """Load the code before the worker is made of this process: it then lies in memory once, and a new worker is quick.

    Only code: nothing that is open is shared. The garbage collector would find nothing while code is loaded, and what is
    frozen it leaves alone, so that no page of memory is copied for it.
    """
    gc.disable()
    import facilitator.app  # noqa: F401

    gc.freeze()
    gc.enable()


class Worker(GeventWorker):
    """Gunicorn's, but for what it answers by itself: with the headers of every answer, and without quoting the request."""

    def handle_error(self, _req: object, client: socket.socket, _addr: object, error: BaseException) -> None:
        """Say in a few words that a request cannot be read – anybody may send such a thing, so it is not logged – or that
        something failed here.
        """
        status = UNREADABLE.get(type(error), "400 Bad Request") if isinstance(error, ParseException) else FAILED
        if status == FAILED:
            logger.error("a request failed beside the application", exc_info=error)
        headers = dressed([("Content-Type", "text/plain"), ("Connection", "close")], self.app.settings, host="")
        body = status.encode()
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
        with contextlib.suppress(OSError):
            client.sendall("\r\n".join([*lines, "", ""]).encode() + body)


class Server(BaseApplication):
    """Gunicorn, told by us instead of by files."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self.settings = settings
        self.address = listener.getsockname()
        self.handle = listener.detach()  # gunicorn makes its own of it and closes this one
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """One worker: sockets and clocks of one meeting live in one process; more workers are more of these commands."""
        values = {
            "bind": f"fd://{self.handle}",
            "workers": 1,
            "worker_class": Worker,
            "worker_connections": PHONES,
            "backlog": WAITING,
            "graceful_timeout": STOP_SECONDS,
            "keepalive": KEPT_SECONDS,
            "timeout": 60,
            "loglevel": "error",
            "accesslog": None,  # it would tell when somebody wrote
            "forwarded_allow_ips": "",  # FACILITATOR_TRUSTED_PROXIES decides, and nothing else
            "control_socket_disable": True,
            "proc_name": "facilitator",
            "post_worker_init": self.worker_is_ready,
        }
        assert self.cfg is not None
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the worker: nothing that is open is shared across the fork."""
        from facilitator import create_app

        app = create_app(self.settings)
        app.extensions[LISTENING] = self.address[:2]
        return app

    def worker_is_ready(self, worker: Any) -> None:
        """Say where, once; a worker that replaces a dead one says nothing. Who is there already is answered before the jobs."""
        # Ctrl-C reaches the worker as well as its supervisor, whose word it then gets a second time.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if worker.age == 1:
            announce(worker.wsgi, self.settings, self.address)
        gevent.spawn_later(JOBS_WAIT_SECONDS, self.start_jobs, worker.wsgi)

    def start_jobs(self, app: Flask) -> None:
        """What is due is done from here on."""
        from facilitator.operations.jobs import start_jobs

        start_jobs(app)


def announce(app: Flask, settings: Settings, listening: tuple[str, int]) -> None:
    """Print the addresses and, while there is no account, the one-time link; an empty line ends it."""
    from facilitator.accounts.welcome import link_token

    host, port = listening[:2]
    everywhere = host in EVERYWHERE
    local = f"http://{'127.0.0.1' if everywhere else in_url(host)}:{port}"
    click.echo("Facilitator is running; Ctrl-C stops it.")
    click.echo(f"  On this computer  {local}")
    if settings.public_url or everywhere:
        first, *others = [settings.public_url] if settings.public_url else for_phones(host, port)
        click.echo(f"  For phones        {first}")
        for other in others:
            click.echo(f"    or              {other}")
    with app.app_context():
        token = link_token()
    if token:
        click.echo(f"  First account     {local}/welcome/{token}")
    if not settings.is_https:
        click.echo(f"  {UNENCRYPTED}")
    click.echo("")  # click flushes


def for_phones(host: str, port: int) -> list[str]:
    """Where phones come to, the likeliest address first."""
    return [f"http://{address}:{port}" for address in answering(host)] or [NO_NETWORK]
