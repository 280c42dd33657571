"""What the feeder must know of a CDA file before it sends it: its id, and whether it names its patient by an INS.

The platform reads the rest. Expat with a DOCTYPE refused before anything of it is obeyed, and depth bounded: nothing
is expanded, nothing is fetched.
"""

from dataclasses import dataclass
from xml.parsers import expat

from espace_feed.facts import Unfit, Why

INS_AUTHORITIES = frozenset(f"1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11, 13))
"""NIR, NIA, NIR of test, NIR of demonstration, and .13, which two official examples use."""
_V3 = "urn:hl7-org:v3 "
_DOCUMENT = f"{_V3}ClinicalDocument"
_STYLESHEETS = frozenset({f"http://www.w3.org/1999/XSL/Transform {name}" for name in ("stylesheet", "transform")})
_MOST_DEPTH = 256


@dataclass(frozen=True, slots=True)
class Header:
    """`root` and `extension` of its id; `ins` is the first INS of its patient, "" where it has none."""

    root: str
    extension: str
    ins: str
    mime_type: str


class _Refused(Exception):
    """Why this file is no CDA, in French."""


class _Reader:
    """The paths below ClinicalDocument whose attributes are wanted, gathered while the file goes by."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.at = 0
        self.found: dict[str, list[dict[str, str]]] = {"id": [], "recordTarget/patientRole/id": []}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _DOCUMENT and not self.at:
            self.at = len(self.path) + 1
        self.path.append(name)
        if len(self.path) > _MOST_DEPTH:
            raise _Refused(f"plus de {_MOST_DEPTH} éléments emboîtés")
        if self.at and len(self.path) <= self.at + 3:
            below = "/".join(one.removeprefix(_V3) for one in self.path[self.at :])
            if below in self.found:
                self.found[below].append(attributes)

    def end(self, name: str) -> None:
        self.path.pop()

    def doctype(self, *_: object) -> None:
        raise _Refused("une déclaration DOCTYPE")


def read(data: bytes) -> Header:
    """The header of a CDA R2, bare or wrapped in the stylesheet that shows it. Raises Unfit."""
    reader, roots = _Reader(), list[str]()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.doctype

    def start(name: str, attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(name)
        reader.start(name, attributes)

    parser.StartElementHandler, parser.EndElementHandler = start, reader.end
    try:
        parser.Parse(data, True)
        return _header(reader, roots[0])
    except _Refused as refused:
        raise _unfit(str(refused)) from None
    except (expat.ExpatError, ValueError):
        raise _unfit("le XML n’est pas bien formé") from None


def _header(reader: _Reader, root: str) -> Header:
    if not reader.at or (root != _DOCUMENT and root not in _STYLESHEETS):
        raise _Refused("la racine n’est pas un ClinicalDocument")
    ids = reader.found["id"]
    if not ids or not ids[0].get("root"):
        raise _Refused("le document n’a pas d’identifiant (ClinicalDocument/id)")
    numbers = [
        one["extension"]
        for one in reader.found["recordTarget/patientRole/id"]
        if one.get("root", "").lower().removeprefix("urn:oid:") in INS_AUTHORITIES and one.get("extension")
    ]
    kind = "text/xml" if root == _DOCUMENT else "application/xslt+xml"
    return Header(ids[0]["root"], ids[0].get("extension", ""), numbers[0] if numbers else "", kind)


def _unfit(what: str) -> Unfit:
    sentence = "Ce fichier n’est pas un document CDA R2 que l’on puisse envoyer."
    return Unfit(Why("cda_illisible", sentence, what, "Faites produire à nouveau le fichier par le logiciel."))
