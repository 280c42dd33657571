"""Pages are tested with a clean slate of tries: the bounds on guessing count by address, and tests have one."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from reading import reading_only


@pytest.fixture(autouse=True)
def no_tries_yet(db: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def a_get_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    get = Client.get

    def checked(self: Client, *words: Any, **named: Any) -> Any:
        with reading_only():
            return get(self, *words, **named)

    monkeypatch.setattr(Client, "get", checked)
