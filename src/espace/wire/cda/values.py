"""What a CDA R2 document is, once read (HL7 CDA R2 2005; CI-SIS « volet structuration minimale »)."""

from dataclasses import dataclass, field

from espace.kernel.words import Problem
from espace.wire.xds import Coded, DocumentEntry, PatientStatement
from espace.wire.xml import Element

HL7 = "{urn:hl7-org:v3}"
BODY_MEDIA = "body"
CDA_TYPES = frozenset({"text/xml", "application/xslt+xml"})
"""The media types under which a CDA is deposited: by itself, or wrapped in the stylesheet that shows it."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file embedded in the document; its type is the one its first bytes show, among those accepted.

    `id` is the ID of its observationMedia where that is a plain name, else `media-N`; `body` for the
    body of a level-1 document.
    """

    id: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelatedDocument:
    """The document that the header says it replaces (RPLC), appends or transforms: kept, never obeyed."""

    type_code: str
    document_id: str
    set_id: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a level-3 body. `anchor` is its id in the HTML; `element` keeps narrative and entries."""

    anchor: str
    title: str
    code: Coded | None
    element: Element = field(repr=False, compare=False)
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class CdaDocument:
    """A document that can be safely read.

    `entry.format` is None: it follows from `templates` (CI-SIS table ASS_A11). `body_level` is 1
    (`media[0]` is the body) or 3 (`sections`). `media_names` gives, for every ID that renderMultiMedia
    may name, the id of its media. `element` is the ClinicalDocument.
    """

    entry: DocumentEntry
    patient: PatientStatement
    templates: tuple[str, ...]
    body_level: int
    media: tuple[Media, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    sections: tuple[Section, ...] = ()
    media_names: dict[str, str] = field(default_factory=dict, repr=False)
    element: Element | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class CdaResult:
    """`document` is None exactly when there are `problems`; `warnings` leave it safe to read."""

    document: CdaDocument | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
