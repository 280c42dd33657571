"""Writing professionals and where they act: a whole batch in a few statements, one professional as a batch of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from espace.identity.actions.structures import put_structures
from espace.identity.facts import Professional
from espace.identity.queries.professionals import professional_of
from espace.identity.rules import folded
from espace.kernel.values import replace

NAME_MOST = 100

# What is equal is left out first: ON CONFLICT alone would lock, and so write, every row of a directory.
_PUT = """
INSERT INTO identity_professional AS p (id, national_id, family, given, profession, specialty, active, folded)
SELECT line.* FROM unnest(
  %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::text[])
  AS line (id, national_id, family, given, profession, specialty, active, folded)
LEFT JOIN identity_professional k ON k.national_id = line.national_id
WHERE k.id IS NULL OR (k.family, k.given, k.profession, k.specialty, k.active)
  IS DISTINCT FROM (line.family, line.given, line.profession, line.specialty, line.active)
ON CONFLICT (national_id) DO UPDATE SET family = EXCLUDED.family, given = EXCLUDED.given,
  profession = EXCLUDED.profession, specialty = EXCLUDED.specialty, active = EXCLUDED.active, folded = EXCLUDED.folded
RETURNING p.xmax = 0
"""
_ACT = """
INSERT INTO identity_activity (professional_id, organisation_id)
SELECT p.id, line.organisation_id
FROM unnest(%s::text[], %s::uuid[]) AS line (national_id, organisation_id)
JOIN identity_professional p ON p.national_id = line.national_id
ON CONFLICT DO NOTHING
"""
_ONLY = """
DELETE FROM identity_activity a USING identity_professional p
WHERE a.professional_id = p.id AND p.national_id = ANY(%s) AND NOT EXISTS (
  SELECT FROM unnest(%s::text[], %s::uuid[]) AS line (national_id, organisation_id)
  WHERE line.national_id = p.national_id AND line.organisation_id = a.organisation_id)
"""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a batch changed: professionals added or brought up to date, activities added."""

    added: int = 0
    changed: int = 0
    activities: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.added + other.added, self.changed + other.changed, self.activities + other.activities)


def put_professional(professional: Professional) -> Professional:
    """Add a professional, or make the stored one equal to this one, by national id; answers what is stored.

    Each organisation is found by its id, else by its FINESS, else its SIRET, else its technical id, else made: ids in
    the answer may differ from the given ones. Activities that are not given end. Callers hold the transaction, and run
    it again when it cannot be serialised (two at once).
    """
    put_professionals((professional,), only_these_activities=True)
    stored = professional_of(professional.national_id)
    if stored is None:
        raise LookupError("a professional who was just written is not there")
    return stored


def put_professionals(professionals: Iterable[Professional], *, only_these_activities: bool = False) -> Written:
    """A batch of different professionals with the organisations where they act; what is equal is left untouched.

    A few statements, whatever its size. Names are cut at 100 characters. Activities that are not given stay, unless
    `only_these_activities`.
    """
    return write(put_structures(list(professionals)), only_these_activities=only_these_activities)


def write(professionals: Iterable[Professional], *, only_these_activities: bool = False) -> Written:
    """The same for professionals whose organisations are there already."""
    batch = sorted(professionals, key=lambda one: one.national_id)
    if not batch:
        return Written()
    with connection.cursor() as cursor:
        cursor.execute(_PUT, _columns([_row(one) for one in batch]))
        inserted = [bool(row[0]) for row in cursor.fetchall()]
        acts = _columns(_activities(batch)) or [[], []]
        cursor.execute(_ACT, acts)
        begun = cursor.rowcount
        if only_these_activities:
            cursor.execute(_ONLY, [[one.national_id for one in batch], *acts])
    return Written(sum(inserted), len(inserted) - sum(inserted), begun)


def _row(one: Professional) -> tuple[object, ...]:
    kept = replace(one, family=one.family[:NAME_MOST], given=one.given[:NAME_MOST])
    words = folded(f"{kept.family} {kept.given}")
    return (
        kept.id,
        kept.national_id,
        kept.family,
        kept.given,
        kept.profession,
        kept.specialty,
        kept.active,
        words,
    )


def _activities(batch: Sequence[Professional]) -> list[tuple[str, UUID]]:
    return [(one.national_id, activity.organisation) for one in batch for activity in one.activities]


def _columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """One array for each column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
