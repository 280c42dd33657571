"""Professionals and where they act, as the national directory has them (RPPS, FINESS)."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Activity:
    """One place where a professional acts: an organisation with its FINESS, SIRET or technical id ("" when none).

    `sector` is a code of JDV_J02, `region` and `city` those of the site (INSEE region; name of the commune).
    """

    organisation: UUID
    name: str
    finess: str = ""
    siret: str = ""
    sector: str = ""
    region: str = ""
    city: str = ""
    technical_id: str = ""


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional: `national_id` is the PS_IdNat ("8" and the 11 digits of the RPPS), `profession` a code of
    TRE_G15 ("10" for a doctor), TRE_R94 or TRE_R95, `specialty` one of JDV_J01 ("G15_10/SM54"), "" when unknown.

    `family` and `given` are the names under which they practise.
    """

    id: UUID
    national_id: str
    family: str
    given: str
    profession: str
    specialty: str = ""
    active: bool = True
    activities: tuple[Activity, ...] = ()

    @property
    def name(self) -> str:
        """What people read: « Anne Morel »."""
        return f"{_cased(self.given)} {_cased(self.family)}".strip()


def _cased(name: str) -> str:
    """Directories write names in capitals; a name that has its own capitals keeps them."""
    return name.title() if name.isupper() or name.islower() else name
