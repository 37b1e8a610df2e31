"""An instruction card of a card: one page, large, to hang beside the work.

Promises: it holds what the card holds and no more; a card without steps of its own gives its action and its advice as steps; it is
made in a process of its own, for the pictures in it are of people.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from flask_babel import gettext as _

from facilitator.archive.content import CardContent, Step
from facilitator.core import languages, sandbox
from facilitator.core.pdf import Typeset
from facilitator.core.sandboxed import MEGABYTE, WorkLimits

WORK = "facilitator.rewriting.instruction:instruction"
LIMITS = WorkLimits(memory=2048 * MEGABYTE, output=60 * MEGABYTE, processor_seconds=40, seconds=50)


def instruction(
    content: CardContent, pictures: Mapping[str, bytes], *, language: str, locale: str, address: str
) -> Typeset:
    """The page. `pictures` holds the pictures of steps by their id, as WebP; `language` is that of the card's words, `locale`
    that of whoever prints it; `address` is where the card is to be found. Raises Refused where it cannot be made now.
    """
    steps = content.steps or tuple(Step(text) for text in (content.action, *content.advice) if text)
    facts = ((_("When to use it"), content.when_to_use), (_("When not"), content.when_not))
    data = {
        "kind": _("Instruction card"),
        "title": content.title,
        "language": languages.code_of(language),
        "lead": content.question or content.summary,
        "steps": [_step(step, pictures) for step in steps],
        "facts": [[label, text] for label, text in facts if text],
        "foot": address,
    }
    sizes = [len(picture) for picture in pictures.values()]
    asked = json.dumps({"data": data, "locale": locale, "title": content.title, "sizes": sizes}).encode()
    done = sandbox.run(WORK, io.BytesIO(b"\n".join((asked, b"".join(pictures.values())))), LIMITS)
    return Typeset(done.content.read(), is_standard=done.answer)


def _step(step: Step, pictures: Mapping[str, bytes]) -> dict[str, object]:
    numbers = {picture_id: number for number, picture_id in enumerate(pictures)}
    return {"text": step.text, "picture": numbers.get(step.picture_id), "alt": step.alt or step.text}
