"""What is said of methods to whoever chooses one: aims, experience, what speaks for a method and what against it."""

from __future__ import annotations

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from facilitator.methods.choosing import Misfit, Proposal, Reason, Wish
from facilitator.methods.vocabulary import Aim, Experience

AIMS: dict[Aim, LazyString] = {
    Aim.SOLVE: _l("Find a way forward with a question"),
    Aim.UNDERSTAND: _l("Understand a question better"),
    Aim.RELATION: _l("Look at a relation, and at the feeling in it"),
    Aim.PATTERN: _l("See a pattern that keeps coming back"),
    Aim.LEARN: _l("Learn from what went well, or from each other's work"),
    Aim.EVALUATE: _l("Look back on a project"),
}
EXPERIENCES: dict[Experience, LazyString] = {
    Experience.NEW: _l("New to this, or to each other"),
    Experience.SOME: _l("Has done this a few times"),
    Experience.EXPERIENCED: _l("Experienced, and used to each other"),
}


def against(misfit: Misfit) -> str:
    """Why a method is not for this group now, as a sentence."""
    match misfit.reason:
        case Reason.TOO_FEW:
            said = ngettext(
                "It needs at least %(needed)s people, and there is %(num)s.",
                "It needs at least %(needed)s people, and there are %(num)s.",
                misfit.found,
                needed=misfit.needed,
            )
        case Reason.TOO_MANY:
            said = _(
                "It is for at most %(needed)s people, and there are %(found)s.",
                needed=misfit.needed,
                found=misfit.found,
            )
        case Reason.TOO_SHORT:
            said = _(
                "It needs at least %(needed)s minutes, and there are %(found)s.",
                needed=misfit.needed,
                found=misfit.found,
            )
        case Reason.TOO_NEW:
            said = _("It asks for a group with more experience.")
        case Reason.NOT_SAFE:
            said = _("It is for a group whose members know and trust each other.")
    return str(said)


def speaking_for(proposal: Proposal, wish: Wish) -> str:
    """Why a method is proposed, in a sentence."""
    method = proposal.method
    figures = {
        "aim": str(AIMS[wish.aim]),
        "minutes": proposal.minutes,
        "have": wish.minutes,
        "least": method.people_min,
        "most": method.people_max,
    }
    if proposal.minutes > wish.minutes:
        said = _(
            "%(aim)s: that is what it is for; it usually takes %(minutes)s minutes and can be held in your %(have)s, with %(least)s to"
            " %(most)s people.",
            **figures,
        )
    else:
        said = _(
            "%(aim)s: that is what it is for; it takes %(minutes)s of your %(have)s minutes, with %(least)s to %(most)s people.",
            **figures,
        )
    return str(said)
