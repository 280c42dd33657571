"""The vocabulary of identity."""

from espace.identity.facts.organisations import Organisation
from espace.identity.facts.people import AUTHORITIES, TEST_AUTHORITIES, Ins, Person, Traits
from espace.identity.facts.professionals import Activity, Professional

__all__ = [
    "AUTHORITIES",
    "TEST_AUTHORITIES",
    "Activity",
    "Ins",
    "Organisation",
    "Person",
    "Professional",
    "Traits",
]
