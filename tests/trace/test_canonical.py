"""A line as bytes and its commitment: literals, so that an outside verifier can be written from them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb, Visibility
from espace.trace.facts import Outcome, TraceEvent
from espace.trace.rules.canonical import canonical, commitment, read

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVENT = TraceEvent(
    patient=PatientId(UUID("01890000-0000-7000-8000-0000000000dd")),
    id=UUID("01890000-0000-7000-8000-0000000000bb"),
    at=datetime(2026, 3, 4, 9, 9, 10, 123, tzinfo=timezone(timedelta(hours=1))),
    actor_kind=ActorKind.ORGANISATION,
    actor_id=UUID("01890000-0000-7000-8000-0000000000aa"),
    actor_name="Hôpital « Émile »",
    organisation_name="CHU",
    purpose=Purpose.FEED,
    verb=Verb.DEPOSIT,
    outcome=Outcome.ALLOWED,
    reason="feed_authorised",
    objects=(UUID("01890000-0000-7000-8000-0000000000c1"), UUID("01890000-0000-7000-8000-0000000000c2")),
    asked={"type": "11502-2", "patient.identifier": "é\n"},
    count=2,
    hidden_from=frozenset({Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT}),
    request_id="r-1",
)
BYTES = (
    '{"actor_id":"01890000-0000-7000-8000-0000000000aa","actor_kind":"organisation",'
    '"actor_name":"Hôpital « Émile »","asked":{"patient.identifier":"é\\n","type":"11502-2"},'
    '"at":"2026-03-04T08:09:10.000123Z","count":2,"hidden_from":["INVISIBLE_PATIENT","MASQUE_PS"],'
    '"id":"01890000-0000-7000-8000-0000000000bb","objects":["01890000-0000-7000-8000-0000000000c1",'
    '"01890000-0000-7000-8000-0000000000c2"],"organisation_name":"CHU","outcome":"allowed",'
    '"patient":"01890000-0000-7000-8000-0000000000dd","purpose":"feed","reason":"feed_authorised",'
    '"request_id":"r-1","verb":"deposit","version":1}'
).encode()


def _with(**changes: object) -> TraceEvent:
    fields = {name: getattr(EVENT, name) for name in EVENT.__dataclass_fields__}
    return TraceEvent(**(fields | changes))


def test_a_line_has_one_form() -> None:
    assert canonical(EVENT) == BYTES


def test_a_line_says_on_what_a_reading_stood_where_it_stood_on_something() -> None:
    event = _with(grounds={"masked": "hidden", "how": "oral", "\ud800": "é"})
    said = ',"count":2,"grounds":{"how":"oral","masked":"hidden","\ufffd":"é"},"hidden_from":'
    assert said.encode() in canonical(event)
    assert read(canonical(event)).grounds == {"how": "oral", "masked": "hidden", "\ufffd": "é"}
    assert read(canonical(EVENT)).grounds == {}


def test_a_line_is_read_as_it_was_written() -> None:
    assert read(BYTES) == EVENT
    assert read(BYTES).at == datetime(2026, 3, 4, 8, 9, 10, 123, tzinfo=UTC)


def test_the_commitment_is_sha256_of_label_nonce_and_line() -> None:
    found = commitment(bytes(range(32)), BYTES)
    assert found.hex() == "0b897c4e533b8f60e9b3f3480df96d5cd72f111c2d32b435e606ec8bbddac677"


def test_the_commitment_hides_the_line_behind_its_nonce() -> None:
    assert commitment(bytes(32), BYTES) != commitment(bytes([1]) + bytes(31), BYTES)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(31), BYTES)


def test_names_are_in_the_order_of_utf_16_units() -> None:
    line = canonical(_with(asked={"\ufb33": "hebrew", "\U0001f600": "smile", "é": "e", "1": "one"}))
    assert '"asked":{"1":"one","é":"e","\U0001f600":"smile","\ufb33":"hebrew"}'.encode() in line


def test_control_characters_are_written_as_rfc_8785_says() -> None:
    line = canonical(_with(asked={"q": '\x00\x08\t\n\x0c\r\x1f"\\/\x7f\u2028'}))
    assert b'"q":"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/\x7f\xe2\x80\xa8"' in line


def test_every_character_is_written_as_python_writes_it() -> None:
    """Another reader of the same standard, whose bytes the lines of before are made of."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    expected = f'"q":{json.dumps(every, ensure_ascii=False)}'.encode()
    assert canonical(_with(asked={"q": every})).count(expected) == 1


def test_a_lone_surrogate_leaves_its_line_all_the_same() -> None:
    line = read(canonical(_with(asked={"\ud800": "a\udfffb"}, actor_name="\ud83d")))
    assert line.asked == {"\ufffd": "a\ufffdb"}
    assert line.actor_name == "\ufffd"


@given(
    st.dictionaries(st.text(), st.text(), max_size=4),
    st.text(),
    st.integers(-(2**50), 2**55).map(lambda microseconds: EPOCH + timedelta(microseconds=microseconds)),
    st.integers(0, 2**31),
    st.frozensets(st.sampled_from(Visibility)),
)
def test_whatever_was_asked_is_read_again(
    asked: dict[str, str], name: str, at: datetime, count: int, hidden: frozenset[Visibility]
) -> None:
    event = _with(asked=asked, actor_name=name, at=at, count=count, hidden_from=hidden)
    assert read(canonical(event)) == event
    assert canonical(read(canonical(event))) == canonical(event)


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("kind", list(ActorKind))
def test_every_word_of_the_closed_lists_survives(outcome: Outcome, purpose: Purpose, kind: ActorKind) -> None:
    for verb in Verb:
        event = _with(outcome=outcome, purpose=purpose, actor_kind=kind, verb=verb)
        assert read(canonical(event)) == event
