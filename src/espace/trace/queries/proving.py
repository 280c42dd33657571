"""The proofs of a patient's own lines, for one audience."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from espace.kernel.words import PERSONAL, Grant, Purpose
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys, keys_of
from espace.keys.rules import context
from espace.trace.facts import Audience, Checkpoint, Leaf, Linked, Proof, ProvedLine
from espace.trace.queries.published import LogBroken, checkpoint, tree
from espace.trace.rules import chains
from espace.trace.rules.canonical import NONCE_BYTES

MOST_PROVED = 20_000
"""Lines of one proof file: the newest, where there are more."""

_LINKS = "SELECT number, sealed FROM trace_link WHERE patient_id = %s ORDER BY number"
_LINES = "SELECT id, sealed FROM trace_event WHERE patient_id = %s AND id = ANY(%s)"
_EVERY = """
SELECT id FROM trace_event WHERE patient_id = %(patient)s
  AND id NOT IN (SELECT line_id FROM trace_pending WHERE patient_id = %(patient)s)
"""
_ENTRIES = "SELECT index, commitment || chains FROM trace_leaf WHERE index = ANY(%s)"


def proof(grant: Grant, *, audience: Audience = Audience.HOLDER, only: UUID | None = None) -> Proof | None:
    """What proves all lines that the audience may read, or `only` that one; None before the first checkpoint. Whoever
    helps the holder is of the audience of representatives, whatever they ask for.

    A line that the audience may not read is as one that does not exist. Raises SealBroken where rows were altered,
    LogBroken where the public ones were, where a line that is in the chain is gone, and, of all lines, where one was
    kept out of the tree; KeysDestroyed after the end of retention.
    """
    grant.require(PERSONAL)
    if grant.purpose is Purpose.PROXY:
        audience = Audience.REPRESENTATIVES
    last = checkpoint()
    if last is None:
        return None
    keys = keys_of(grant)
    read = _links(grant, keys)
    if only is None:
        _require_linked(grant, read)
    own = {one.line: one.leaf for one in reversed(read)}
    linked = [one for one in read if one.adds_to(audience)]
    kept = [one for one in linked if one.leaf < last.size and own[one.line] < last.size]
    chosen = [one for one in kept if only in (None, one.line)][-MOST_PROVED:]
    waiting = len(linked) - len(kept)
    key = keys.derived(KeyKind.LOG, chains.chain_name(audience)) if read else b""
    return Proof(audience, key, last, _proved(grant, keys, audience, last, chosen, own), waiting)


def _links(grant: Grant, keys: PatientKeys) -> list[Linked]:
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [grant.patient])
        rows = cursor.fetchall()
    return [
        chains.unpack(
            keys.open(KeyKind.LOG, bytes(sealed), context("trace_link", grant.patient) + number.to_bytes(8))
        )
        for number, sealed in rows
    ]


def _require_linked(grant: Grant, read: Sequence[Linked]) -> None:
    """Every line of the patient, whoever may read it, adds to the chains or waits to: else somebody took it out of the
    queue."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERY, {"patient": grant.patient})
        written = {row[0] for row in cursor.fetchall()}
    if not written <= {one.line for one in read}:
        raise LogBroken("a line was kept out of the tree")


def _proved(
    grant: Grant,
    keys: PatientKeys,
    audience: Audience,
    last: Checkpoint,
    chosen: Sequence[Linked],
    own: dict[UUID, int],
) -> tuple[ProvedLine, ...]:
    places = sorted({one.leaf for one in chosen} | {own[one.line] for one in chosen})
    leaves = _leaves(places, last.size)
    lines = _lines(grant, keys, [one.line for one in chosen])
    if any(one.line not in lines for one in chosen):
        raise LogBroken("a line that is in the tree was deleted")
    return tuple(
        ProvedLine(
            event=lines[one.line][NONCE_BYTES:],
            nonce=lines[one.line][:NONCE_BYTES],
            entry=leaves[own[one.line]],
            number=one.after[audience].number,
            previous=one.before[audience].link,
            link_entry=leaves[one.leaf],
        )
        for one in chosen
    )


def _leaves(places: Sequence[int], size: int) -> dict[int, Leaf]:
    """Entries with their proofs, in a fixed number of statements for all of them."""
    if not places:
        return {}
    seen = tree(size, lambda asked: [asked.inclusion(place) for place in places])
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(places)])
        data = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
    if len(data) != len(places):
        raise LogBroken("leaves are missing")
    return {place: Leaf(place, data[place], seen.inclusion(place)) for place in places}


def _lines(grant: Grant, keys: PatientKeys, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [grant.patient, list(ids)])
        rows = cursor.fetchall()
    return {row[0]: keys.open(KeyKind.LOG, bytes(row[1]), context("trace_event", row[0])) for row in rows}
