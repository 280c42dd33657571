"""DocumentReference.relatesTo → what a document replaces, appends and transforms (MHD 4.2; ITI TF-3, 4.2.2.2).

XFRM_RPLC has no code of its own in R4: one target that a document both replaces and transforms is that (our choice).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from espace.wire.fhir.resources import Reference, RelatesTo
from espace.wire.fhir.values import unique_id
from espace.wire.report import Report
from espace.wire.xds import Linking, NewDocument, Related

MAX_RELATIONS = 100
CODES: Mapping[str, Linking] = {
    "replaces": Linking.REPLACES,
    "appends": Linking.APPENDS,
    "transforms": Linking.TRANSFORMS,
    "signs": Linking.SIGNS,
}
TOLD: Mapping[Linking, tuple[str, ...]] = {
    Linking.REPLACES: ("replaces",),
    Linking.TRANSFORMS_AND_REPLACES: ("replaces", "transforms"),
    Linking.APPENDS: ("appends",),
    Linking.TRANSFORMS: ("transforms",),
    Linking.SIGNS: ("signs",),
}
_OWN = re.compile(r"DocumentReference/[A-Za-z0-9.-]{1,64}")
_HERE = "#"
"""What begins a target that comes in the same bundle, until its uniqueId is known."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What a document states of others, as `xds.NewDocument` has it; `signs` are fullUrls."""

    replaces: str | None = None
    related: tuple[Related, ...] = ()
    by_transforming: bool = False
    signs: tuple[str, ...] = ()


def relations(
    stated: Sequence[RelatesTo], place: str, base: str, beside: Collection[str], report: Report
) -> Relations:
    """`base` is the address of the door, `beside` the fullUrls of the documents of the same bundle."""
    found: dict[Linking, list[str]] = {kind: [] for kind in CODES.values()}
    if len(stated) > MAX_RELATIONS:
        report.invalid(place, f"{MAX_RELATIONS} relations a document at most")
    for index, one in enumerate(stated[:MAX_RELATIONS]):
        here = f"{place}[{index}]"
        kind = CODES.get(one.code or "")
        if kind is None:
            report.unsupported(f"{here}.code", f"{', '.join(CODES)}")
        elif kind is Linking.SIGNS:
            found[kind] += _signed(one.target or Reference(), here, beside, report)
        elif target := _target(one.target or Reference(), here, base, beside if kind in _BESIDE else (), report):
            found[kind].append(target)
    replaced = found[Linking.REPLACES]
    if len(replaced) > 1:
        report.unsupported(f"{place}[1]", "one replaced document")
    also = [target for target in found[Linking.TRANSFORMS] if target in replaced]
    related = [Related(kind, one) for kind in (Linking.APPENDS, Linking.TRANSFORMS) for one in found[kind]]
    kept = tuple(one for one in related if one.target not in also or one.kind is not Linking.TRANSFORMS)
    return Relations(replaced[0] if replaced else None, kept, bool(also), tuple(found[Linking.SIGNS]))


_BESIDE = frozenset({Linking.APPENDS, Linking.TRANSFORMS})


def _signed(target: Reference, here: str, beside: Collection[str], report: Report) -> tuple[str, ...]:
    """The fullUrl of a document of the bundle: a signature comes with what it signs."""
    if target.reference in beside:
        return (target.reference or "",)
    report.unresolved(f"{here}.target.reference", "the fullUrl of a DocumentReference of this bundle is expected")
    return ()


def _target(target: Reference, here: str, base: str, beside: Collection[str], report: Report) -> str:
    """`DocumentReference/<our id>`, the uniqueId that it has, or the fullUrl of a document of the bundle."""
    if target.reference in beside:
        return f"{_HERE}{target.reference}"
    if target.reference:
        return own_reference(target.reference, f"{here}.target.reference", base, report)
    if target.identifier:
        return unique_id(target.identifier, f"{here}.target.identifier", report)
    report.missing(f"{here}.target")
    return ""


def own_reference(reference: str, place: str, base: str, report: Report) -> str:
    """`DocumentReference/<id>`, said so or under our own address; "" and a problem for another."""
    relative = reference.removeprefix(f"{base}/")
    if _OWN.fullmatch(relative):
        return relative
    report.unresolved(place, "DocumentReference/<id> of this server is expected")
    return ""


def resolved(related: tuple[Related, ...], names: Mapping[str, str]) -> tuple[Related, ...]:
    """With the uniqueIds of what comes in the same bundle, by fullUrl."""
    return tuple(
        Related(one.kind, names[one.target.removeprefix(_HERE)]) if one.target.startswith(_HERE) else one
        for one in related
    )


def stated_of(document: NewDocument) -> list[tuple[str, str]]:
    """The codes and targets that say what a document states of others."""
    kind = Linking.TRANSFORMS_AND_REPLACES if document.by_transforming else Linking.REPLACES
    said = [(code, document.replaces) for code in TOLD[kind]] if document.replaces else []
    return [*said, *((code, one.target) for one in document.related for code in TOLD[one.kind])]
