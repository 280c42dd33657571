"""What a page says beside the sentences of the reason itself."""

from dataclasses import dataclass
from enum import StrEnum

from espace.kernel.reasons import Reason, Sentence


class Where(StrEnum):
    """Where a reason is read."""

    FHIR = "fhir"
    FAULT = "fault"
    """A SOAP fault: before the transaction is looked at."""
    REGISTRY = "registry"
    """A RegistryError of a transaction of XDS."""
    NATIONAL = "national"
    """The answer to a national request."""
    HL7 = "hl7"
    XDM = "xdm"
    """A RegistryResponse to an archive, or the reply of SMTP to the mail that brought it."""
    PAGE = "page"
    LOG = "log"
    """The holder's access log, where something was allowed."""


class Form(StrEnum):
    """How an example is written."""

    JSON = "JSON"
    HTTP = "HTTP"
    XML = "XML"
    HL7 = "HL7 v2"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Sample:
    """A fragment that is valid, of invented people; `lines` are shown as they stand."""

    form: Form
    title: Sentence
    lines: str


@dataclass(frozen=True, slots=True)
class Family:
    """Reasons about one thing: where they are read, the rule, its sources, what tells the line, a valid example.

    `sources` are citations, the same in both languages; without any, the rule is this platform's own.
    """

    slug: str
    title: Sentence
    where: frozenset[Where]
    reasons: tuple[Reason, ...]
    rule: Sentence
    line: Sentence
    samples: tuple[Sample, ...]
    sources: tuple[str, ...] = ()
