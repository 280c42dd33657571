"""Keeping the list of a professional's own patients: what changes a relation changes it, in the same transaction."""

from datetime import datetime

import msgspec
from django.db import connection
from django.utils.timezone import localdate

from espace.access.actions.purging import purge
from espace.access.facts import Relation
from espace.access.queries.listing import LISTED, listed_as, listed_by
from espace.access.rules.listing import listed, over
from espace.kernel.words import Grant
from espace.keys import queries as keys

_PUT = """
INSERT INTO access_listed (professional, subject, day, until, sealed) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (professional, subject)
DO UPDATE SET day = EXCLUDED.day, until = EXCLUDED.until, sealed = EXCLUDED.sealed
"""
_FORGET = """
DELETE FROM access_listed WHERE (professional, subject) IN (
  SELECT professional, subject FROM access_listed WHERE until < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_REMOVE = "DELETE FROM access_listed WHERE professional = %s AND subject = %s"


def relist(grant: Grant, relation: Relation) -> None:
    """One statement, whatever becomes of the relation."""
    by, subject = listed_by(relation.professional), listed_as(grant.patient, relation.professional)
    one = listed(grant.patient, relation, grant.at)
    with connection.cursor() as cursor:
        if one is None:
            cursor.execute(_REMOVE, [by, subject])
        else:
            sealed = keys.seal_system(LISTED, msgspec.json.encode(one), subject)
            end = over(one)
            cursor.execute(_PUT, [by, subject, localdate(grant.at), localdate(end) if end else None, sealed])


def purge_listed(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` rows of the list that say nothing any more. How many went."""
    return purge(((_FORGET, localdate(at)),), limit)
