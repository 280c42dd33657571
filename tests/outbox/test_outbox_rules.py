"""Names, bytes and patience of the outbox."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.ids import PatientId
from espace.outbox import rules
from espace.outbox.events import Counted, What
from espace.outbox.facts import Event

COUNTED = Counted(
    UUID("01890000-0000-7000-8000-0000000000aa"), date(2026, 3, 4), What.DEPOSIT, "11502-2", "SA07", "84", "fhir"
)


@dataclass(frozen=True, slots=True)
class Filed(Event):
    patient: PatientId
    documents: tuple[UUID, ...]
    title: str


def test_an_event_is_named_after_its_room_and_class() -> None:
    assert rules.name_of(Counted) == "outbox.Counted"
    assert dict(rules.registry([Counted])) == {"outbox.Counted": Counted}


def test_two_events_of_one_name_are_refused() -> None:
    other = type("Counted", (Event,), {"__module__": "espace.outbox.events"})
    with pytest.raises(ValueError, match=r"outbox\.Counted"):
        rules.registry([Counted, other])
    assert len(rules.registry([Counted, Counted])) == 1


def test_the_form_of_a_payload_is_fixed() -> None:
    payload = (
        b'{"id":"01890000-0000-7000-8000-0000000000aa","day":"2026-03-04","what":"deposit","kind":"11502-2",'
        b'"sector":"SA07","region":"84","channel":"fhir"}'
    )
    assert rules.encode(COUNTED) == payload
    assert rules.decode(Counted, payload) == COUNTED


def test_a_payload_of_an_older_class_is_read_with_defaults_and_a_broken_one_is_refused() -> None:
    short = b'{"id":"01890000-0000-7000-8000-0000000000aa","day":"2026-03-04","what":"reading","gone":1}'
    assert rules.decode(Counted, short) == Counted(COUNTED.id, COUNTED.day, What.READING)
    for broken in (b"", b"{}", b"[]", b"\xff", b'{"id":1,"day":"2026-03-04","what":"reading"}'):
        with pytest.raises(ValueError):
            rules.decode(Counted, broken)


@given(st.uuids(), st.lists(st.uuids(), max_size=5), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_event_is_read_as_it_was_written(patient: UUID, documents: list[UUID], title: str) -> None:
    event = Filed(PatientId(patient), tuple(documents), title)
    assert rules.decode(Filed, rules.encode(event)) == event


def test_waits_double_up_to_an_hour_then_end() -> None:
    waits = [rules.next_wait(attempts) for attempts in range(1, 21)]
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert waits[9:19] == [timedelta(seconds=2560)] + [timedelta(hours=1)] * 9
    assert waits[19] is None
    assert rules.next_wait(21) is None


def test_an_error_keeps_no_sentence_and_no_value() -> None:
    assert rules.error_code("TimeoutError") == "TimeoutError"
    assert rules.error_code("smtp_550") == "smtp_550"
    assert rules.error_code("x" * 64) == "x" * 64
    for other in ("key (ins)=(2 55)", "x" * 65, "", "285037544109123", "TimeoutError\n", "Tréphine", str(UUID(int=7))):
        assert rules.error_code(other) == "unnamed"
