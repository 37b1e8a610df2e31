"""What the roles in a meeting are called: by its method where it has words of its own, else as everywhere.

The one place: screens, papers and mails have role words from here, and texts of phases have them where they say `{case_giver}`. A word
stands without an article and in the singular; sentences say *the* before it, which in Dutch is *de*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from facilitator.core import languages
from facilitator.methods.usual import ROLES, with_roles
from facilitator.methods.vocabulary import MethodHead

RoleWords = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RoleNames:
    """A word for each role."""

    case_giver: str
    timekeeper: str
    note_taker: str
    observer: str

    def of(self, role: str) -> str:
        """The word for a role; empty where it is none of these."""
        return str(asdict(self).get(role, ""))


def roles_of(method: MethodHead) -> dict[str, dict[str, str]]:
    """What a method calls the roles, by each language that it has."""
    return {
        language: {role.value: word for role, word in texts.roles.items()} for language, texts in method.texts.items()
    }


def role_names(language: str, words: RoleWords) -> RoleNames:
    """The words for the roles in a language, those of a method in place of the usual ones. A method that does not have the language has
    its own words in another.
    """
    own = words.get(languages.nearest(language, words), {})
    return RoleNames(**with_roles(language if language in ROLES else languages.FALLBACK, own))


def heading(word: str) -> str:
    """A word as it begins a line."""
    return word[:1].upper() + word[1:]
