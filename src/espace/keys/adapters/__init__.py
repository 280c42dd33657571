"""The key service this installation uses, known by its mark in the keys database."""

import hmac
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from espace.keys.adapters import file
from espace.keys.facts import KeyService, KeyServiceUnavailable

DATABASE = "keys"


def key_service() -> KeyService:
    """The service, its keys read and compared with the mark once per process; KeyServiceUnavailable else.

    Its keys are made at the first use of an installation whose keys database bears no mark: nothing was
    sealed before. Where there is a mark, absent or other keys are refused: fresh ones would hide the loss
    and seal new rows apart from the old.
    """
    return _checked(settings.ESPACE_KEYS_FOLDER)


@lru_cache(maxsize=4)
def _checked(folder: Path) -> KeyService:
    if not _mark():
        file.create(folder)
    service = file.load(folder)
    check_mark(service)
    return service


def check_mark(service: KeyService) -> None:
    """KeyServiceUnavailable when the databases were sealed with another service; leaves the mark if none was."""
    fingerprint = service.hmac(b"espace-key-service/v1")
    if not hmac.compare_digest(_mark() or _leave_mark(fingerprint), fingerprint):
        raise KeyServiceUnavailable("the key service is not the one these databases were sealed with")


def _mark() -> bytes:
    return _first("SELECT fingerprint FROM known_key_service", [])


def _leave_mark(fingerprint: bytes) -> bytes:
    """The mark, which may be another process's; there is one row at most."""
    _first("INSERT INTO known_key_service (id, fingerprint) VALUES (1, %s) ON CONFLICT DO NOTHING "
           "RETURNING fingerprint", [fingerprint])  # fmt: skip
    return _mark()


def _first(statement: str, values: list[bytes]) -> bytes:
    try:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
    except (OperationalError, InterfaceError) as error:
        raise KeyServiceUnavailable(f"the keys database: {type(error).__name__}") from None
    return bytes(row[0]) if row else b""
