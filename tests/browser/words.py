"""What buttons and fields are called in a language, so that the same sentences of a test play in Dutch as well."""

from __future__ import annotations

from gettext import NullTranslations

from babel.support import Translations

from tests.browser.chromium import ROOT


class Words:
    """Called with an English text of the interface, answers the one on the screen."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.found: NullTranslations = NullTranslations()
        if language != "en":
            self.found = Translations.load(ROOT / "facilitator" / "translations", [language])

    def __call__(self, english: str) -> str:
        return self.found.gettext(english)
