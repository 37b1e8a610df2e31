"""What the roles in a meeting are called: by its method where it has words of its own, else as everywhere.

The one place: screens, papers and mails have role words from here, and texts of phases have them where they say `{case_giver}`. A word
stands without an article and in the singular; sentences say *the* before it, which in Dutch is *de*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from facilitator.core import languages
from facilitator.methods.loader import load_catalogue
from facilitator.methods.usual import ROLES, with_roles
from facilitator.methods.vocabulary import MethodHead


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


def role_names(method_key: str, language: str, kept: MethodHead | None = None) -> RoleNames:
    """The words for the roles of a method in a language; those of everywhere, where the method is gone and no copy of it was `kept`."""
    method = kept or (load_catalogue().get(method_key) if method_key else None)
    own: Mapping[Any, str] = method.texts[language].roles if method and language in method.texts else {}
    return RoleNames(**with_roles(language if language in ROLES else languages.FALLBACK, own))


def heading(word: str) -> str:
    """A word as it begins a line."""
    return word[:1].upper() + word[1:]
