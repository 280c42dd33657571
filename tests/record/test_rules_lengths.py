"""What is stated has bounds that no document comes near: the last character allowed is kept, one more is refused."""

from typing import Any

import pytest

from espace.kernel.values import replace
from espace.record.rules.lengths import length_problems
from espace.wire.xds import Author, Coded, DocumentEntry, NewDocument, PatientStatement, Submission

ENTRY = DocumentEntry("Here", "2.25.1", "text/plain", title="Lettre", authors=(Author(family="Morel"),))


def said(entry: DocumentEntry, **stated: Any) -> list[tuple[str, str]]:
    whole = Submission("2.25.2", "2.25.3", None, (NewDocument(entry, b""),), place="Set")
    return [(one.place, one.detail) for one in length_problems(replace(whole, **stated))]


ROWS: list[tuple[str, Any, Any, str, str]] = [
    ("title", "é" * 500, "é" * 501, "Here.content[0].attachment.title", "≤ 500"),
    ("comments", "x" * 10_000, "x" * 10_001, "Here.description", "≤ 10000"),
    ("language", "x" * 40, "x" * 41, "Here.content[0].attachment.language", "≤ 40"),
    ("unique_id", "1" * 256, "1" * 257, "Here.masterIdentifier", "≤ 256"),
    ("set_id", "1" * 256, "1" * 257, "Here.setId", "≤ 256"),
    ("type", Coded("c" * 256, "s" * 256, "d" * 500), Coded("c", "s", "d" * 501), "Here.type", "≤ 500"),
    ("practice_setting", Coded("c" * 256), Coded("c" * 257), "Here.type", "≤ 256"),
    ("authors", (Author(family="m" * 256),), (Author(family="m" * 257),), "Here.author", "≤ 256"),
    ("authors", (Author(role=Coded("c")),) * 100, (Author(),) * 101, "Here.author", "× 100 max."),
    ("legal_authenticator", None, Author(institution="i" * 501), "Here.authenticator", "≤ 500"),
    ("event_codes", (Coded("e"),) * 100, (Coded("e"),) * 101, "Here.context.event", "× 100 max."),
    ("reference_ids", (Coded("r", "s" * 256),), (Coded("r", "s" * 257),), "Here.context.related", "≤ 256"),
]


@pytest.mark.parametrize(("name", "last", "beyond", "place", "detail"), ROWS)
def test_one_more_is_refused_at_its_place(name: str, last: Any, beyond: Any, place: str, detail: str) -> None:
    assert said(replace(ENTRY, **{name: last})) == []
    assert said(replace(ENTRY, **{name: beyond})) == [(place, detail)]


def test_a_set_has_the_same_bounds() -> None:
    assert said(ENTRY, title="t" * 500, comments="c" * 10_000, author=Author(given="g" * 256)) == []
    long = said(ENTRY, title="t" * 501, comments="c" * 10_001, author=Author(given="g" * 257))
    assert long == [("Set.title", "≤ 500"), ("Set.description", "≤ 10000"), ("Set.author", "≤ 256")]


PATIENTS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"local_ids": (Coded("1" * 256, "2.25.4"),)}, {"local_ids": (Coded("1" * 257, "2.25.4"),)}, "≤ 256"),
    ({"local_ids": (Coded("1"),) * 100}, {"local_ids": (Coded("1"),) * 101}, "× 100 max."),
    ({"given_names": ("a" * 500,)}, {"given_names": ("a" * 250, "b" * 250)}, "≤ 500"),
]


@pytest.mark.parametrize(("last", "beyond", "detail"), PATIENTS)
def test_what_a_set_says_of_its_patient_has_bounds_too(last: Any, beyond: Any, detail: str) -> None:
    assert said(ENTRY, patients=(PatientStatement("Who", **last),)) == []
    assert said(ENTRY, patients=(PatientStatement("Who", **beyond),)) == [("Who", detail)]
