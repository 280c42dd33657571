"""A GET writes nothing but its trace line and its counter; whoever reads for a moment changes nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_WRITE = re.compile(r"\b(?:INSERT\s+INTO|(?<!DO )UPDATE|DELETE\s+FROM|TRUNCATE)\s+\"?([a-z_]+)", re.IGNORECASE)
_TRACED = frozenset({"trace_event", "trace_nobody", "trace_pending", "outbox_event"})
_SIGN_IN = frozenset({"django_session", "identity_web_session", "identity_tally"}) | {
    "access_seen", "access_tally", "access_alert",
}  # fmt: skip
"""Who is signed in and when they were seen, how often somebody tried, how many patients an account opened and that it
is too many: not what a record holds."""


@contextmanager
def reading_only() -> Iterator[None]:
    """Fails on a statement that writes anywhere else."""

    def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        written = {table.lower() for table in _WRITE.findall(sql)} - _TRACED - _SIGN_IN
        assert not written, f"a GET writes in {', '.join(sorted(written))}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(check):
        yield
