"""Identifiers are UUIDs of version 7: in the order of time, and never the same."""

from datetime import UTC, datetime

import pytest

from espace.kernel.ids import uuid7


def test_the_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6: 816 microseconds are what its first random bits would say."""
    at = datetime(2022, 2, 22, 19, 22, 22, 816, tzinfo=UTC)
    entropy = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert str(uuid7(at, entropy)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_later_is_greater() -> None:
    first = uuid7(datetime(2026, 1, 1, tzinfo=UTC), b"\xff" * 10)
    for microseconds in (1, 999, 1000, 1001, 999_999):
        assert first < uuid7(datetime(2026, 1, 1, 0, 0, 0, microseconds, tzinfo=UTC), b"\x00" * 10)


def test_another_amount_of_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="10 bytes"):
        uuid7(datetime(2026, 1, 1, tzinfo=UTC), b"short")
