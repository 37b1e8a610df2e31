"""Writes a migration for what the models have and the history lacks: `python scripts/new_revision.py "Add cards"`.

Read and correct what it writes: it knows nothing about the data.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from facilitator.core.db import engine_for
from facilitator.migrations import config, one_transaction, upgrade


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'empty.sqlite'}")
        upgrade(engine)
        with one_transaction(engine) as connection:
            settings = config()
            settings.attributes["connection"] = connection
            command.revision(settings, message, autogenerate=True)
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: new_revision.py "What changes"')
    main(sys.argv[1])
