"""An instruction card of a card: one page, large, to hang beside the work.

Promises: it holds what the card holds and no more; a card without steps of its own gives its action and its advice as steps.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask_babel import gettext as _

from facilitator.archive.content import CardContent, Step
from facilitator.pdf import Typeset, typeset

LONGEST_SIDE = 900


def instruction(content: CardContent, pictures: Mapping[str, bytes], *, locale: str, address: str) -> Typeset:
    """The page. `pictures` holds the pictures of steps by their id, as WebP; `address` is where the card is to be found."""
    steps = content.steps or tuple(Step(text) for text in (content.action, *content.advice) if text)
    facts = ((_("When to use it"), content.when_to_use), (_("When not"), content.when_not))
    data = {
        "kind": _("Instruction card"),
        "title": content.title,
        "lead": content.question or content.summary,
        "steps": [_step(step, pictures) for step in steps],
        "facts": [[label, text] for label, text in facts if text],
        "foot": address,
    }
    return typeset("instruction", data, locale=locale, title=content.title)


def _step(step: Step, pictures: Mapping[str, bytes]) -> dict[str, object]:
    found = pictures.get(step.picture_id)
    picture = _numbers(found) if found else None
    return {"text": step.text, "picture": picture, "alt": step.alt or step.text}


def _numbers(picture: bytes) -> list[int]:
    """A picture as data can hold it, byte by byte, in the size in which it is printed."""
    from PIL import Image  # large, and needed for pictures only

    with Image.open(io.BytesIO(picture)) as found:
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        target = io.BytesIO()
        found.convert("RGB").save(target, "JPEG", quality=82)
    return list(target.getvalue())
