"""`./espace bench existence` compares what is refused alike, and nothing else; never how fast it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from espace.site.bench import existence
from espace.site.bench.existence import Pair, Timed, table
from espace.site.terminal import Failed

THERE, NOTHING = b"there", b"nothing"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, Iterator[tuple[int, int, float]]]:
    """What is answered to each request: status, bytes, seconds."""
    told: dict[bytes, Iterator[tuple[int, int, float]]] = {}
    monkeypatch.setattr(existence, "_ask", lambda client, request: next(told[request]))
    monkeypatch.setattr(existence, "WARM_UP", 1)
    return told


def timed(client: Any = None) -> Timed:
    return existence._timed(client, Pair("a pair", THERE, lambda: NOTHING), 4)


def test_medians_are_compared_after_the_warm_up(answers: dict[bytes, Iterator[tuple[int, int, float]]]) -> None:
    answers[THERE] = iter([(404, 9, 5.0), *((404, 9, seconds) for seconds in (0.011, 0.013, 0.011, 0.011))])
    answers[NOTHING] = iter([(404, 9, 7.0), *((404, 9, seconds) for seconds in (0.010, 0.010, 0.010, 0.010))])
    found = timed()
    assert (found.status, found.samples, round(found.there_ms), round(found.nothing_ms)) == (404, 4, 11, 10)
    assert (round(found.apart), found.chance) == (10, 0.0)
    assert "+10.0 %" in table([found])


@pytest.mark.parametrize("other", [(403, 9, 0.01), (404, 10, 0.01)])
def test_another_status_or_length_tells_more_than_time(
    answers: dict[bytes, Iterator[tuple[int, int, float]]], other: tuple[int, int, float]
) -> None:
    answers[THERE], answers[NOTHING] = iter([(404, 9, 0.01)] * 9), iter([other] * 9)
    with pytest.raises(Failed, match="a pair"):
        timed()
