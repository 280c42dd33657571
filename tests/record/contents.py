"""What the tests of both stores of contents name, and list."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from espace import edge
from espace.kernel.ids import uuid7
from espace.record.adapters import ContentStore

NAME = UUID("01a20061-10c1-7409-9dfb-d2c137ae7296")
DAY = datetime(2026, 3, 4, tzinfo=UTC)


def name_at(at: datetime) -> UUID:
    return uuid7(at, edge.random_bytes(10))


def listed(store: ContentStore, since: datetime | None = None, until: datetime | None = None) -> set[UUID]:
    return {one.name for one in store.listing(since=since, until=until or DAY + timedelta(days=365))}
