"""What the provider says of a professional, in the claims of Pro Santé Connect; and how surely it knows them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from espace.identity.facts import Activity

_KNOWLEDGE = frozenset({"pwd", "pin", "kba"})
_POSSESSION = frozenset({"otp", "hwk", "swk", "sc", "pop", "sms", "tel"})
_INHERENCE = frozenset({"fpt", "face", "iris", "retina", "vbm"})
FACTORS = (_KNOWLEDGE, _POSSESSION, _INHERENCE)
"""Values of `amr` (RFC 8176) by kind of factor: two kinds make two factors."""
MOST = 200
_NUMBER = re.compile(r"[0-9A-Za-z./_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stated:
    """`national_id` is SubjectNameID (PS_IdNat); `structures` are the numbers, of any kind, of the structure in which
    they say they act; `regulates` is Acces_Regulation_Medicale: they handle the calls of an emergency call centre."""

    national_id: str
    structures: frozenset[str]
    regulates: bool = False


def has_two_factors(claims: Mapping[str, object], userinfo: Mapping[str, object], *, tiers: tuple[str, ...]) -> bool:
    """Whether the person was recognised by two factors: `amr` says so, or Palier_Authentification is one of `tiers`.

    A tier is written CODE^OID.
    """
    amr = claims.get("amr")
    said = frozenset(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else frozenset()
    kinds = sum(1 for kind in FACTORS if said & kind)
    tier = userinfo.get("Palier_Authentification")
    return "mfa" in said or kinds >= 2 or (isinstance(tier, str) and tier.partition("^")[0] in tiers)


def read_stated(userinfo: Mapping[str, object]) -> Stated | None:
    """Who they are and where they act; None without a readable SubjectNameID."""
    national_id = _number(userinfo.get("SubjectNameID"))
    if not national_id:
        return None
    named = _number(userinfo.get("SubjectOrganizationID"))
    structures = frozenset({named, *_same_structure(userinfo, named)} - {""})
    return Stated(national_id, structures, regulates=userinfo.get("Acces_Regulation_Medicale") == "VRAI")


def activity_of(activities: tuple[Activity, ...], stated: Stated) -> Activity | None:
    """Where they act: the one activity of which they stated a number; else their only one; else they are asked.

    A FINESS or a SIRET may come bare or as Struct_IdNat, after "1" or "3".
    """
    matching = [one for one in activities if _numbers(one) & stated.structures]
    if len(matching) == 1:
        return matching[0]
    return activities[0] if len(activities) == 1 else None


def _numbers(activity: Activity) -> frozenset[str]:
    finess, siret = activity.finess, activity.siret
    bare = frozenset({finess, siret, activity.technical_id}) - {""}
    return bare | ({f"1{finess}"} if finess else frozenset()) | ({f"3{siret}"} if siret else frozenset())


def _same_structure(userinfo: Mapping[str, object], named: str) -> Iterator[str]:
    """The FINESS and SIRET of the structure that the claims name by any of its numbers (SubjectRefPro)."""
    for activity in _activities(userinfo):
        finess, siret = _number(activity.get("numeroFinessSite")), _number(activity.get("numeroSiretSite"))
        technical = _number(activity.get("identifiantTechniqueDeLaStructure"))
        if named and named in (finess, siret, technical):
            yield from (finess, siret)


def _activities(userinfo: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    reference = userinfo.get("SubjectRefPro")
    exercises = reference.get("exercices") if isinstance(reference, dict) else None
    for exercise in exercises[:MOST] if isinstance(exercises, list) else ():
        listed = exercise.get("activities") if isinstance(exercise, dict) else None
        yield from (one for one in (listed[:MOST] if isinstance(listed, list) else ()) if isinstance(one, dict))


def _number(value: object) -> str:
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else ""
