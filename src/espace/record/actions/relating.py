"""What links documents, and what is masked with them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from espace import edge
from espace.kernel.values import replace
from espace.kernel.words import Grant
from espace.record import queries, rules
from espace.record.actions.restrictions import Row, hold, restrict_all, restrictions
from espace.record.facts import Restricted
from espace.wire.xds import Linking

Link = tuple[Linking, UUID, UUID]
"""How, which document, to which one."""
_INSERT = """
WITH linked AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(sources)s::uuid[], %(targets)s::uuid[])
        AS linked (id, kind, source, target)
), placed AS (
    INSERT INTO record_filed_member (patient_id, folder_id, entry_id, submission_id, added_at)
    SELECT m.patient_id, m.folder_id, l.source, e.submission_id, %(at)s
    FROM linked l JOIN record_filed_member m ON m.patient_id = %(patient)s AND m.entry_id = l.target
    JOIN record_entry e ON e.patient_id = %(patient)s AND e.id = l.source
    WHERE l.kind IN ('RPLC', 'XFRM_RPLC') ON CONFLICT DO NOTHING
)
INSERT INTO record_association (patient_id, id, kind, source_id, target_id)
SELECT %(patient)s, id, kind, source, target FROM linked
"""


def link(grant: Grant, links: Collection[Link]) -> None:
    """Link these documents, and put what replaces one into the folders that this is in; whoever else restricts, amends
    or replaces a target now fails to serialise, and runs again. What a source inherits is not put on it here."""
    kinds, sources, targets = zip(*links, strict=True)
    ids = [edge.new_id() for _ in links]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "patient": grant.patient,
                "at": grant.at,
                "ids": ids,
                "kinds": [str(one) for one in kinds],
                "sources": list(sources),
                "targets": list(targets),
            },
        )
    hold(grant, targets)


def follow(grant: Grant, sources: Collection[UUID], target: UUID) -> None:
    """Have documents that are there, in all the versions that `sources` name, inherit what restricts another one, that
    they append or transform from now on: again changes nothing, and it takes as many statements for many as for one."""
    hold(grant, sources)
    there = {(entry, _shape(said)) for _, entry, said in restrictions(grant, sources)}
    theirs = [said for _, _, said in restrictions(grant, [target])]
    handed = [(entry, said) for entry in sources for said in rules.inherited(theirs, target)]
    restrict_all(grant, [(entry, said) for entry, said in handed if (entry, _shape(said)) not in there])


def _shape(said: Restricted) -> tuple[object, ...]:
    return said.code, said.by_holder, said.rule, said.about, said.follows


@dataclass(frozen=True, slots=True)
class Family:
    """A document in all its versions, and what follows it, held against others who change them; `said` is what
    restricts them all."""

    entry: UUID
    older: tuple[UUID, ...]
    newer: tuple[UUID, ...]
    followers: tuple[UUID, ...]
    said: Sequence[Row]

    @property
    def versions(self) -> tuple[UUID, ...]:
        return (*self.older, *self.newer)

    @property
    def every(self) -> tuple[UUID, ...]:
        return (*self.versions, *self.followers)

    @property
    def own(self) -> Iterator[Row]:
        """What restricts the versions, and what follows them for their sake."""
        return (row for row in self.said if row[1] in self.versions or row[2].follows in self.versions)


def family(grant: Grant, entry_id: UUID) -> Family:
    older, newer, followers = queries.family(grant, entry_id)
    hold(grant, (*older, *newer, *followers))
    return Family(entry_id, older, newer, followers, restrictions(grant, (*older, *newer, *followers)))


def mask_family(grant: Grant, of: Family, said: Restricted) -> None:
    """Put a mask on a document, in all its versions, and on what follows it, for its sake; where one of the same hand
    is already, nothing is added."""
    found = [row for row in of.said if _shape(row[2])[:4] == _shape(said)[:4]]
    alone = {entry for _, entry, one in found if one.follows is None}
    with_it = {entry for _, entry, one in found if one.follows in of.versions}
    wanted = [(one, said) for one in of.versions if one not in alone]
    followed = [(one, replace(said, follows=of.entry)) for one in of.followers if one not in alone | with_it]
    restrict_all(grant, wanted + followed)
