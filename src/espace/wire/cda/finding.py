"""Finding elements, saying where they are, and gathering what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from espace.kernel.reasons import Reason
from espace.kernel.reasons.documents import CDA_INCOMPLETE
from espace.kernel.words import Problem
from espace.wire.cda.values import HL7
from espace.wire.xds import Coded
from espace.wire.xml import Element

MOST_NOTES = 200


@dataclass(slots=True)
class Notes:
    """Gathers what refuses and what only warns; at most 200 of each."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, element: Element, rule: str, *, path: str = "", reason: Reason = CDA_INCOMPLETE) -> None:
        _note(self.problems, element, rule, path, reason)

    def warn(self, element: Element, rule: str, *, path: str = "", reason: Reason = CDA_INCOMPLETE) -> None:
        _note(self.warnings, element, rule, path, reason)


def _note(notes: list[Problem], element: Element, rule: str, path: str, reason: Reason) -> None:
    if len(notes) < MOST_NOTES:
        notes.append(Problem(reason, place_of(element, path), rule))


def place_of(element: Element, path: str = "") -> str:
    """« XPath, line N » of an element, or of what is missing at `path` below it; prefixes are left out."""
    steps = [path] if path else []
    current: Element | None = element
    while current is not None:
        steps.append(_step(current))
        current = None if current.tag == HL7 + "ClinicalDocument" else current.getparent()
    line = f", line {element.sourceline}" if element.sourceline else ""
    return "/" + "/".join(reversed(steps)) + line


def _step(element: Element) -> str:
    name = element.tag.rpartition("}")[2][:80]
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    alone = before == 0 and next(element.itersiblings(element.tag), None) is None
    return name if alone else f"{name}[{before + 1}]"


def child(element: Element | None, path: str) -> Element | None:
    """The first descendant at a path of HL7 element names, such as `patient/name`."""
    for name in path.split("/"):
        element = None if element is None else next(element.iterchildren(HL7 + name), None)
    return element


def children(element: Element | None, path: str) -> Iterator[Element]:
    """Every descendant at a path of HL7 element names, in document order."""
    if element is None:
        return
    name, _, rest = path.partition("/")
    for found in element.iterchildren(HL7 + name):
        if rest:
            yield from children(found, rest)
        else:
            yield found


def texts(element: Element) -> Iterator[str]:
    """Every text node in document order."""
    return map(str, element.itertext())


def text_in(element: Element | None) -> str:
    """All the text of an element, spaces collapsed."""
    return "" if element is None else " ".join("".join(texts(element)).split())


def attribute(element: Element | None, name: str) -> str:
    value = None if element is None else element.get(name)
    return value.strip() if value else ""


def coded(element: Element | None) -> Coded | None:
    """A code with its system and display; None where there is no code (nullFlavor)."""
    code = attribute(element, "code")
    return Coded(code, attribute(element, "codeSystem"), attribute(element, "displayName")) if code else None


def identifier(element: Element | None) -> str:
    """An instance identifier as an XDS uniqueId: `root`, or `root^extension` (ITI TF-3, 4.2.3.2.26)."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    return f"{root}^{extension}" if root and extension else root


def number_of(element: Element | None) -> str:
    """The extension of an identifier (FINESS, RPPS), or its root where it has no extension."""
    return attribute(element, "extension") or attribute(element, "root")
