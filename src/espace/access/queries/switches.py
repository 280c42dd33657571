"""What the holder decided for emergencies."""

from django.db import connection

from espace.access.facts import Switches
from espace.kernel.json import decode
from espace.kernel.words import PERSONAL, Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

TABLE = "access_switches"


def switches(grant: Grant) -> Switches:
    """What the holder of the opened record decided; the law's default as long as they did not."""
    grant.require(PERSONAL)
    return switches_of(grant)


def switches_of(grant: Grant) -> Switches:
    """For the decision itself: nothing is granted yet. SealBroken when the row was altered: then nobody is let in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM access_switches WHERE patient_id = %s", [grant.patient])
        row = cursor.fetchone()
    if row is None:
        return Switches()
    plain = keys.keys_of(grant).open(KeyKind.METADATA, bytes(row[0]), context(TABLE, grant.patient))
    return decode(plain, Switches)
