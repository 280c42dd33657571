"""Files that people add themselves: what their bytes say that they are, and why some are refused."""

from espace.wire.files.kinds import JPEG, PDF, PNG, RTF, SUFFIXES, TEXT, TIFF, checked, kind_of
from espace.wire.files.names import plain, suffix_of, title_of
from espace.wire.files.own import OWN_TYPES, OwnType
from espace.wire.files.stripping import stripped

__all__ = [
    "JPEG",
    "OWN_TYPES",
    "PDF",
    "PNG",
    "RTF",
    "SUFFIXES",
    "TEXT",
    "TIFF",
    "OwnType",
    "checked",
    "kind_of",
    "plain",
    "stripped",
    "suffix_of",
    "title_of",
]
