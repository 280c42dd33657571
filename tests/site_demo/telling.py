"""What the tests of the stories share: the day they are told on, senders, readings of documents."""

from datetime import date

from lxml import etree

from espace.identity.facts import Organisation, Traits
from espace.site.demo.making import Structure
from espace.site.demo.people import Person
from espace.site.demo.professionals import organisation_of

TODAY = date(2025, 11, 21)
H = {"h": "urn:hl7-org:v3"}


def sender(structure: Structure) -> Organisation:
    return organisation_of(structure)


def traits(person: Person) -> Traits:
    who = person.patient
    return Traits(who.birth_name, who.given_names, who.birth_date, who.sex, who.birth_place)


def one(node: etree._Element, path: str) -> etree._Element:
    found = node.find(path, H)
    assert found is not None
    return found


def luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
