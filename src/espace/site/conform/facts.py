"""What the kit speaks of: scenarios made of steps, what is expected of each answer, and verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from espace.kernel.reasons import Sentence
from espace.site.conform.answers import Answer
from espace.site.conform.staging import Stage


class Family(StrEnum):
    """What scenarios are grouped by, and chosen by (`--only`)."""

    FHIR = "fhir"
    SOAP = "soap"
    VIHF = "vihf"
    NATIONAL = "national"
    XDM = "xdm"
    HL7 = "hl7v2"
    MESSAGE = "message"
    """A message of a vendor, read from a file."""


FAMILIES: Mapping[Family, Sentence] = {
    Family.FHIR: Sentence("FHIR : IHE MHD et PDSm", "FHIR: IHE MHD and PDSm"),
    Family.SOAP: Sentence("SOAP : IHE XDS.b et volets du CI-SIS", "SOAP: IHE XDS.b and parts of the CI-SIS"),
    Family.VIHF: Sentence("VIHF : l’assertion SAML", "VIHF: the SAML assertion"),
    Family.NATIONAL: Sentence("Requêtes nationales : TD0.2 à TD0.9", "National requests: TD0.2 to TD0.9"),
    Family.XDM: Sentence("XDM : une archive de documents", "XDM: an archive of documents"),
    Family.HL7: Sentence("HL7 v2 : transmission d’un CDA, PAM-FR", "HL7 v2: transmission of a CDA, PAM-FR"),
    Family.MESSAGE: Sentence("Messages lus", "Messages read"),
}


class Need(StrEnum):
    """What whoever runs the kit must have given for a scenario to be played."""

    BEARER = "bearer"
    READER = "reader"
    CARD = "certificate"
    READER_CARD = "reader-certificate"
    MLLP = "mllp"
    MOVEMENTS = "movements"


NEEDS: Mapping[Need, Sentence] = {
    Need.BEARER: Sentence(
        "il faut un jeton de la structure qui alimente", "a token of the feeding structure is needed"
    ),
    Need.READER: Sentence(
        "il faut un jeton de quelqu’un qui lit le dossier", "a token of somebody who reads the record is needed"
    ),
    Need.CARD: Sentence(
        "il faut une adresse en https, et les certificats de la structure qui alimente",
        "an https address is needed, and the certificates of the feeding structure",
    ),
    Need.READER_CARD: Sentence(
        "il faut une adresse en https, et la carte d’un professionnel qui lit le dossier",
        "an https address is needed, and the card of a professional who reads the record",
    ),
    Need.MLLP: Sentence("il faut l’adresse du service MLLP", "the address of the MLLP service is needed"),
    Need.MOVEMENTS: Sentence(
        "il faut `--movements` : l’opposition du patient à l’alimentation y est dite, puis levée",
        "`--movements` is needed: the patient’s objection to feeding is stated, then lifted",
    ),
}


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"


class Door(StrEnum):
    """The addresses of a server."""

    FHIR = "fhir"
    REPOSITORY = "repository"
    REGISTRY = "registry"
    PATIENTS = "patients"
    HABILITATIONS = "habilitations"
    XDM = "xdm"
    HL7 = "hl7v2"
    MLLP = "mllp"


class Who(StrEnum):
    """In whose name a request is sent."""

    NOBODY = "nobody"
    FEEDER = "feeder"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` comes after that of its door. `by` brings a token (FHIR, XDM, HL7 v2) or shows a certificate
    (SOAP, MLLP)."""

    door: Door
    method: str = "GET"
    path: str = ""
    body: bytes = b""
    kind: str = ""
    by: Who = Who.NOBODY
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be, in words; `found` tells what it is instead, or "" where it is that."""

    said: Sentence
    found: Callable[[Stage, Answer], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One request and what is expected of its answer. `keep` notes for later steps what the answer told, once it is as
    expected. `asks` names what the server must announce for this step to be taken at all."""

    does: Sentence
    send: Callable[[Stage], Request]
    expects: tuple[Expected, ...]
    fix: Sentence
    keep: Callable[[Stage, Answer], None] | None = None
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be so, and where that is written."""

    said: Sentence
    source: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """`asks` are what the server must announce, all of them: see `announcing`."""

    id: str
    family: Family
    title: Sentence
    rule: Rule
    needs: tuple[Need, ...]
    steps: tuple[Step, ...]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What was not as it must be: where, what was expected and found, what to do. `reason` is a code of ours, "" for an
    answer of a server."""

    where: Sentence
    expected: Sentence
    found: str
    fix: Sentence
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one scenario, or on one message. `why` says why it does not apply; `done` are the steps taken."""

    id: str
    family: Family
    title: Sentence
    rule: Rule
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    why: Sentence | None = None
    done: tuple[Sentence, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts of one run; `of` is the address or the folder, `at` is when it began (ISO 8601, UTC)."""

    of: str
    at: str
    results: tuple[Result, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict is verdict for one in self.results)


class CannotRun(Exception):
    """Nothing could be judged; the message is a sentence for people."""
