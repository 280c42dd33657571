"""Two requests of one person at the same moment: under REPEATABLE READ, the second is run again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import SerializationFailure

ATTEMPTS = 4
T = TypeVar("T")


def again(work: Callable[[], T]) -> T:
    """What `work` gives: run again, from its start, when it collided with another transaction."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, SerializationFailure):
                raise
    return work()
