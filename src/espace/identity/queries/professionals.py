"""Professionals of the directory, and who they are when they act somewhere."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from espace.identity.facts import Activity, Professional
from espace.identity.queries.organisations import organisation_in
from espace.identity.rules import is_national_id, search_words, sends_as
from espace.kernel.json import decode
from espace.kernel.words import Actor, ActorKind
from espace.wire.nomenclature import author_specialty

FOUND_MOST = 50

_PROFESSIONAL = """
SELECT p.id, p.national_id, p.family, p.given, p.profession, p.specialty, p.active, (
  SELECT jsonb_agg(jsonb_build_object('organisation', o.id, 'name', o.name, 'finess', o.finess, 'siret', o.siret,
      'sector', o.sector, 'region', o.region, 'city', o.city, 'technical_id', o.technical_id) ORDER BY o.name, o.id)
  FROM identity_activity a JOIN identity_organisation o ON o.id = a.organisation_id AND o.active
  WHERE a.professional_id = p.id)::text
FROM identity_professional p
"""
# The expression is that of the index `professional_folded`, to the letter.
_SEARCH = (
    _PROFESSIONAL
    + """
WHERE p.active AND to_tsvector('simple'::regconfig, COALESCE(p.folded, '')) @@ to_tsquery('simple'::regconfig, %s)
ORDER BY p.family, p.given, p.id LIMIT %s
"""
)
_ACTOR = """
SELECT p.id, p.family, p.given, p.profession, p.national_id,
  o.id, o.name, o.finess, o.siret, o.sector, o.region, o.source_ids, o.active, o.city, o.technical_id
FROM identity_professional p
JOIN identity_activity a ON a.professional_id = p.id
JOIN identity_organisation o ON o.id = a.organisation_id
WHERE p.id = %s AND o.id = %s AND p.active AND o.active
"""


def professional(professional_id: UUID) -> Professional | None:
    """A professional, active or not, with the active organisations where they act, by name."""
    return _first(_read(f"{_PROFESSIONAL} WHERE p.id = %s", [professional_id]))


def professional_of(national_id: str) -> Professional | None:
    """The professional who bears this PS_IdNat ("8" and the RPPS); None for any other text."""
    if not is_national_id(national_id):
        return None
    return _first(_read(f"{_PROFESSIONAL} WHERE p.national_id = %s", [national_id]))


def professionals_named(ids: Collection[UUID]) -> tuple[Professional, ...]:
    """These professionals, active or not, by name; those that the directory knows. One statement, none for nobody."""
    return _read(f"{_PROFESSIONAL} WHERE p.id = ANY(%s) ORDER BY p.family, p.given, p.id", [list(ids)]) if ids else ()


def search_professionals(words: str, *, limit: int = 20) -> tuple[Professional, ...]:
    """Active professionals each word typed begins a word of whose name, whatever case and accents; by name.

    Words of one letter are left out, and so is what comes after the sixth word; none when nothing is left. `limit` is
    brought between 1 and 50.
    """
    wanted = search_words(words)
    if not wanted:
        return ()
    query = " & ".join(f"'{word}':*" for word in wanted)
    return _read(_SEARCH, [query, max(1, min(limit, FOUND_MOST))])


def actor_of_professional(professional_id: UUID, organisation_id: UUID) -> Actor | None:
    """The professional acting in this organisation; None when either is inactive or unknown, or they act no longer
    there. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, [professional_id, organisation_id])
        row = cursor.fetchone()
    if row is None:
        return None
    found, family, given, profession, national_id, *where = row
    place = organisation_in(where)
    return Actor(
        ActorKind.PROFESSIONAL,
        found,
        Professional(found, national_id, family, given, profession).name,
        organisation=place.id,
        sector=place.sector,
        region=place.region,
        organisation_name=place.name,
        profession=profession,
        national_id=national_id,
        sends_as=sends_as(place, national_id),
    )


def _read(statement: str, values: Sequence[Any]) -> tuple[Professional, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(_professional(row) for row in cursor.fetchall())


def _first(found: tuple[Professional, ...]) -> Professional | None:
    return found[0] if found else None


def _professional(row: Sequence[Any]) -> Professional:
    found, national_id, family, given, profession, specialty, active, activities = row
    own = author_specialty(profession)
    return Professional(
        found,
        national_id,
        family,
        given,
        profession,
        specialty or (own.code if own else ""),
        active,
        decode(activities, tuple[Activity, ...]) if activities else (),
    )
