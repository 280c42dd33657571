"""What a patient told the sender of a movement, recorded: whether it may feed their space."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.timezone import localdate

from espace.access import actions
from espace.access.facts import BY_ID, Found, Heard
from espace.catalogue.facts import CREATE
from espace.exchange.callers import Caller, Opening
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import majority, one_ins
from espace.kernel.words import FROM_REPRESENTATIVES, ActorKind, Purpose, Verb
from espace.wire.hl7v2 import Done, Result, Wishes

OPENINGS: Mapping[ActorKind, Opening] = {ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.FEEDING_WISH, CREATE)}
"""Whoever may feed may say that they must not. What a patient tells a professional is recorded elsewhere."""

FEEDING, CONSULTATION = "ZFA-9", "ZFA-11"
"""Where the answer says what became of each (ZAM-2)."""
_DONE = {Heard.CHANGED: Done.RECORDED, Heard.SAME: Done.REPEATED, Heard.OLDER: Done.SUPERSEDED}


def state(caller: Caller, wish: Wishes) -> tuple[Result, ...]:
    """Record whether the patient objects to being fed by the caller; a movement that says nothing of it opens no
    record. That they agreed to being read is not kept: it takes a professional who says so in their own name. Raises
    Refused."""
    found = () if wish.objects is None else (_fed(caller, wish, objects=wish.objects),)
    return found if wish.consultation is None else (*found, Result(CONSULTATION, Done.NOT_KEPT))


def _fed(caller: Caller, wish: Wishes, *, objects: bool) -> Result:
    """A movement does not say whether it is of a minor's secret care: that it came is told to the minor alone."""
    patient = identity.resolve(wish.patients, test_identities=settings.ESPACE_TEST_IDENTITIES)
    ins = one_ins(wish.patients)
    found = Found(ins=ins.number) if isinstance(ins, Ins) else BY_ID
    with caller.open(patient, found=found) as grant:
        if localdate(grant.at) < majority(identity.own_person(grant).traits.birth_date):
            grant.hidden_from |= FROM_REPRESENTATIVES
        identity.require_traits(grant, wish.patients)
        heard = actions.state_feeding_wish(grant, objects=objects, stated=wish.at or grant.at)
    return Result(FEEDING, _DONE[heard])
