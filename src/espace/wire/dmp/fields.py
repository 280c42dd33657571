"""The flat elements of which these requests are made: each said once, with a value of its list, and no other."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from espace.kernel.reasons import REASONS
from espace.kernel.reasons import national as reasons
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.wire.fhir.outcome import problems_of
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

NAMESPACE = "urn:si-dmp-habilitations:v1"
"""UNKNOWN: the national name has a middle part that no source at hand tells (docs/vendors/national-requests.md)."""
MOST_CHARS = 200
PATIENT = "patientId"
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


@dataclass(slots=True)
class Fields:
    """The children of a request, read by name; what is wrong of them is kept, to be told at once by `require`."""

    request: Element
    problems: list[Problem] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.request.tag.rpartition("}")[2]

    def expect(self, *names: str) -> None:
        """Nothing but these elements, each once at most."""
        known, seen = {f"{{{NAMESPACE}}}{name}" for name in names}, set[str]()
        for number, one in enumerate(self.request, 1):
            if one.tag not in known or one.tag in seen or number > len(names):
                self.problems.append(self._wrong("", f"element {number}: {', '.join(names)}, each once"))
                return
            seen.add(one.tag)

    def text(self, name: str) -> str:
        """The text of an element on one line; "" where it is not said."""
        found = self.request.find(f"{{{NAMESPACE}}}{name}")
        said = " ".join((found.text or "").split()) if found is not None else ""
        if found is not None and (len(found) or found.attrib or len(said) > MOST_CHARS or not said.isprintable()):
            self.problems.append(self._wrong(name, f"a text of {MOST_CHARS} characters at most"))
            return ""
        return said

    def word(self, name: str, words: Collection[str], *, default: str = "") -> str:
        """A word of a closed list; `default` where it is not said, and required where there is none."""
        said = self.text(name) or default
        if said not in words:
            self.problems.append(self._wrong(name, ", ".join(words)))
        return said

    def instant(self, name: str) -> datetime | None:
        """xs:dateTime with its offset, in UTC; None where it is not said."""
        said = self.text(name)
        try:
            if not said or _INSTANT.fullmatch(said):
                return datetime.fromisoformat(said).astimezone(UTC) if said else None
        except (ValueError, OverflowError):
            pass
        self.problems.append(self._wrong(name, "a date and time with its offset"))
        return None

    def number(self, name: str, *, most: int, default: int) -> int:
        said = self.text(name)
        if said.isascii() and said.isdigit() and len(said) <= 4 and 0 < int(said) <= most:
            return int(said)
        if said:
            self.problems.append(self._wrong(name, f"1 to {most}"))
        return default

    def patient(self) -> PatientStatement:
        """The INS, as an identifier of HL7 v3: the number in `extension`, the OID of its authority in `root`."""
        found, place = self.request.find(f"{{{NAMESPACE}}}{PATIENT}"), f"{self.place}/{PATIENT}"
        number, root = (found.get("extension", ""), found.get("root", "")) if found is not None else ("", "")
        if not number or not root or max(len(number), len(root)) > MOST_CHARS:
            self.problems.append(self._wrong(PATIENT, "root and extension"))
        return PatientStatement(place, number=number.strip(), authority=root.strip())

    def require(self) -> None:
        """Raises RefusedProblems (NATIONAL_MALFORMED): everything that is wrong."""
        if self.problems:
            raise RefusedProblems(tuple(self.problems))

    def _wrong(self, name: str, expected: str) -> Problem:
        return Problem(reasons.NATIONAL_MALFORMED, f"{self.place}/{name}".rstrip("/"), f"{expected} expected")


def element(name: str, value: str) -> str:
    """An element of an answer; "" for no value."""
    return f"<h:{name}>{escape(value)}</h:{name}>" if value else ""


def patient_id(number: str, authority: str) -> str:
    return f"<h:{PATIENT} root={quoteattr(authority)} extension={quoteattr(number)}/>"


def answered(name: str, inside: str) -> bytes:
    """An answer that did what was asked."""
    return f'<h:{name} xmlns:h="{NAMESPACE}"><h:status>OK</h:status>{inside}</h:{name}>'.encode()


def refusal(name: str, refused: Refused) -> bytes:
    """The same answer, where nothing was done: every problem with its code, its place, and what to do in French."""
    said = "".join(
        f"<h:error code={quoteattr(one.reason.told_code)} place={quoteattr(one.place)}>{escape(told(one))}</h:error>"
        for one in problems_of(refused)
    )
    return f'<h:{name} xmlns:h="{NAMESPACE}"><h:status>ERREUR</h:status>{said}</h:{name}>'.encode()


def told(problem: Problem) -> str:
    """What people read of a problem: what is wrong, what was found there, what to do."""
    reason = REASONS.get(problem.reason.told_code, problem.reason)
    found = f"({problem.detail})" if problem.detail else ""
    return " ".join(part for part in (reason.professional.fr, found, reason.fix.fr if reason.fix else "") if part)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
