"""Under which identifiers somebody deposits (CI-SIS: sourceId, custodian)."""

from collections.abc import Iterable

from espace.identity.facts import Activity, Organisation
from espace.kernel.words import Actor, ActorKind


def actor_of(organisation: Organisation) -> Actor:
    """The organisation, acting as itself."""
    return Actor(
        ActorKind.ORGANISATION,
        organisation.id,
        organisation.name,
        organisation=organisation.id,
        sector=organisation.sector,
        region=organisation.region,
        sends_as=sends_as(organisation),
    )


def sends_as(sender: Organisation, national_id: str = "") -> frozenset[str]:
    """The identifiers under which an organisation may deposit: its source ids, FINESS, SIRET and Struct_IdNat; and
    the professional who deposits for it: PS_IdNat and, without its first digit, RPPS."""
    return frozenset({*sender.source_ids, *_national(sender), *((national_id, national_id[1:]) if national_id else ())})


def bears(place: Organisation | Activity, structure: str) -> bool:
    """Whether a Struct_IdNat ("1" and a FINESS, "3" and a SIRET, "4" and a technical id) is that of this place."""
    return structure in {prefix + number for prefix, number in _numbers(place)}


def _national(sender: Organisation) -> Iterable[str]:
    return (form for prefix, number in _numbers(sender) for form in (number, prefix + number))


def _numbers(place: Organisation | Activity) -> Iterable[tuple[str, str]]:
    numbers = (("1", place.finess), ("3", place.siret), ("4", place.technical_id))
    return ((prefix, number) for prefix, number in numbers if number)
