"""What a card that somebody adds needs before colleagues can use it, and as long as they can: asked when it is published, and
of every change to it afterwards, before anything is let go of.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from facilitator.archive.content import Form


def lacks(form: Form, kinds: Collection[str], has_steps: bool, link: str, is_silent: bool) -> str:
    """What is missing, as a sentence; empty where nothing is. `kinds`: those of its files."""
    if form == Form.INSTRUCTION and not has_steps:
        return str(_("Write at least one step."))
    if form == Form.PRESENTATION and "paper" not in kinds:
        return str(_("Choose the presentation as PDF."))
    if form == Form.VIDEO and not link and "video" not in kinds:
        return str(_("Choose a video, or fill in a link to one."))
    if form == Form.VIDEO and "video" in kinds and "captions" not in kinds and not is_silent:
        return str(_("Add captions for whoever cannot hear it, or say that nobody speaks in it."))
    return ""
