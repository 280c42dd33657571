"""Codes of an authenticator application: RFC 4226 and RFC 6238, six digits every thirty seconds."""

import base64
import hmac
from datetime import datetime

PERIOD_SECONDS = 30
DIGITS = 6


def code_at(secret: str, at: datetime, *, drift: int = 0) -> str:
    """The code of a base 32 secret at a moment, `drift` periods later."""
    return _hotp(base64.b32decode(secret), step_of(at) + drift)


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // PERIOD_SECONDS


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The period of which `code` is the value, one either way (RFC 6238, 5.2); None for a wrong code."""
    said = code.replace(" ", "")
    near = (drift for drift in (-1, 0, 1) if hmac.compare_digest(code_at(secret, at, drift=drift), said))
    return next((step_of(at) + drift for drift in near), None) if said.isascii() and said.isdigit() else None


def _hotp(key: bytes, counter: int) -> str:
    digest = hmac.digest(key, counter.to_bytes(8), "sha1")
    place = digest[-1] & 0x0F
    value = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}d}"
