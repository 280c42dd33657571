"""When an assertion counts, and for whom it is made. Source: SAML 2.0 core, sections 2.4 and 2.5; security.md, SAM-23
and SAM-25."""

from collections.abc import Set
from datetime import datetime, timedelta

from espace.kernel.reasons import vihf as reasons
from espace.kernel.words import Refused
from espace.wire.saml.vihf import TARGETS, Confirmation, Vihf

LEEWAY = timedelta(seconds=60)
"""By how much the sender's clock may differ from ours."""
LONGEST = timedelta(hours=1)
"""Of an assertion, from its first instant to its last."""
_BEARER, _HOLDER_OF_KEY, _VOUCHED = "bearer", "holder-of-key", "sender-vouches"


def require_valid(said: Vihf, *, at: datetime, audiences: Set[str], certificate: bytes) -> None:
    """`audiences` are the addresses of this service, `certificate` the client's, DER.

    Raises Refused: VIHF_EXPIRED, VIHF_AUDIENCE, VIHF_BINDING.
    """
    _require_time(said, at)
    if audiences.isdisjoint(said.audiences) or said.target not in TARGETS:
        raise Refused(reasons.VIHF_AUDIENCE, place="Assertion/Conditions")
    for one in said.confirmations:
        _require_confirmed(one, at=at, audiences=audiences, certificate=certificate)


def forgotten_at(said: Vihf) -> datetime:
    """From when this assertion would be refused anyway: until then it is remembered that it was used."""
    return said.not_on_or_after + 2 * LEEWAY


def _require_time(said: Vihf, at: datetime) -> None:
    begun = max(said.not_before, said.issued_at) - LEEWAY
    lasts = said.not_on_or_after - said.not_before
    if not begun <= at < said.not_on_or_after + LEEWAY or not timedelta(0) < lasts <= LONGEST:
        raise Refused(reasons.VIHF_EXPIRED, place="Assertion/Conditions")


def _require_confirmed(one: Confirmation, *, at: datetime, audiences: Set[str], certificate: bytes) -> None:
    """The connection is bound to the assertion whatever the method says; what it says must hold all the same."""
    place = "Assertion/Subject/SubjectConfirmation"
    if one.method not in (_BEARER, _HOLDER_OF_KEY, _VOUCHED) or one.in_response_to:
        raise Refused(reasons.VIHF_BINDING, place=place, detail="Method")
    if one.method == _BEARER and not (one.recipient and one.not_on_or_after):
        raise Refused(reasons.VIHF_BINDING, place=place, detail="Recipient, NotOnOrAfter")
    if (one.method == _HOLDER_OF_KEY or one.certificate) and one.certificate != certificate:
        raise Refused(reasons.VIHF_BINDING, place=place, detail="KeyInfo")
    if one.recipient and one.recipient not in audiences:
        raise Refused(reasons.VIHF_AUDIENCE, place=place, detail="Recipient")
    if one.not_on_or_after and at >= one.not_on_or_after + LEEWAY:
        raise Refused(reasons.VIHF_EXPIRED, place=place)
