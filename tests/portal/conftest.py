"""Pages are tested with a clean slate of tries: the bounds on guessing count by address, and tests have one."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_yet(db: None) -> None:
    cache.clear()
