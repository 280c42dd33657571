"""What a document may cost: statements, depth, repeated references; and nothing raises."""

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch

from espace.wire.clinical_statements import MOST_DEPTH, read, reading
from espace.wire.clinical_statements.narrative import MOST_WORDS
from espace.wire.clinical_statements.values import Statement
from wire.cda.cda_samples import cda
from wire.cda.cda_samples import read as parsed
from wire.clinical_statements.stated import body, observation, one, sections


def depth(statement: Statement) -> int:
    return 1 + max((depth(each.statement) for each in statement.related), default=0)


def test_what_is_beyond_the_number_of_statements_is_counted_where_it_stands(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_STATEMENTS", 4)
    pair = f"<organizer><component>{observation()}</component></organizer>"
    first, second = sections(body(pair, pair), body(pair, observation()))
    assert (len(first.statements), first.beyond) == (2, 0)
    assert (second.statements, second.beyond) == ((), 3)


def test_what_is_too_deep_is_counted_and_left() -> None:
    nested = observation()
    for _ in range(MOST_DEPTH + 9):
        nested = observation(f'<entryRelationship typeCode="COMP">{nested}</entryRelationship>')
    (section,) = sections(body(nested))
    assert depth(section.statements[0]) == MOST_DEPTH + 1
    assert section.beyond == 9


def test_a_long_paragraph_is_read_once_and_cut_however_often_it_is_named() -> None:
    entry = observation('<text><reference value="#long"/></text>')
    long = f'<paragraph ID="long">{"mot " * 200_000}</paragraph>'
    began = time.process_time()
    (section,) = sections(body(*[entry] * 2_000, narrative=long))
    assert len(section.statements) == 2_000
    assert {len(each.words) for each in section.statements} == {MOST_WORDS}
    assert time.process_time() - began < 10


def test_a_paragraph_of_many_nodes_is_cut_too() -> None:
    (section,) = sections(body(observation('<text><reference value="#p"/></text>'),
                               narrative=f'<paragraph ID="p">{"<br/>" * 3_000}fin</paragraph>'))  # fmt: skip
    assert section.statements[0].words == ""


def test_at_most_two_hundred_of_each_part_are_kept() -> None:
    found = one(observation(*['<interpretationCode code="H"/>'] * 500, *['<value xsi:type="INT" value="1"/>'] * 500))
    assert (len(found.interpretations), len(found.values)) == (200, 200)


WHOLE = cda(
    body="<component><structuredBody>"
    + body(
        '<organizer classCode="BATTERY" moodCode="EVN"><code code="1"><translation code="2"/></code><component>'
        + observation(
            '<code code="2345-7" codeSystem="2.16.840.1.113883.6.1"/><text><reference value="#r1"/></text>',
            '<effectiveTime xsi:type="IVL_TS"><low value="20240102"/><high value="20240103"/></effectiveTime>',
            '<value xsi:type="PQ" value="1.20" unit="g/L"/><referenceRange><observationRange>'
            '<value xsi:type="IVL_PQ"><low value="1"/><high value="2"/></value></observationRange></referenceRange>',
        )
        + "</component></organizer>"
    )
    + "</structuredBody></component>"
)
PIECES = [
    b"<value/>",
    b'value="x"',
    b"<entry>",
    b'xsi:type="IVL_PQ"',
    b'nullFlavor="UNK"',
    b"<code/>",
    b"<low/>",
    b"9" * 60,
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_written_over_an_entry_never_raises(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    start = WHOLE.index(b"<structuredBody>")
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(start, len(whole) - 1)), data.draw(st.integers(0, 30))
        whole[at : at + length] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(PIECES)))
    document = parsed(bytes(whole)).document
    for section in read(document) if document else ():
        assert section.beyond == 0
        assert re.fullmatch(r"cda-s-[0-9-]+", section.anchor)
