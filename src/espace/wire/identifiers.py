"""The systems of national identifiers, told from their form: a sender's software seldom states them.

Source: CI-SIS, « PS_IdNat » and « Struct_IdNat »: a digit that says the directory, then its number.
"""

import re

PERSONS = "1.2.250.1.71.4.2.1"
STRUCTURES = "1.2.250.1.71.4.2.2"
PERSON_SYSTEMS = frozenset({f"urn:oid:{PERSONS}", "https://rpps.esante.gouv.fr"})
"""The systems under which FHIR states a professional: PS_IdNat, RPPS."""

_PERSON = re.compile(r"0[0-9A-B]{9}|8[0-9]{11}")
"""ADELI, RPPS."""
_STRUCTURE = re.compile(r"0[0-9A-B]{9}|1[0-9A-B]{9}|2[0-9]{9}|3[0-9]{14}|4[0-9]{13}")
"""ADELI practice, FINESS, SIREN, SIRET, RPPS and rank."""


def person_system(number: str) -> str:
    """The OID of the system of a person's identifier, "" where it is not a national one."""
    return PERSONS if _PERSON.fullmatch(number) else ""


def structure_system(number: str) -> str:
    """The OID of the system of a structure's identifier, "" where it is not a national one."""
    return STRUCTURES if _STRUCTURE.fullmatch(number) else ""
