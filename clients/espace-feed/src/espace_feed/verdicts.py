"""Answers of the platform → what to do with the document, and when to try again. Pure.

What waiting cannot help is refused; what is not the document's own fault (network, faults of the server, tokens,
something else at the address) waits, and the document stays.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from espace_feed.facts import Prepared, Why

FHIR = "application/fhir+json"
_FIRST, _LONGEST = 30.0, 3600.0
_PASSING = frozenset({"transient", "throttled", "lock-error", "timeout", "exception", "no-store", "incomplete"})
"""Issue types of FHIR R4 that say « not now »."""
_NOT_NOW = frozenset({408, 425, 429, 502, 503, 504})


class Outcome(StrEnum):
    """What became of one sending."""

    FILED = "filed"
    REFUSED = "refused"
    SIGN_IN = "sign-in"
    LATER = "later"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """`document` is the id filed; `after` the seconds that the platform asks to wait, 0 where it says nothing."""

    outcome: Outcome
    document: str = ""
    why: tuple[Why, ...] = ()
    after: float = 0.0


def request_of(item: Prepared) -> bytes:
    """The body of ITI-105 (IHE MHD 4.2): the DocumentReference with its content inside."""
    stated = json.loads(item.stated)
    attachment = {"contentType": item.mime_type, "data": base64.b64encode(item.content).decode()}
    return json.dumps({**stated, "content": [{"attachment": attachment}]}, ensure_ascii=False).encode()


def verdict_of(answer: Answer) -> Verdict:
    """Never raises, whatever answered."""
    resource = _object(answer.body)
    if answer.status in (200, 201):
        return _filed(answer, resource)
    after = _after(answer.headers.get("retry-after", ""))
    told = tuple(_told(resource))
    if answer.status == 401 or _scope(answer, told):
        return Verdict(Outcome.SIGN_IN, "", told or (_not_us(answer.status),), after)
    if answer.status in _NOT_NOW:
        return Verdict(Outcome.DOWN, "", told or (_not_us(answer.status),), after)
    if answer.status == 413 and not told:
        sentence = "Le serveur, ou un relais devant lui, juge l’envoi trop grand."
        return Verdict(Outcome.REFUSED, "", (Why("http_413", sentence, "", "Réduisez le document."),))
    if not 400 <= answer.status < 500 or not told or _passes(resource):
        return Verdict(Outcome.LATER, "", told or (_not_us(answer.status),), after)
    return Verdict(Outcome.REFUSED, "", told)


def _scope(answer: Answer, told: tuple[Why, ...]) -> bool:
    """Whether the token, not the document, lacks a right (RFC 6750, 3.1)."""
    said = "insufficient_scope" in answer.headers.get("www-authenticate", "")
    return answer.status == 403 and (said or any(one.code == "scope_insufficient" for one in told))


def _filed(answer: Answer, resource: dict[str, Any]) -> Verdict:
    identifier = resource.get("id")
    place = answer.headers.get("location", "").partition("/_history")[0]
    known = identifier if isinstance(identifier, str) and identifier else place.rpartition("/DocumentReference/")[2]
    if not known:
        return Verdict(Outcome.LATER, "", (_not_us(answer.status),))
    return Verdict(Outcome.FILED, known)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return _inner(found)


def _issues(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    issues = resource.get("issue") if resource.get("resourceType") == "OperationOutcome" else None
    return [one for one in issues if isinstance(one, dict)] if isinstance(issues, list) else []


def _passes(resource: Mapping[str, Any]) -> bool:
    return all(one.get("code") in _PASSING for one in _issues(resource))


def _told(resource: Mapping[str, Any]) -> Iterator[Why]:
    """Each problem of an OperationOutcome: its code, its sentence, and « where : what — fix »."""
    for issue in _issues(resource):
        details = _inner(issue.get("details"))
        codings = details.get("coding")
        coding = _inner(codings[0]) if isinstance(codings, list) and codings else {}
        code = str(coding.get("code") or issue.get("code") or "")
        place, _, fix = str(issue.get("diagnostics") or "").rpartition(" — ")
        yield Why(code, str(details.get("text") or ""), place, fix)


def _inner(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _not_us(status: int) -> Why:
    sentence = f"Le serveur a répondu {status}, sans dire pourquoi."
    return Why(f"http_{status}", sentence, "", "Vérifiez l’adresse du serveur et ce qui se trouve devant lui.")


def _after(said: str) -> float:
    return min(float(said), _LONGEST) if said.isascii() and said.isdigit() else 0.0


def waits(failures: int, after: float = 0.0) -> float:
    """Seconds before the next try after so many failures in a row: half a minute, doubled up to an hour."""
    return max(after, min(_FIRST * 2.0 ** min(max(failures - 1, 0), 12), _LONGEST))


def is_token(text: str) -> bool:
    """The form of a bearer token (RFC 6750, 2.1): nothing that could end a header."""
    return re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", text) is not None


def token_of(answer: Answer) -> tuple[str, float]:
    """An access token and its seconds (RFC 6749, 5.1). Raises ValueError, its text fit to be told."""
    said = _object(answer.body)
    token, seconds = said.get("access_token"), said.get("expires_in", 300)
    if answer.status == 200 and isinstance(token, str) and is_token(token) and isinstance(seconds, int):
        return token, float(seconds)
    error = " : ".join(str(said[name]) for name in ("error", "error_description") if said.get(name))
    raise ValueError(error or f"HTTP {answer.status}")
