"""Kinds of documents as people see them: some fifteen words, whatever the 120 codes.

The holder's categories of the national service (D21), in plain words. A type decides; for a
type that has no row of its own, its class; for an unknown one, the class that the sender states.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.wire.nomenclature.types import class_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: `slug` in addresses and filters, `icon` the name of a pictogram."""

    slug: str
    label_fr: str
    label_en: str
    icon: str


KINDS: tuple[Kind, ...] = (
    Kind("synthesis", "Résumés de santé", "Health summaries", "heart"),
    Kind("prescriptions", "Ordonnances et médicaments", "Prescriptions and medicines", "pill"),
    Kind("biology", "Analyses de laboratoire", "Laboratory results", "flask"),
    Kind("imaging", "Radios et autres images", "X-rays and other images", "scan"),
    Kind("reports", "Consultations et examens", "Consultations and examinations", "stethoscope"),
    Kind("hospital", "Séjours à l’hôpital", "Hospital stays", "bed"),
    Kind("screening", "Dépistage et prévention", "Screening and prevention", "shield"),
    Kind("vaccinations", "Vaccinations", "Vaccinations", "syringe"),
    Kind("certificates", "Certificats", "Certificates", "seal"),
    Kind("care-plans", "Plans de soins", "Care plans", "list"),
    Kind("administrative", "Papiers administratifs", "Administrative papers", "folder"),
    Kind("reimbursements", "Remboursements", "Reimbursements", "euro"),
    Kind("advance-directives", "Directives anticipées", "Advance directives", "signature"),
    Kind("patient-expression", "Écrits personnels", "Personal statements", "pencil"),
    Kind("other", "Autres documents", "Other documents", "page"),
)
_BY_SLUG: Mapping[str, Kind] = {kind.slug: kind for kind in KINDS}
_OTHER = _BY_SLUG["other"]

_OF_CLASS: Mapping[str, str] = {
    "10": "reports",
    "11": "synthesis",
    "31": "imaging",
    "42": "prescriptions",
    "43": "prescriptions",
    "44": "care-plans",
    "45": "prescriptions",
    "52": "certificates",
    "60": "reimbursements",
    "90": "patient-expression",
    "95": "administrative",
}

_TYPES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "biology": ("11502-2", "11526-1", "51969-4", "60568-3", "96173-0", "DOCPAT05"),
    "hospital": (
        "11490-0",
        "11493-4",
        "15507-7",
        "15508-5",
        "18761-7",
        "34112-3",
        "34133-9",
        "34749-2",
        "34874-8",
        "34875-5",
        "60280-5",
        "67851-6",
        "74207-2",
        "77436-4",
        "78341-5",
        "86531-1",
    ),
    "imaging": ("11528-7",),
    "screening": ("68817-6", "75482-0", "75492-9", "83869-8", "DOCPAT06"),
    "vaccinations": ("11369-6", "87273-9", "96874-3"),
    "prescriptions": ("56445-0", "78601-2", "80820-4", "93024-8"),
    "reports": ("28653-4", "34842-5", "68599-0", "83836-7", "83901-9"),
    "certificates": ("101881-1",),
    "advance-directives": ("EXPPAT_3",),
}
_OF_TYPE: Mapping[str, str] = {code: slug for slug, codes in _TYPES_OF_KIND.items() for code in codes}


def kind_of(type_code: str, class_code: str = "") -> Kind:
    """The kind under which people find a document of that type, or of that class for an unknown type."""
    slug = _OF_TYPE.get(type_code) or _OF_CLASS.get(class_of(type_code) or class_code, "other")
    return _BY_SLUG.get(slug, _OTHER)


def kind_named(slug: str) -> Kind | None:
    """The kind of that slug, as an address states it; None if there is none."""
    return _BY_SLUG.get(slug)
