"""Professions of people who care: TRE_G15, social professions (TRE_R94), uses of a title (TRE_R95).

The rows of `ROLES` that are people's, with codes that do not clash; the labels are those of JDV_J48 (2024-12-13).
"""

from collections.abc import Mapping

from espace.wire.nomenclature.roles import ROLES, SPECIALTIES
from espace.wire.nomenclature.systems import PRODUCER
from espace.wire.xds import Coded

PROFESSIONS: Mapping[str, str] = {
    code: role.display.replace("'", "’") for code, role in ROLES.items() if role.system != PRODUCER.oid
}


def profession_label(code: str) -> str:
    """The profession in words (« Médecin »); "" for an unknown code."""
    return PROFESSIONS.get(code, "")


def author_specialty(profession: str, skill: str = "", section: str = "") -> Coded | None:
    """The J01 code of a professional: by skill (« code savoir-faire », "SM54"), by pharmacists' section, else the
    profession's own; None for a profession that J01 has not.
    """
    ways = (f"G15_{profession}/{skill}", f"G15_{profession}/{section}", f"G15_{profession}", profession)
    return next((SPECIALTIES[code] for code in ways if code in SPECIALTIES), None)
