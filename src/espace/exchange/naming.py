"""The record of whom a request names by their INS, for somebody else than its holder: the same at every door."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.conf import settings

from espace.access.facts import Found
from espace.exchange.callers import Caller
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.identity.rules import ins_problem
from espace.kernel.words import Grant, Refused


def open_of(caller: Caller, ins: Ins, asked: Mapping[str, str], *, place: str) -> AbstractContextManager[Grant]:
    """Raises Refused: INS_… at `place`; SPACE_UNKNOWN, without a place, for an INS that nobody bears, for a space that
    is opposed must answer the same to the byte."""
    if wrong := ins_problem(ins, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise Refused(wrong, place=place)
    return caller.open(identity.patient_of(ins), asked=asked, found=Found(ins=ins.number))
