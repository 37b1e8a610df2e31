"""Builds the web application, one configure step after the other. The order matters and stands here only."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask, has_request_context
from flask_babel import format_date, format_datetime, format_decimal, format_time, get_locale
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from facilitator.accounts.configure import init_accounts
from facilitator.accounts.languages import language_of_request
from facilitator.archive.views import blueprint as archive
from facilitator.arrangements.feeding import moments_of
from facilitator.arrangements.views import together
from facilitator.calendar.actions import follow_plan
from facilitator.calendar.loading import expected
from facilitator.calendar.rota_views import rota
from facilitator.calendar.views import calendar
from facilitator.consent.views import blueprint as consent
from facilitator.core import clock, languages, sealing, speaking
from facilitator.core.config import Settings
from facilitator.core.db import db
from facilitator.core.extensions import babel, csrf, limiter
from facilitator.core.forms import take_forms_only
from facilitator.core.logs import write_only_what_the_code_says
from facilitator.core.times import lasting
from facilitator.demo.views import demo
from facilitator.editor.views import editor
from facilitator.groups.views import groups
from facilitator.meetings import live, seats, summaries
from facilitator.meetings.views import blueprint as meetings
from facilitator.mine.how_it_went import went
from facilitator.mine.rooms import FOLLOW_SEAT, PART_SEAT, follow_account
from facilitator.mine.views import mine
from facilitator.proof.views import blueprint as proof
from facilitator.questions.views import blueprint as questions
from facilitator.reports.formats.views import blueprint as formats
from facilitator.reports.reading import readable_reports
from facilitator.reports.views import blueprint as reports
from facilitator.retention.views import blueprint as retention
from facilitator.serving import health
from facilitator.serving.assets import serve_assets
from facilitator.serving.errors import show_errors_in_words
from facilitator.serving.headers import EveryAnswer
from facilitator.serving.navigation import entries_for, is_clock_held
from facilitator.serving.origins import OwnPagesOnly, refuse_foreign_hosts
from facilitator.serving.packets import PacketsOnly, init_live
from facilitator.serving.pages import pages
from facilitator.year.views import year

LARGEST_REQUEST_BYTES = 1024 * 1024

# A slice joins here: its blueprint, in one line.
BLUEPRINTS = (
    health.blueprint,
    pages,
    groups,
    meetings,
    calendar,
    rota,
    editor,
    reports,
    formats,
    proof,
    retention,
    mine,
    went,
    archive,
    consent,
    questions,
    together,
    year,
    demo,
)


def create_app(settings: Settings) -> Flask:
    """Build the application for these settings."""
    write_only_what_the_code_says()
    app = Flask("facilitator", static_folder=None)
    configure(app, settings)
    refuse_foreign_hosts(app, settings)
    take_forms_only(app)
    open_databases(app, settings)
    choose_language(app, settings)
    csrf.init_app(app)  # type: ignore[no-untyped-call]
    limiter.init_app(app)
    add_slices(app, settings)
    show_errors_in_words(app)
    stand_before(app, settings)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings. Cookies that need TLS are only made where there is TLS: elsewhere they would be dropped."""
    logging.getLogger("facilitator").setLevel(settings.log_level)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.password_salt,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST_BYTES,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_NAME="__Host-remember" if settings.is_https else "remember",
        REMEMBER_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,  # a phone that slept through a meeting still has a valid form
        RATELIMIT_STORAGE_URI=counting_place(settings.redis_url),
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,  # without Redis meetings go on
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}


def counting_place(redis_url: str | None) -> str:
    """Where requests are counted; the library has its own name for a Redis on a socket."""
    return (redis_url or "memory://").replace("unix://", "redis+unix://", 1)


def open_databases(app: Flask, settings: Settings) -> None:
    """The texts and, apart from them, their keys."""
    db.init_app(app, settings.database_url)
    keyring = sealing.init_app(app, settings.keys_url, settings.master_key)
    clock.init_app(app, keyring.engine)
    health.init_app(app, settings)


def choose_language(app: Flask, settings: Settings) -> None:
    """Everybody reads their own language, and the time of the place where the meetings are."""
    app.config["BABEL_DEFAULT_LOCALE"] = languages.DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = settings.timezone
    babel.init_app(app, locale_selector=language_of_reader)
    speaking.init_app(app)
    app.jinja_env.globals.update(
        format_date=format_date, format_time=format_time, format_datetime=format_datetime, format_decimal=format_decimal
    )
    app.jinja_env.globals["lasting"] = lasting
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["languages"] = languages
    app.jinja_env.globals["entries_for"] = entries_for
    app.jinja_env.globals["is_clock_held"] = is_clock_held


def language_of_reader() -> str:
    """What a live page sends is answered in the language it is in, everything else in the one its device asks for."""
    of_page = seats.language_of_live_page() if has_request_context() else None
    return of_page or language_of_request()


def add_slices(app: Flask, settings: Settings) -> None:
    """The rooms of the house, the lower ones first, and what a lower one is told by a higher one."""
    init_accounts(app, settings)
    app.extensions["summaries"] = summaries
    app.extensions["readable_reports"] = readable_reports
    app.extensions["follow_account"] = follow_account
    app.extensions["follow_plan"] = follow_plan
    app.extensions["moments_of"] = moments_of
    app.extensions["expected"] = expected
    app.extensions["follow_seat"], app.extensions["part_seat"] = FOLLOW_SEAT, PART_SEAT
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    limiter.exempt(health.blueprint)
    init_live(app, settings)
    live.init_app(app)


def stand_before(app: Flask, settings: Settings) -> None:
    """What sees a request before Flask does, the innermost first."""
    app.wsgi_app = PacketsOnly(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way
    app.wsgi_app = OwnPagesOnly(app.wsgi_app, settings)  # type: ignore[method-assign]
    serve_assets(app)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.wsgi_app = EveryAnswer(app, settings)  # type: ignore[method-assign]
