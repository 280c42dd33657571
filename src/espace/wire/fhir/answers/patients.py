"""The person of a record, as a professional or the holder is told of them (TD0.2)."""

from uuid import UUID

from espace.wire.fhir.resources import HumanName, Identifier, Patient
from espace.wire.xds import PatientStatement

_GENDERS = {"M": "male", "F": "female"}


def patient(id: UUID, ins: Identifier, traits: PatientStatement | None = None) -> Patient:
    """The id and the INS, which whoever asked gave; the traits for those alone who may read the record."""
    if traits is None:
        return Patient(id=str(id), identifier=(ins,))
    name = HumanName(use="official", family=traits.birth_name or None, given=traits.given_names)
    return Patient(
        id=str(id),
        identifier=(ins,),
        name=(name,),
        gender=_GENDERS.get(traits.sex, "unknown"),
        birth_date=traits.birth_date.isoformat() if traits.birth_date else None,
    )
