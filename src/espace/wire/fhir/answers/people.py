"""Authors as FHIR tells them: contained resources, with a reference to them (PDSm 3.1.1, `author`).

A person is a PractitionerRole (speciality, organisation) of a Practitioner (name, national identifier); an
organisation that signs alone is an Organization.
"""

from espace.wire.fhir.answers.codes import concepts, system_uri
from espace.wire.fhir.resources import (
    HumanName,
    Identifier,
    Organization,
    Practitioner,
    PractitionerRole,
    Reference,
    Resource,
)
from espace.wire.identifiers import person_system, structure_system
from espace.wire.xds import Author

Told = tuple[Reference, tuple[Resource, ...]]


def author(stated: Author, name: str) -> Told | None:
    """A reference to `#name`, and what is contained there; None for an author of whom nothing is known that FHIR
    could say: it has no empty objects."""
    person = bool(stated.family or stated.given or stated.person_id)
    placed = bool(stated.institution or stated.institution_id)
    if not (person or placed):
        return None
    reference = Reference(reference=f"#{name}", display=_display(stated))
    if not person:
        return reference, (_organization(stated, name),)
    role = PractitionerRole(
        id=name,
        practitioner=Reference(reference=f"#{name}-person"),
        organization=Reference(reference=f"#{name}-organization") if placed else None,
        code=concepts((stated.role,)),
        specialty=concepts((stated.specialty,)),
    )
    contained = (role, _practitioner(stated, f"{name}-person"))
    return reference, (*contained, _organization(stated, f"{name}-organization")) if placed else contained


def structure_identifier(number: str) -> Identifier:
    """A structure by its number, with its system where that is a national one."""
    return Identifier(system=system_uri(structure_system(number)), value=number)


def _display(stated: Author) -> str | None:
    person = " ".join(part for part in (stated.given, stated.family) if part)
    return ", ".join(part for part in (person, stated.institution) if part) or None


def _practitioner(stated: Author, name: str) -> Practitioner:
    number = stated.person_id
    named = HumanName(family=stated.family or None, given=(stated.given,) if stated.given else ())
    return Practitioner(
        id=name,
        identifier=(Identifier(system=system_uri(person_system(number)), value=number),) if number else (),
        name=(named,) if stated.family or stated.given else (),
    )


def _organization(stated: Author, name: str) -> Organization:
    number = stated.institution_id
    return Organization(
        id=name,
        identifier=(structure_identifier(number),) if number else (),
        name=stated.institution or None,
    )
