"""What goes wrong under a back-up or a restoration, as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC

import psycopg

from espace.site.backup.facts import Unusable
from espace.site.terminal import Failed


@contextmanager
def told() -> Iterator[None]:
    """Raises Failed for a back-up that cannot be used, a place that cannot be, a database that goes away; a full disk
    is told as everywhere."""
    try:
        yield
    except Unusable as why:
        raise Failed(str(why)) from None
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise
        what = error.filename or "A file"
        raise Failed(f"{what} cannot be used ({error.strerror}): nothing more was done.") from None
    except psycopg.Error as error:
        raise Failed(
            f"A database stopped answering or refused ({type(error).__name__}): see to it, then run the same again."
        ) from None
