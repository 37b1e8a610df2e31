"""Patches the standard library for gevent before anything else is imported, then hands over to the commands."""

from gevent import monkey

monkey.patch_all()


def main() -> None:
    """The `facilitator` command."""
    from facilitator.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
