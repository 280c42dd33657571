"""TD0.3: a professional adds their own authorisation, on the patient's word, or ends it; as the workstation does.

It makes nobody the attending doctor, and nobody asks for somebody else.
"""

from collections.abc import Mapping
from functools import partial

from espace.access import actions as access
from espace.access import queries
from espace.access.facts import How
from espace.access.rules import end_of_visit
from espace.exchange.callers import Caller, Opening
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.national import about, access_of, opened, until
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.wire.dmp import authorising
from espace.wire.dmp.authorising import NAME, Act, Authorising, Consent
from espace.wire.dmp.fields import refusal

OPENINGS: Mapping[ActorKind, Opening] = {ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.CONSENT, "")}
_ENDS = Opening(Purpose.CARE, Verb.WITHDRAW, "")
_HOW = {Consent.ORAL: How.ORAL, Consent.WRITTEN: How.WRITTEN}


def authorise(asked: Asked, caller: Caller) -> Work:
    said = authorising.read(asked.body)
    about(asked, said.patient)
    return partial(_authorise, said, caller if said.act is Act.ADD else replace(caller, opening=_ENDS))


def refused(refusal_: Refused) -> bytes:
    return refusal(f"{NAME}Response", refusal_)


def _authorise(said: Authorising, caller: Caller) -> Answer:
    with opened(caller, said.patient) as grant:
        _ACTS[said.act](grant, said)
        known = queries.relation(grant)
        left, end = access_of(grant, known), until(grant, known)
    return Answer(authorising.write(left, end))


def _add(grant: Grant, said: Authorising) -> None:
    record = access.record_secret_consent if grant.secret else access.record_consent
    record(grant, how=_HOW[said.consent], until=said.until or end_of_visit(grant.at))


def _remove(grant: Grant, _: Authorising) -> None:
    access.withdraw_consent(grant)


_ACTS = {Act.ADD: _add, Act.REMOVE: _remove}
