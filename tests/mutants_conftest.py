"""The tests' conftest in a copy of the checkout that mutmut changes (src/espace/site/mutants.py): no database, so only
the tests that need none; no chance and no clock, so that a test fails for the fault alone."""

import json
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import disable_socket

NEEDS = frozenset({"db", "django_db_setup", "transactional_db", "site", "mailoutbox", "client"})

SLOW = frozenset({"test_what_is_allowed_is_a_short_list"})
"""Counts a hundred thousand decisions: too slow for a fault that survives what came before it."""

settings.register_profile("mutants", derandomize=True, database=None, deadline=None, max_examples=20)
settings.load_profile("mutants")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what would need a database; what mutmut found to be quick comes first, and the first failure ends."""
    needy = [one for one in items if one.name in SLOW or one.get_closest_marker("django_db") or _needs(one)]
    config.hook.pytest_deselected(items=needy)
    took = _durations()
    items[:] = sorted((one for one in items if one not in needy), key=lambda one: took.get(one.nodeid, 0))


def pytest_runtest_setup(item: pytest.Item) -> None:
    disable_socket()


def _durations() -> dict[str, float]:
    """Seconds by test, once mutmut has measured them in this folder."""
    try:
        found: dict[str, float] = json.loads(Path("mutmut-stats.json").read_bytes())["duration_by_test"]
    except (OSError, ValueError, KeyError):
        return {}
    return found


def _needs(item: pytest.Item) -> bool:
    return not NEEDS.isdisjoint(getattr(item, "fixturenames", ()))
