"""The organisations where professionals act, known by the numbers that a directory gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from espace.identity.facts import Activity, Professional
from espace.kernel.values import replace

NAME_MOST, CITY_MOST = 200, 100

_KNOWN = """
SELECT id, finess, siret, technical_id FROM identity_organisation
WHERE id = ANY(%s) OR (finess <> '' AND finess = ANY(%s)) OR (siret <> '' AND siret = ANY(%s))
   OR (technical_id <> '' AND technical_id = ANY(%s))
ORDER BY active DESC, id
"""
# A number that is already known is never taken away, and what the directory leaves out is kept. What is equal is left
# out first: ON CONFLICT alone would lock, and so write, every row.
_PUT = """
INSERT INTO identity_organisation AS o
  (id, name, finess, siret, sector, region, city, technical_id, source_ids, active)
SELECT line.*, '[]'::jsonb, true
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS line (id, name, finess, siret, sector, region, city, technical_id)
LEFT JOIN identity_organisation k ON k.id = line.id
WHERE k.id IS NULL
   OR line.name NOT IN ('', k.name) OR line.sector NOT IN ('', k.sector)
   OR line.region NOT IN ('', k.region) OR line.city NOT IN ('', k.city)
   OR (k.finess = '' AND line.finess <> '') OR (k.siret = '' AND line.siret <> '')
   OR (k.technical_id = '' AND line.technical_id <> '')
ON CONFLICT (id) DO UPDATE SET
  name = coalesce(nullif(EXCLUDED.name, ''), o.name), finess = coalesce(nullif(o.finess, ''), EXCLUDED.finess),
  siret = coalesce(nullif(o.siret, ''), EXCLUDED.siret), sector = coalesce(nullif(EXCLUDED.sector, ''), o.sector),
  region = coalesce(nullif(EXCLUDED.region, ''), o.region), city = coalesce(nullif(EXCLUDED.city, ''), o.city),
  technical_id = coalesce(nullif(o.technical_id, ''), EXCLUDED.technical_id)
"""


@dataclass(slots=True)
class _Known:
    """Which organisation bears a number; the first one said keeps it."""

    ids: set[UUID] = field(default_factory=set)
    by_number: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def add(self, organisation: UUID, finess: str, siret: str, technical_id: str) -> None:
        self.ids.add(organisation)
        for kind, number in (("finess", finess), ("siret", siret), ("technical", technical_id)):
            if number:
                self.by_number.setdefault((kind, number), organisation)

    def find(self, activity: Activity) -> UUID:
        """The organisation itself, or the one that bears the strongest number stated; a new one takes its place."""
        if activity.organisation in self.ids:
            return activity.organisation
        found = self.by_number.get(_strongest(activity), activity.organisation)
        self.add(found, activity.finess, activity.siret, activity.technical_id)
        return found


def put_structures(professionals: Sequence[Professional]) -> list[Professional]:
    """Add or bring up to date the organisations of a batch; the professionals, with the ids of what is stored.

    What an organisation sends (its source ids) and whether it is active are never changed here.
    """
    stated = [activity for one in professionals for activity in one.activities]
    if not stated:
        return list(professionals)
    known = _known(stated)
    batch = [
        replace(one, activities=tuple(replace(a, organisation=known.find(a)) for a in one.activities))
        for one in professionals
    ]
    last = {activity.organisation: activity for one in batch for activity in one.activities}
    rows = [_row(last[organisation]) for organisation in sorted(last)]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [list(column) for column in zip(*rows, strict=True)])
    return batch


def _known(stated: Sequence[Activity]) -> _Known:
    known = _Known()
    wanted: list[list[Any]] = [
        list({activity.organisation for activity in stated}),
        list({activity.finess for activity in stated} - {""}),
        list({activity.siret for activity in stated} - {""}),
        list({activity.technical_id for activity in stated} - {""}),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, wanted)
        for organisation, finess, siret, technical_id in cursor.fetchall():
            known.add(organisation, finess, siret, technical_id)
    return known


def _strongest(activity: Activity) -> tuple[str, str]:
    numbers = (("finess", activity.finess), ("siret", activity.siret), ("technical", activity.technical_id))
    return next((number for number in numbers if number[1]), ("", ""))


def _row(activity: Activity) -> tuple[object, ...]:
    return (
        activity.organisation,
        activity.name[:NAME_MOST],
        activity.finess,
        activity.siret,
        activity.sector,
        activity.region,
        activity.city[:CITY_MOST],
        activity.technical_id,
    )
