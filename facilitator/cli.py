"""The commands. Promises: exit code 0 done, 1 failed, 2 wrong usage; an error is one line on standard error.

Each command imports what it needs when it runs, so that none waits for another's libraries.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from facilitator.core import languages, logs
from facilitator.core.private import keep_private

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from facilitator.accounts.models import Organisation
    from facilitator.core.config import Settings

PORT = 5000

data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("instance"),
    envvar="FACILITATOR_DATA",
    help="Folder with everything of this installation (default: instance).",
)


class FileName(click.Path):
    """A file to read or to write. In the address of a database what follows a question mark would be an option."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:  # Any: as click has it
        """The path; a folder, a device, no name, or one that no database can have is wrong usage."""
        if not str(value) or "?" in str(value):
            self.fail("a file needs a name, without a question mark", param, ctx)
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if os.path.lexists(found) and not found.is_file():
            self.fail(f"{value} is no file", param, ctx)
        return found


written_file = click.argument("file", type=FileName(dir_okay=False, path_type=Path))
read_file = click.argument("file", type=FileName(exists=True, dir_okay=False, path_type=Path))


class SpokenLanguage(click.ParamType[str]):
    """A language that the interface speaks when the command is run."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code; another one is wrong usage."""
        return click.Choice(languages.spoken()).convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """What can be chosen, for `--help`."""
        return click.Choice(languages.spoken()).get_metavar(param, ctx)


def main() -> None:
    """Run a command; whatever fails becomes one line, and whatever is written is its owner's alone."""
    keep_private()
    print_whatever_letters()
    try:
        refuse_broken_letters(sys.argv[1:])
        code = commands(prog_name="facilitator", standalone_mode=False)
        click.echo("", nl=False)  # flushes
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("stopped before it was done")
    except BrokenPipeError:
        say_no_more()
        sys.exit(1)
    except Exception as error:  # the last resort: a person reads this, not a programmer
        logging.getLogger(__name__).debug("failed", exc_info=True)
        from facilitator.operations.failures import reason

        fail(reason(error))
    else:
        sys.exit(code if isinstance(code, int) else 0)


def print_whatever_letters() -> None:
    """Also those that the terminal does not have; a stream that was closed is None."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def fail(says: str, code: int = 1) -> NoReturn:
    """Ends with one line on standard error."""
    with contextlib.suppress(OSError):
        click.echo(f"Error: {' '.join(says.split())}", err=True)
    say_no_more()
    sys.exit(code)


def say_no_more() -> None:
    """What could not be printed would have Python complain once more at the end."""
    try:
        click.echo("", nl=False)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse_broken_letters(words: Sequence[str]) -> None:
    """What cannot be written down as it was typed. Raises UsageError."""
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            raise click.UsageError(f"this is not UTF-8: {word}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="facilitator")
def commands() -> None:
    """Facilitate peer consultation on one screen and everybody's phone."""
    level = os.environ.get("FACILITATOR_LOG_LEVEL", "INFO").upper()
    known = level in logging.getLevelNamesMapping()
    logs.begin(level if known else "INFO")
    for talkative in ("alembic", "flask_wtf.csrf"):
        logging.getLogger(talkative).setLevel("WARNING")


@commands.command()
@click.option("--host", default="", envvar="FACILITATOR_HOST", help="Address to listen on (default: all).")
@click.option(
    "--port",
    envvar="FACILITATOR_PORT",
    type=click.IntRange(0, 65535),
    help=f"Port to listen on (default: {PORT}, or the next one that is free).",
)
@data_option
def run(host: str, port: int | None, data_dir: Path) -> None:
    """Bring the database up to date and serve."""
    from facilitator.serving.server import serve

    settings = load_settings(data_dir)
    # Behind a public address somebody counts on the usual port.
    may_move = port is None and settings.public_url is None
    host = host.strip().removeprefix("[").removesuffix("]")  # one of IPv6 may come as it stands in an address
    serve(settings, host, PORT if port is None else port, may_move=may_move)


@commands.command()
@click.option(
    "--backup",
    type=click.Path(path_type=Path),
    help="Restore this copy, or the newest in this folder, to see; else that of FACILITATOR_BACKUPS.",
)
@data_option
def doctor(backup: Path | None, data_dir: Path) -> None:
    """Look for what would keep this installation from working; changes nothing."""
    from facilitator.operations.doctor import examine

    findings = examine(load_settings(data_dir), PORT, backup)
    for finding in findings:
        click.echo(str(finding))
    if not all(finding.is_fine for finding in findings):
        sys.exit(1)


@commands.command()
@click.option("--language", default=languages.DEFAULT, show_default=True, type=SpokenLanguage())
@data_option
def demo(language: str, data_dir: Path) -> None:
    """Fill a fresh data folder with an example to look around in, and say how to sign in."""
    from facilitator.demo.content import example
    from facilitator.demo.filling import NotEmpty, fill

    with ready_app(data_dir).app_context():
        try:
            found = fill(example(language), language, lambda what: click.echo(f"  {what} …", err=True))
        except NotEmpty as error:
            sentence = f"there are people in {data_dir} already: choose another folder with --data"
            raise click.ClickException(sentence) from error
    click.echo(f"The example is in {data_dir}; `facilitator run --data {data_dir}` serves it. Sign in with:")
    for role, address in (
        ("administrator", found.administrator),
        ("moderator", found.moderator),
        ("member", found.member),
    ):
        click.echo(f"  {role:14} {address}")
    click.echo(f"  {'password':14} {found.password}")


@commands.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--name", prompt=True)
@click.option("--email", prompt="E-mail")
@click.option("--organisation", prompt=True)
@click.option("--role", default="administrator", show_default=True, help="administrator, moderator or member.")
@click.option("--language", default=languages.DEFAULT, show_default=True, type=SpokenLanguage())
@click.password_option(help="Asked for if not given; what is given here is seen by others on this machine.")
@data_option
def create_user(
    name: str, email: str, organisation: str, role: str, language: str, password: str, data_dir: Path
) -> None:
    """Make an account."""
    from facilitator.accounts import actions
    from facilitator.core.refusals import Refused

    with ready_app(data_dir).app_context():
        try:
            actions.create_user(name, email, password, organisation, role, language)
        except Refused as refused:
            raise click.ClickException(str(refused)) from refused
    click.echo(f"{name} can sign in now.")


@user.command("forget-passwords")
@data_option
def forget_passwords(data_dir: Path) -> None:
    """Forget every password, where the salt they were made with is lost: everybody chooses a new one by mail."""
    from facilitator.operations.installation import forget_passwords as forget

    click.echo(f"Passwords forgotten: {forget(load_settings(data_dir))}. Whoever had one chooses a new one at /reset.")


@commands.command()
@written_file
@data_option
def backup(file: Path, data_dir: Path) -> None:
    """Copy the database to FILE and the keys to FILE.keys, also while it is in use."""
    from facilitator.operations.backups import back_up

    done = back_up(load_settings(data_dir), file)
    click.echo(f"Texts in {file}, their keys in {done.keys}, read again. Keep them apart, and only the newest keys.")
    click.echo(f"To restore on another machine you also need {data_dir / 'secrets'}.")
    say_what_cannot_be_read(done.unreadable)


@commands.command()
@read_file
@data_option
def restore(file: Path, data_dir: Path) -> None:
    """Put back what `backup` wrote, also while it is in use. What was erased since stays erased."""
    from facilitator.operations.backups import put_back

    done = put_back(load_settings(data_dir), file)
    settle(data_dir)
    click.echo("Restored." if done.keys else f"Restored. There is no {file}.keys: the keys stay as they are.")
    say_what_cannot_be_read(done.unreadable)


def say_what_cannot_be_read(count: int) -> None:
    """A copy was made or put back, but not all of it can be read: that is no success."""
    if count:
        raise click.ClickException(f"{count} things in it cannot be read: see `facilitator doctor`")


@commands.command()
@click.option("--due", is_flag=True, required=True, help="What is over its time, and nothing else.")
@data_option
def erase(due: bool, data_dir: Path) -> None:  # noqa: ARG001 – said out loud, so that nobody erases by mistake
    """Erase what is over its time; a server that runs does so by itself every hour. Fails while the clock is in doubt."""
    told, erased = erase_what_is_due(data_dir)
    click.echo(f"Erased: {erased}. Mails about what goes in a week: {told}.")


@commands.command("clock")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="Say what day it is, so that this clock is trusted again."
)
@data_option
def look_at_clock(today: datetime | None, data_dir: Path) -> None:
    """Tell whether the clock can be trusted with what cannot be undone: erasing, publishing, mailing.

    After a long pause nobody but you can know that it is right: say so with --today.
    """
    from facilitator.core.clock import clock, is_day_of
    from facilitator.core.db import now

    moment = now()
    with ready_app(data_dir).app_context():
        if today is not None and not is_day_of(today.date(), moment):
            raise click.ClickException(
                f"the clock says {moment:%Y-%m-%d}: set the clock of this machine, then try again"
            )
        if today is not None:
            clock().confirm(moment)
        doubt = clock().doubt(moment)
    if doubt is not None:
        raise click.ClickException(str(doubt))
    click.echo(f"The clock is trusted; it says {moment:%Y-%m-%d %H:%M} UTC.")


def settle(data_dir: Path) -> None:
    """Erases again what was erased since the copy was taken, and makes the index of the archive anew."""
    from facilitator.archive.search.reindexing import reindex as every_card
    from facilitator.core.clock import ClockInDoubt
    from facilitator.core.db import now
    from facilitator.retention.erasing import settle_after_restoring

    with ready_app(data_dir).app_context():
        try:
            settle_after_restoring(now())
        except ClockInDoubt as doubt:
            click.echo(f"What is over its time stays for now: {doubt}.", err=True)
        every_card()


def erase_what_is_due(data_dir: Path) -> tuple[int, int]:
    """Erases here and now what was told of a week ago, and tells of what goes next; answers how many mails and things."""
    from facilitator.core.db import now
    from facilitator.retention.announcing import warn_due
    from facilitator.retention.erasing import erase_due

    with ready_app(data_dir).app_context():
        return warn_due(now()), erase_due(now())


@commands.command()
@data_option
def reindex(data_dir: Path) -> None:
    """Make the archive's index anew, also while it is in use; until that is done, a search finds less."""
    from facilitator.archive.search.reindexing import reindex as every_card
    from facilitator.questions.similar import index_all as every_question

    with ready_app(data_dir).app_context():
        click.echo(f"Cards in the index: {every_card()}.")
        click.echo(f"Questions in the index: {every_question()}.")


organisation_option = click.option("--organisation", default="", help="Its name; needed where there are several.")


@commands.command("export")
@written_file
@organisation_option
@data_option
def export_archive(file: Path, organisation: str, data_dir: Path) -> None:
    """Write the whole archive to FILE, a zip of Markdown and JSON that can be read without this product."""
    from facilitator.archive.exchange.exporting import export
    from facilitator.operations.installation import refuse_own

    refuse_own(load_settings(data_dir), file)
    with ready_app(data_dir).app_context():
        cards, damaged = export(the_organisation(organisation), file)
    click.echo(f"Cards in {file}: {cards}. Those of groups are among them: keep it to yourself.")
    if damaged:
        raise click.ClickException(
            f"{damaged} things in the archive cannot be read and were left out: `facilitator doctor`"
        )


@commands.command("import")
@read_file
@organisation_option
@data_option
def import_archive(file: Path, organisation: str, data_dir: Path) -> None:
    """Add what `export` wrote: all of it or nothing. What is here already stays as it is."""
    from facilitator.archive.exchange.importing import bring_in
    from facilitator.archive.exchange.reading import NotAnArchive, read

    try:
        document = read(file)
    except NotAnArchive as wrong:
        raise click.ClickException(str(wrong)) from wrong
    with ready_app(data_dir).app_context():
        try:
            done = bring_in(the_organisation(organisation), document, file)
        except NotAnArchive as wrong:
            raise click.ClickException(str(wrong)) from wrong
    click.echo(f"New cards: {done.new}; here already: {done.known}; taken back earlier and left out: {done.withdrawn}.")


def the_organisation(name: str) -> Organisation:
    """The organisation of this name, or the only one."""
    from sqlalchemy import select

    from facilitator.accounts.models import NOBODYS, Organisation
    from facilitator.core.db import db
    from facilitator.core.text import is_same_name

    theirs = select(Organisation).where(Organisation.id != NOBODYS)
    every = list(db.session.scalars(theirs.order_by(Organisation.name)))
    found = [one for one in every if not name or is_same_name(one.name, name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in every) or "none yet"
    raise click.ClickException(f"say which organisation you mean with --organisation: {names}")


@commands.command("hint")
@click.argument("language", type=SpokenLanguage())
def tell_questions_apart(language: str) -> None:
    """Read a question on each line; tell of each whether it is advice, closed, leading, stacked or open."""
    from facilitator.methods.hints import asked

    for line in click.open_file("-", encoding="utf-8", errors="replace") if sys.stdin else ():
        click.echo(asked(line, language))


@commands.group(invoke_without_command=True)
@click.pass_context
def methods(context: click.Context) -> None:
    """List the methods."""
    if context.invoked_subcommand is None:
        from facilitator.methods.loader import load_catalogue

        for key, method in load_catalogue().items():
            words = method.text(languages.FALLBACK)
            click.echo(f"{key:20} {words.title}")


@methods.command("check")
@read_file
def check_method(file: Path) -> None:
    """Judge a method file; every problem is a line."""
    from facilitator.methods.loader import check_file

    problems = check_file(file)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{file} is fine.")


def load_settings(data_dir: Path) -> Settings:
    """The settings; a bad one ends the command."""
    from facilitator.core.config import Settings, SettingsError

    try:
        return Settings.load(data_dir, os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def ready_app(data_dir: Path) -> Flask:
    """The application on a database that is up to date."""
    from facilitator import create_app
    from facilitator.operations.installation import prepare

    return create_app(prepare(load_settings(data_dir)))
