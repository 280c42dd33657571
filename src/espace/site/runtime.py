"""The installation opened for the time of a command."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from espace.site.config import Config, Mark, load, prepare_home
from espace.site.postgres import running
from espace.site.terminal import Failed


@contextmanager
def opened(*, marked: bool = False) -> Iterator[Config]:
    """The installation with its database up and Django ready, whether a server runs or not.

    `marked`: only demonstration and test homes; any other is refused. Django's connections are closed at
    the end.
    """
    config = load()
    if marked and config.mark is Mark.NONE:
        raise Failed(
            f"{config.home} is not a demonstration home: this command works there only. "
            "Run ./espace demo first, or point ESPACE_HOME to one."
        )
    with hosted(config):
        yield config


@contextmanager
def hosted(config: Config) -> Iterator[subprocess.Popen[bytes] | None]:
    """The database up and Django ready for the time of the block; the embedded server where it was started here.

    Django's connections are closed at the end.
    """
    prepare_home(config)
    with running(config) as server:
        set_up_django()
        try:
            yield server
        finally:
            close_connections()


def set_up_django() -> None:
    """Load the settings, which read the passwords of the database: only once it is made."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espace.site.settings")
    django.setup()


def close_connections() -> None:
    from django.db import connections

    connections.close_all()
