"""The op id of a request: a random name a page gives to one attempt to send something. Every answer echoes it, errors as
well, so that a phone knows that this very server has dealt with it and not a portal in between.
"""

from __future__ import annotations

from typing import TypeVar

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

OP_HEADER = "X-Op"
Answer = TypeVar("Answer", bound=Response)


def with_op(answer: Answer) -> Answer:
    """Echoes the op id, if it looks like one."""
    op = op_of_request()
    if 8 <= len(op) <= 64 and op.replace("-", "").replace("_", "").isalnum() and op.isascii():
        answer.headers[OP_HEADER] = op
    return answer


def op_of_request() -> str:
    """The op id: from its header, which can be read whatever the body holds, else from the form."""
    op = request.headers.get(OP_HEADER, "")
    try:
        return op or request.form.get("op", "")
    except RequestEntityTooLarge:
        return ""
