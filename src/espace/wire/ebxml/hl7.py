"""The HL7 v2 data types inside XDS metadata (ITI TF-3, table 4.2.3.1.7-2): text ⇄ components."""

import re

from espace.wire.identifiers import person_system, structure_system
from espace.wire.xds import Author, Coded

_OID = re.compile(r"[0-2](\.[0-9]+)+", re.ASCII)
_ESCAPES = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"}
_ESCAPED = re.compile(r"\\([FSTRE])\\")
_TO_ESCAPE = re.compile(r"[|^&~\\]")
_SIGNS = str.maketrans({sign: f"\\{name}\\" for name, sign in _ESCAPES.items()})


def components(text: str, *, of: str = "^") -> tuple[str, ...]:
    """`a^b^^d` → ("a", "b", "", "d"), each still escaped."""
    return tuple(part.strip() for part in text.split(of))


def part(said: tuple[str, ...], place: int) -> str:
    """The component of that number, counted from one as HL7 does, its escapes undone (HL7 v2.5, 2.7); "" where there
    is none. Any other backslash is one: senders of this field seldom escape."""
    return _ESCAPED.sub(lambda found: _ESCAPES[found[1]], said[place - 1]) if len(said) >= place else ""


def escaped(text: str) -> str:
    """A text as a component: what it holds never becomes another one."""
    return text.translate(_SIGNS) if _TO_ESCAPE.search(text) else text


def identifier(text: str) -> tuple[str, str, str]:
    """CX: `279…^^^&1.2.250.1.213.1.4.10&ISO^NH` → number, OID of its authority, its kind (CX.5)."""
    said = components(text)
    authority = components(said[3] if len(said) > 3 else "", of="&")
    return part(said, 1), part(authority, 2), part(said, 5)


def coded(text: str) -> Coded | None:
    """A code in text, `G15_10/SM26^Médecin^1.2.250.1.213.1.1.4.5`; None for none."""
    said = components(text)
    return Coded(part(said, 1), part(said, 3), part(said, 2)) if part(said, 1) else None


def coded_text(code: Coded) -> str:
    return "^".join(map(escaped, (code.code, code.display, code.system)))


def person(text: str) -> tuple[str, str, str]:
    """XCN: number, family name, given name."""
    said = components(text)
    return part(said, 1), part(said, 2), part(said, 3)


def person_text(one: Author) -> str:
    """XCN as CI-SIS has it: a national number with its authority in 9, « D » in 10 and IDNPS in 13; of any other
    number neither is known. "" for an institution that signs alone."""
    if not (one.person_id or one.family or one.given):
        return ""
    said = "^".join(map(escaped, (one.person_id, one.family, one.given)))
    system = person_system(one.person_id)
    return f"{said}^^^^^^&{system}&ISO^D^^^IDNPS" if system else said


def organisation(text: str) -> tuple[str, str]:
    """XON: name, and number (XON.10; its whole where the number is an OID of its own)."""
    said = components(text)
    return part(said, 1), part(said, 10)


def organisation_text(one: Author) -> str:
    """XON, with the authority of a national number in 6 and IDNST in 7."""
    name, number, system = escaped(one.institution), escaped(one.institution_id), structure_system(one.institution_id)
    if system:
        return f"{name}^^^^^&{system}&ISO^IDNST^^^{number}"
    return f"{name}^^^^^^^^^{number}" if number else name


def identifier_text(number: str, authority: str, kind: str = "") -> str:
    """CX, or CXi of a referenceIdList, its authority an OID or a URI."""
    named = f"&{escaped(authority)}&{'ISO' if _OID.fullmatch(authority) else 'URI'}" if authority else ""
    return f"{escaped(number)}^^^{named}^{escaped(kind)}".rstrip("^")
