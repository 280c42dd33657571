"""An answer, and reading it: whatever a server sends, reading never fails, and what is shown of it is short."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from espace.kernel.words import Refused
from espace.wire.soap import mtom
from espace.wire.xml import Element, parse_xml

_SHOWN = 300
"""Characters of what a server says, at most, in a report."""
_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is that of HTTP (0 over MLLP); names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def json(self) -> dict[str, Any]:
        """The object of a JSON answer, {} for any other."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def soap(self) -> tuple[Element | None, Mapping[str, bytes]]:
        """What is in the body of a SOAP answer, and its attachments by Content-ID."""
        root, parts = self.body, dict[str, bytes]()
        try:
            kind = mtom.media_type(self.kind)
            if kind.name == mtom.MULTIPART:
                package = mtom.unpack(kind, self.body)
                root, parts = package.root, {name: bytes(data) for name, data in package.parts.items()}
        except Refused:
            return None, {}
        tree = parse_xml(root).root
        body = tree.find(f"{_SOAP}Body") if tree is not None else None
        return (body[0] if body is not None and len(body) else None), parts

    def segments(self, name: str) -> list[list[str]]:
        """The segments of that name of an HL7 v2 answer, cut into fields."""
        lines = self.body.decode("utf-8", "replace").replace("\n", "\r").split("\r")
        return [line.split("|") for line in lines if line.split("|")[0] == name]


def shown(text: object) -> str:
    """What a server said, in one short line, without signs that a report cannot hold."""
    plain = "".join(sign if sign.isprintable() else " " for sign in str(text)[: 4 * _SHOWN])
    found = " ".join(plain.split())
    return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"


def beginning(answer: Answer) -> str:
    """The status and how the body begins: what is shown of an answer that is nothing like the one expected."""
    text = shown(answer.body[: 2 * _SHOWN].decode("utf-8", "replace"))
    return f"HTTP {answer.status} {shown(answer.kind)} {text}".strip() if answer.status else text or "—"


def at(found: object, *path: str | int) -> Any:
    """What is at this path of a JSON value, None where there is nothing."""
    for one in path:
        if isinstance(found, dict) and isinstance(one, str):
            found = found.get(one)
        elif isinstance(found, list) and isinstance(one, int) and -len(found) <= one < len(found):
            found = found[one]
        else:
            return None
    return found


def listed(found: object) -> Iterator[Any]:
    """What is in a JSON list; nothing for any other value."""
    return iter(found if isinstance(found, list) else ())
