"""TD0.9: an address that opens the workstation at a patient, for the professional who asks and for nobody else.

The token in it says nothing and opens nothing: whoever uses it signs in, must be that professional, and is let in by a
decision of that moment.
"""

from collections.abc import Mapping
from functools import partial

from django.conf import settings

from espace.access import actions as access
from espace.access import facts
from espace.exchange.callers import Caller, Opening
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.national import about, opened
from espace.kernel.words import ActorKind, Purpose, Refused, Verb
from espace.wire.dmp import addressing
from espace.wire.dmp.addressing import NAME, Shown, Wanted
from espace.wire.dmp.fields import refusal

OPENINGS: Mapping[ActorKind, Opening] = {ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.STATUS, "")}
OPENER = "pro/ouvrir"
_SHOWN = {
    Shown.DASHBOARD: facts.Shown.RECORD,
    Shown.DOCUMENTS: facts.Shown.DOCUMENTS,
    Shown.HISTORY: facts.Shown.HISTORY,
    Shown.RIGHTS: facts.Shown.CONSENT,
}


def address(asked: Asked, caller: Caller) -> Work:
    wanted = addressing.read(asked.body)
    about(asked, wanted.patient)
    return partial(_address, wanted, caller)


def refused(refusal_: Refused) -> bytes:
    return refusal(f"{NAME}Response", refusal_)


def _address(wanted: Wanted, caller: Caller) -> Answer:
    with opened(caller, wanted.patient) as grant:
        token, until = access.hand_over(grant, _SHOWN[wanted.shown])
    return Answer(addressing.write(f"{settings.ESPACE_PUBLIC_URL}/{OPENER}/{token}/", until))
