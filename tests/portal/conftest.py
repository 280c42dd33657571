"""Pages are tested with a clean slate of tries: the bounds on guessing count by address, and tests have one."""

from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
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


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords hashed for next to nothing; every hash that is made is in the list."""
    made: list[str] = []

    def encode(self: Any, password: str, salt: str, *more: Any, **named: Any) -> str:
        made.append(password)
        return f"scrypt$2${salt}$1$1${password[::-1]}"

    def verify(self: Any, password: str, encoded: str) -> bool:
        made.append(password)
        return encoded.endswith(f"${password[::-1]}")

    monkeypatch.setattr(ScryptPasswordHasher, "encode", encode)
    monkeypatch.setattr(ScryptPasswordHasher, "verify", verify)
    monkeypatch.setattr(ScryptPasswordHasher, "must_update", lambda self, encoded: False)
    return made
