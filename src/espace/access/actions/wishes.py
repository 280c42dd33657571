"""What a patient told an organisation of its feeding their space, as the organisation passes it on."""

from datetime import datetime

import msgspec
from django.db import connection

from espace.access.events import FeedingWishStated
from espace.access.facts import FeedingWish, Heard
from espace.access.queries.feeding import blind_feeder, feeding_wish_of, wish_context
from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.outbox import actions as outbox

_PUT = """
INSERT INTO access_feeding_wish (patient_id, organisation, sealed) VALUES (%s, %s, %s)
ON CONFLICT (patient_id, organisation) DO UPDATE SET sealed = EXCLUDED.sealed
"""


def state_feeding_wish(grant: Grant, *, objects: bool, stated: datetime) -> Heard:
    """From now on the organisation feeds this space or does not, and the holder is told of a change.

    `stated` is when the patient said so: of two statements the later one holds, in whatever order they come, and one
    that is dated in the future was made now. Said again, it tells nobody. It opens nothing to anybody.
    """
    grant.require(Purpose.FEED, Verb.FEEDING_WISH)
    organisation, said = grant.actor.organisation, min(stated, grant.at)
    if organisation is None:
        raise TypeError("a space is fed by an organisation")
    grant.asked["feeding"] = "objected" if objects else "not_objected"
    known = feeding_wish_of(grant)
    if known and known.stated > said:
        grant.asked["feeding"] = Heard.OLDER
        return Heard.OLDER
    secret = not FROM_REPRESENTATIVES.isdisjoint(grant.hidden_from)
    _keep(grant, FeedingWish(organisation, grant.actor.name, objects, said, secret))
    if objects is (known is not None and known.objects):
        return Heard.SAME
    told = FeedingWishStated(grant.patient, objects, grant.actor.name, grant.at, secret)
    outbox.post(told, patient=grant.patient, at=grant.at)
    return Heard.CHANGED


def _keep(grant: Grant, wish: FeedingWish) -> None:
    index = blind_feeder(grant.patient, wish.organisation)
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(wish), wish_context(index))
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [grant.patient, index, sealed])
