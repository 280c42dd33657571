"""What is accepted of a client: its keys, its scopes. Sources: RFC 7517, RFC 7518, SMART App Launch 2.2."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from espace.catalogue.facts import FEEDER_SCOPES
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem

MAX_KEYS = 10
RSA_BITS = range(2048, 8193)
CURVES = frozenset({"P-256", "P-384"})

_SCOPE = re.compile(r"(?P<what>(?:system|patient|user)/[A-Z][A-Za-z]*)\.(?P<verbs>(?!$)c?r?u?d?s?)", re.ASCII)


def granted_scopes(asked: str) -> tuple[str, ...] | None:
    """The feeder scopes asked for, in the order of the list; None where one of them is not to be had, or none is."""
    wanted = [_single(scope) for scope in asked.split(" ")]
    if any(not singles or not singles <= set(FEEDER_SCOPES) for singles in wanted):
        return None
    return tuple(scope for scope in FEEDER_SCOPES if any(scope in singles for singles in wanted))


def covers(granted: str, needed: str) -> bool:
    """Whether scopes separated by one space give all that one scope says: `.cruds` covers `.rs`."""
    wanted = _single(needed)
    return bool(wanted) and wanted <= {single for scope in granted.split(" ") for single in _single(scope)}


def _single(scope: str) -> frozenset[str]:
    """A scope as scopes of one letter each; none for what is not a scope."""
    found = _SCOPE.fullmatch(scope)
    return frozenset(f"{found['what']}.{verb}" for verb in found["verbs"]) if found else frozenset()


def key_problems(jwks: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Every reason why a JWK set may not be registered: public RSA or EC keys, each with its own kid, nothing else."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS:
        return (Problem(reasons.VALUE_INVALID, "jwks.keys", f"1 to {MAX_KEYS} keys are expected"),)
    found: list[Problem] = []
    seen: set[str] = set()
    for index, key in enumerate(keys):
        fault = _fault(key, seen)
        if fault:
            found.append(Problem(reasons.VALUE_INVALID, f"jwks.keys[{index}]", fault))
    return tuple(found)


def _fault(key: object, seen: set[str]) -> str:
    if not isinstance(key, dict) or not isinstance(key.get("kid"), str) or not key["kid"]:
        return "a key with a kid is expected"
    if key["kid"] in seen:
        return "two keys with the same kid"
    seen.add(key["kid"])
    if key.get("kty") not in ("RSA", "EC"):
        return "RSA or EC is expected"
    if key["kty"] == "RSA" and _bits(key.get("n")) not in RSA_BITS:
        return f"{RSA_BITS.start} to {RSA_BITS.stop - 1} bits are expected"
    try:
        one = KeySet.import_key_set({"keys": [key]}).keys[0]
    except (JoseError, ValueError, TypeError, KeyError):
        return "the key cannot be read"
    if one.is_private:
        return "the private part must never be sent"
    curve = one.curve_name if isinstance(one, ECKey) else ""
    return "" if isinstance(one, RSAKey) or curve in CURVES else "P-256 or P-384 is expected"


def _bits(modulus: object) -> int:
    """How many bits an RSA modulus in base64url has; 0 when it cannot be read."""
    try:
        return int.from_bytes(base64.urlsafe_b64decode(f"{modulus}==")).bit_length()
    except ValueError:
        return 0
