"""People: a matricule INS, its traits, who bears it."""

from dataclasses import dataclass
from datetime import date

from espace.kernel.ids import PatientId

AUTHORITIES = {
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
}
"""INS authorities (ANS, « liste des OID des autorités d’affectation des INS »)."""

TEST_AUTHORITIES = {
    "1.2.250.1.213.1.4.10": "NIR de test",
    "1.2.250.1.213.1.4.11": "NIR de démonstration",
    "1.2.250.1.213.1.4.13": "test (signification non publiée, présent dans deux exemples officiels)",
}
"""Accepted where ESPACE_TEST_IDENTITIES=1 only."""


@dataclass(frozen=True, slots=True)
class Ins:
    """A matricule of 15 characters (13 and its key) under the OID of its authority."""

    number: str
    authority: str


@dataclass(frozen=True, slots=True)
class Traits:
    """The five strict traits (RNIV); `birth_place` is an INSEE code, "" when unknown."""

    birth_name: str
    given_names: tuple[str, ...]
    birth_date: date
    sex: str
    birth_place: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as their space knows them: `ins` are all their matricules, the current one last."""

    patient: PatientId
    ins: tuple[Ins, ...]
    traits: Traits
    email: str = ""

    @property
    def name(self) -> str:
        """First given name and birth name, as shown to the person."""
        return f"{self.traits.given_names[0].title()} {self.traits.birth_name.title()}"
