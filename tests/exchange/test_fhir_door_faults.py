"""Faults of ours: run again where that helps, told with a number and their own reason, logged for the operator."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from cast import Holder, holder, organisation
from door import Answer, call, deposit_of, form, holder_token, own_deposits, send
from espace.catalogue import queries as catalogue
from espace.exchange.oauth import token
from espace.identity.facts import Organisation
from espace.keys.facts import KeyServiceUnavailable
from espace.record import actions as record
from espace.record import queries
from espace.record.adapters import ContentMissing, LocalContentStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


class _Into(logging.Handler):
    def __init__(self, lines: list[logging.LogRecord]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record)


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What the door writes in its own log and in the security log."""
    lines: list[logging.LogRecord] = []
    handler = _Into(lines)
    loggers = [logging.getLogger(name) for name in ("espace.exchange", "espace.security")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


def _raising(fault: Exception) -> Callable[..., Any]:
    def fail(*args: object, **kwargs: object) -> Any:
        raise fault

    return fail


def _failing(times: int, cause: Exception | None, then: Callable[..., Any]) -> Callable[..., Any]:
    left = [times]

    def fail(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError from cause
        return then(*args, **kwargs)

    return fail


def test_a_serialisation_failure_is_run_again_and_a_fifth_one_is_told(
    hospital: Organisation, camille: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, again = record.submit, psycopg.errors.SerializationFailure()
    monkeypatch.setattr(record, "submit", _failing(4, again, submit))
    assert send(deposit_of(camille), hospital).status == 200
    monkeypatch.setattr(record, "submit", _failing(5, again, submit))
    answer = send(deposit_of(camille), hospital)
    assert (answer.status, answer.codes) == (503, ["temporarily_unavailable"])
    assert answer.headers["Retry-After"] == "5"
    assert own_deposits(camille, hospital).json["total"] == 1


def _number(answer: Answer) -> str:
    """The number of a fault: what is told of it besides the sentence and the fix."""
    return str(answer.json["issue"][0]["diagnostics"]).partition(" — ")[0]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OperationalError("relation secret"), 503, "temporarily_unavailable"),
        (ZeroDivisionError("secret"), 500, "unexpected_fault"),
    ],
)
def test_our_own_faults_are_told_with_a_number_and_nothing_of_the_inside(
    camille: Holder,
    monkeypatch: pytest.MonkeyPatch,
    logged: list[logging.LogRecord],
    fault: Exception,
    status: int,
    code: str,
) -> None:
    monkeypatch.setattr(queries, "find", _raising(fault))
    answer = call("GET", "/fhir/DocumentReference", token=holder_token(camille.patient))
    assert (answer.status, answer.codes, answer.headers["Retry-After"]) == (status, [code], "5")
    assert b"secret" not in answer.body
    [line] = logged
    assert (line.name, line.__dict__["fault"]) == ("espace.exchange", _number(answer))


def test_a_key_service_that_is_down_is_logged_with_why_in_the_log_of_the_door(
    camille: Holder, hospital: Organisation, monkeypatch: pytest.MonkeyPatch, logged: list[logging.LogRecord]
) -> None:
    monkeypatch.setattr(queries, "own_deposits", _raising(KeyServiceUnavailable("the folder of keys is empty")))
    answer = own_deposits(camille, hospital)
    assert (answer.status, answer.codes, answer.headers["Retry-After"]) == (503, ["temporarily_unavailable"], "5")
    assert b"folder" not in answer.body
    [line] = logged
    assert (line.name, line.levelname) == ("espace.exchange", "ERROR")
    said = {name: line.__dict__[name] for name in ("fault", "why", "reason", "route")}
    assert said == {
        "fault": _number(answer),
        "why": "the folder of keys is empty",
        "reason": "temporarily_unavailable",
        "route": "GET /fhir/DocumentReference",
    }


def test_a_content_that_is_lost_keeps_its_own_reason_and_is_a_fault_of_ours(
    camille: Holder, hospital: Organisation, monkeypatch: pytest.MonkeyPatch, logged: list[logging.LogRecord]
) -> None:
    identifier = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    monkeypatch.setattr(LocalContentStore, "reading", _raising(ContentMissing("x")))
    answer = call("GET", f"/fhir/Binary/{identifier}", token=holder_token(camille.patient))
    assert (answer.status, answer.codes, answer.headers["Retry-After"]) == (503, ["content_unavailable"], "5")
    [line] = logged
    assert (line.name, line.__dict__["reason"]) == ("espace.exchange", "content_unavailable")


def test_a_refusal_of_what_was_sent_is_a_line_of_the_security_log_and_no_fault(
    logged: list[logging.LogRecord],
) -> None:
    answer = call("GET", "/fhir/metadata", query="mode=full")
    assert (answer.status, "Retry-After" in answer.headers) == (400, False)
    assert [line.name for line in logged] == ["espace.security"]


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (KeyServiceUnavailable("secret"), 503, "temporarily_unavailable"),
        (OperationalError("secret"), 503, "temporarily_unavailable"),
        (ZeroDivisionError("secret"), 500, "server_error"),
    ],
)
def test_faults_of_the_token_endpoint_are_told_in_the_form_of_oauth(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, error: str
) -> None:
    monkeypatch.setattr(token, "authenticate", _raising(fault))
    answer = form("/oauth/token", grant_type="client_credentials", scope="system/DocumentReference.c")
    assert (answer.status, answer.json["error"], answer.headers["Retry-After"]) == (status, error, "5")
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"error", "error_description"}
    assert b"secret" not in answer.body


def test_a_bearer_that_cannot_be_looked_up_is_a_fault_and_not_a_wrong_token(
    camille: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer = holder_token(camille.patient)
    monkeypatch.setattr(catalogue, "actor_of_token", _raising(KeyServiceUnavailable("secret")))
    answer = call("GET", "/fhir/DocumentReference", token=bearer)
    assert (answer.status, answer.codes) == (503, ["temporarily_unavailable"])
