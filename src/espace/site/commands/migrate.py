"""`./espace migrate`."""

import argparse

from espace.site.databases import migrate
from espace.site.runtime import close_connections, opened
from espace.site.terminal import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Needs the owner's URL (ESPACE_DATABASE_OWNER_URL), or uses the embedded server."


def run(options: argparse.Namespace) -> int:
    with opened() as config:
        migrate(config, tell=say)
        close_connections()
    say("The databases are up to date.")
    return 0
