"""Organisations."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Organisation:
    """A structure: FINESS, SIRET or the directory's technical id, sector (JDV_J02), region (INSEE), commune, and the
    XDS source ids that are its own.
    """

    id: UUID
    name: str
    finess: str
    siret: str
    sector: str
    region: str
    source_ids: tuple[str, ...]
    active: bool = True
    city: str = ""
    technical_id: str = ""
