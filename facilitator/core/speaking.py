"""One language for a while: what is rendered in it does not ask for every word again which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import NullTranslations
from flask import Flask
from flask_babel import force_locale, get_translations

_spoken: ContextVar[NullTranslations | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Has everything inside said in a language, whoever asked."""
    with force_locale(locale):
        before = _spoken.set(get_translations())
        try:
            yield
        finally:
            _spoken.reset(before)


def init_app(app: Flask) -> None:
    """Has templates ask here; outside of `speaking` the request's language is looked up, as Flask-Babel does."""

    def spoken() -> NullTranslations:
        return _spoken.get() or get_translations()

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Jinja's extension adds it
        gettext=lambda text: spoken().ugettext(text),
        ngettext=lambda one, many, count: spoken().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: spoken().upgettext(context, text),
        npgettext=lambda context, one, many, count: spoken().unpgettext(context, one, many, count),
    )
