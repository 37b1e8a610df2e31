"""The baseline: a minimal Flask-SocketIO application on the same embedded server, without a database and without secrets.

`python -m bench.bare PORT`. POST /press with `bytes` emits that many to everybody.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

from facilitator.serving.server import allow_many_phones, listen  # noqa: E402

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
EVERYBODY = "everybody"


@socketio.on("connect")
def connect() -> None:
    join_room(EVERYBODY)
    socketio.emit("screen", {"turn": 0, "html": ""}, to=request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it


@app.post("/press")
def press() -> str:
    size = max(0, int(request.form["bytes"]) - 45)
    socketio.emit("screen", {"turn": int(request.form["turn"]) + 1, "html": "x" * size}, to=EVERYBODY)
    return "done"


@app.get("/healthz")
def healthz() -> str:
    return "alive"


class Server(BaseApplication):
    """Gunicorn with the same settings as the product's."""

    def load_config(self) -> None:
        listener = listen("127.0.0.1", int(sys.argv[1]))
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        values = {
            "bind": f"fd://{listener.detach()}",
            "workers": 1,
            "worker_class": "gevent",
            "worker_connections": 10_000,
            "graceful_timeout": 1,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        assert self.cfg is not None
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return app


if __name__ == "__main__":
    allow_many_phones()
    Server().run()  # type: ignore[no-untyped-call]  # the library is half typed
