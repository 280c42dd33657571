"""An entry stated anew: what it said before is kept, sealed, and shown to nobody (D24; ITI-57)."""

from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.kernel.values import replace
from espace.kernel.words import Grant, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries, rules
from espace.record.actions.relating import family
from espace.record.actions.restrictions import restrict_all
from espace.record.facts import FolderStated, Kept, Masking, Restricted, Stated
from espace.trace.facts import CHANGED
from espace.wire.xds import DocumentEntry

VERSION = "record_entry_version"


def restate(grant: Grant, before: Kept, revision: int, entry: DocumentEntry) -> bytes:
    """Keep what a document stated until its `revision`, and mask it where the holder masks beforehand the kind that it
    is now; the sealed part of its row, as it is to be. The line says which attributes changed."""
    stated = replace(before.stated, entry=rules.restated_entry(before.stated.entry, entry))
    keep(grant, before.id, revision, before.stated)
    names = rules.changed(before.stated.entry, stated.entry)
    if "type" in names or "class_" in names:
        _mask(grant, before, _masking(grant), stated.entry)
    note_changed(grant, before.id, *(rules.RESTATABLE[one] for one in names))
    plain = msgspec.json.encode(stated)
    return keys.keys_of(grant).seal(KeyKind.METADATA, plain, context(queries.ENTRY, before.id))


def keep(grant: Grant, object_id: UUID, revision: int, stated: Stated | FolderStated) -> None:
    """Keep what a document or a folder stated until now."""
    kept_id = edge.new_id()
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(stated), context(VERSION, kept_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_entry_version (patient_id, id, entry_id, revision, replaced_at, sealed)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [grant.patient, kept_id, object_id, revision, grant.at, sealed],
        )


def note_changed(grant: Grant, document: UUID, *names: str) -> None:
    """Have the line say which attributes of a document changed, by their names in XDS (`folder`: where it is filed)."""
    grant.note(document)
    said = grant.grounds.get(f"{CHANGED}{document}", "")
    grant.grounds[f"{CHANGED}{document}"] = ", ".join(dict.fromkeys((*said.split(", "), *names) if said else names))


def _masking(grant: Grant) -> Masking:
    """Whoever changes what the holder masks beforehand at the same time fails to serialise, and runs again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_masking SET sealed = sealed WHERE patient_id = %s RETURNING sealed", [grant.patient]
        )
        row = cursor.fetchone()
    return queries.masking_in(grant, row[0] if row else None)


def _mask(grant: Grant, before: Kept, masking: Masking, entry: DocumentEntry) -> None:
    """The holder's rules about the kind that a document is now mask it, with all that follows it. As many statements
    whether there are such rules or not, for nobody is to know of them; and what is held from the holder brings nothing
    under a rule that they see."""
    found = family(grant, before.id)
    held = {one for _, one, said in found.said if said.code is Visibility.INVISIBLE_PATIENT}
    about = [one for one in found.every if one in held or before.id not in held]
    under = {(one, said.rule) for _, one, said in found.said if said.by_holder}
    wanted = [
        (one, Restricted(Visibility.MASQUE_PS, masking.by, grant.at, by_holder=True, rule=rule))
        for rule in rules.masked_by_kind(masking, before.stated.entry, entry)
        for one in about
        if (one, rule) not in under
    ]
    restrict_all(grant, wanted)
