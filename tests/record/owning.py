"""Files that a holder might add, and the acts of a holder on their own documents, in the words of the tests."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

import pikepdf
import pytest
from PIL import Image

from cast import AT, Holder
from espace.access import gate
from espace.kernel.words import Grant, Purpose, Refused, RefusedProblems, Verb
from espace.record import actions, queries
from espace.record.facts import Document, Folder, Upload

NOTE = "Glycémie à jeun : 5,1 mmol/L\n".encode()


def upload(
    data: bytes = NOTE, *, name: str = "bilan.txt", title: str = "", kind: str = "DOCPAT05", day: date | None = None
) -> Upload:
    return Upload(name=name, data=data, title=title, type_code=kind, day=day)


def pdf(words: str = "") -> bytes:
    """A blank page, and a note that makes its bytes its own."""
    made = io.BytesIO()
    with pikepdf.new() as new:
        new.add_blank_page()
        new.docinfo["/Title"] = words
        new.save(made, deterministic_id=True)
    return made.getvalue()


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), colour: str = "red", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **options)
    return made.getvalue()


@contextmanager
def opened(of: Holder, verb: Verb, *, days: float = 0) -> Iterator[Grant]:
    """The holder opens their own record, so many days after the others do."""
    at: datetime = AT + timedelta(days=days)
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=at) as grant:
        yield grant


def add(to: Holder, *uploads: Upload, days: float = 0) -> tuple[UUID, ...]:
    looked_at = actions.inspected(uploads)
    with opened(to, Verb.ADD, days=days) as grant:
        return actions.add(grant, uploads=looked_at)


def remove(of: Holder, *documents: UUID, days: float = 0) -> None:
    with opened(of, Verb.REMOVE, days=days) as grant:
        actions.remove(grant, documents=documents)


def restore(of: Holder, *documents: UUID, days: float = 0) -> None:
    with opened(of, Verb.RESTORE, days=days) as grant:
        actions.restore(grant, documents=documents)


def removed(of: Holder, *, days: float = 0) -> list[UUID]:
    with opened(of, Verb.LIST, days=days) as grant:
        return [one.id for one in queries.removed(grant)]


def folders(of: Holder) -> list[tuple[str, int]]:
    return [(one.name, one.count) for one in folders_of(of)]


def folders_of(of: Holder) -> tuple[Folder, ...]:
    with opened(of, Verb.LIST) as grant:
        return queries.folders(grant)


def listed(of: Holder) -> dict[UUID, Document]:
    with opened(of, Verb.LIST) as grant:
        return {one.id: one for one in queries.documents(grant)}


@contextmanager
def refusing() -> Iterator[list[tuple[str, str]]]:
    """What was refused inside: reasons and places."""
    found: list[tuple[str, str]] = []
    with pytest.raises(Refused) as caught:
        yield found
    refusal = caught.value
    problems = refusal.problems if isinstance(refusal, RefusedProblems) else [refusal]
    found += [(one.reason.code, one.place) for one in problems]
