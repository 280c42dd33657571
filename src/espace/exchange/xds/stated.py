"""The record of whom a request, or the assertion that it came with, is about."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from espace.exchange.callers import Caller
from espace.exchange.naming import open_of
from espace.identity.facts import Ins
from espace.kernel.reasons import querying as reasons
from espace.kernel.words import Grant, Refused
from espace.wire.xds import PatientStatement


def opened(
    caller: Caller, stated: PatientStatement | None, asked: Mapping[str, str], *, place: str
) -> AbstractContextManager[Grant]:
    """Raises Refused: PATIENT_UNSTATED, INS_… at `place`, SPACE_UNKNOWN, or why the record stays closed."""
    if stated is None:
        raise Refused(reasons.PATIENT_UNSTATED)
    return open_of(caller, Ins(stated.number, stated.authority), asked, place=place)
