"""Noise is noted, bounded, and cannot write what it likes."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from espace.edge import clock_at
from espace.trace.adapters import security_log

START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(security_log, "_budget", security_log._Budget())
    monkeypatch.setattr(logging.getLogger("espace.security"), "propagate", True)
    caplog.set_level(logging.INFO, "espace.security")
    return caplog


def test_a_refusal_is_one_line_of_words(lines: pytest.LogCaptureFixture) -> None:
    security_log.note("token", "token_expired", "0190-ab")
    (line,) = lines.records
    assert (line.getMessage(), vars(line)["kind"], vars(line)["reason"], vars(line)["request_id"]) == (
        "refused", "token", "token_expired", "0190-ab",
    )  # fmt: skip


def test_what_was_sent_cannot_forge_a_line_nor_fill_the_disk(lines: pytest.LogCaptureFixture) -> None:
    security_log.note("a\nb", "x" * 10_000, "é\x00{}%s")
    said = vars(lines.records[0])
    assert (said["kind"], said["reason"], said["request_id"]) == ("a_b", "x" * 64, "__{}_s")
    security_log.note("", "", "")
    assert vars(lines.records[1])["kind"] == "-"


def test_a_flood_of_one_kind_is_cut_and_counted_and_hides_no_other(lines: pytest.LogCaptureFixture) -> None:
    with clock_at(START):
        for _ in range(1000):
            security_log.note("token", "token_invalid", "r")
        security_log.note("ins", "space_unknown", "r")
    assert len(lines.records) == 121
    with clock_at(START + timedelta(minutes=1)):
        security_log.note("token", "token_invalid", "r")
    assert [vars(line).get("lines") for line in lines.records[121:]] == [880, None]


def test_invented_kinds_share_one_budget(lines: pytest.LogCaptureFixture) -> None:
    with clock_at(START):
        for number in range(5000):
            security_log.note(f"kind{number}", "r", "r")
    assert len(lines.records) == 64 + 120
