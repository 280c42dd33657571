"""The national code tables (CI-SIS, DMP), dated, with what is deduced from them.

Each module names its table, version and source; `systems` has the OID and the FHIR URI of every code system.
"""

from espace.wire.nomenclature import systems
from espace.wire.nomenclature.classes import CLASSES, SIGNATURE
from espace.wire.nomenclature.flags import CONFIDENTIALITY, SUBMISSION_TYPES, VISIBILITIES
from espace.wire.nomenclature.formats import (
    FORMAT_OF_TEMPLATE,
    FORMATS,
    KEY_OBJECT_SELECTION,
    NO_PROFILE,
    UNSTRUCTURED,
    Format,
    format_of,
)
from espace.wire.nomenclature.kinds import KINDS, Kind, kind_named, kind_of
from espace.wire.nomenclature.places import FACILITY_TYPES, PRACTICE_SETTINGS
from espace.wire.nomenclature.professions import PROFESSIONS, author_specialty, profession_label
from espace.wire.nomenclature.regions import region_of
from espace.wire.nomenclature.roles import ROLES, SPECIALTIES, specialty_label
from espace.wire.nomenclature.systems import System, same_system, system_of
from espace.wire.nomenclature.types import TYPES, DocumentType, class_of, type_in_force, type_label

__all__ = [
    "CLASSES",
    "CONFIDENTIALITY",
    "FACILITY_TYPES",
    "FORMATS",
    "FORMAT_OF_TEMPLATE",
    "KEY_OBJECT_SELECTION",
    "KINDS",
    "NO_PROFILE",
    "PRACTICE_SETTINGS",
    "PROFESSIONS",
    "ROLES",
    "SIGNATURE",
    "SPECIALTIES",
    "SUBMISSION_TYPES",
    "TYPES",
    "UNSTRUCTURED",
    "VISIBILITIES",
    "DocumentType",
    "Format",
    "Kind",
    "System",
    "author_specialty",
    "class_of",
    "format_of",
    "kind_named",
    "kind_of",
    "profession_label",
    "region_of",
    "same_system",
    "specialty_label",
    "system_of",
    "systems",
    "type_in_force",
    "type_label",
]
