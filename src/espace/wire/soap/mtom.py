"""multipart/related with XOP packages: bytes ⇄ a root part and its attachments (RFC 2046, 2387; W3C XOP 1.0).

The standard library's e-mail parser is a hundred times slower and takes whatever is malformed for something; no
maintained library reads XOP. Everything is bounded before anything is copied: parts stay views of the bytes received.
What two readers could understand in two ways is refused.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from espace.kernel.reasons import soap as reasons
from espace.kernel.words import Refused

MULTIPART = "multipart/related"
XOP = "application/xop+xml"
SOAP_TYPE = "application/soap+xml"
MOST_PARTS = 200
_MOST_HEADER_BYTES = 8_192
_MOST_LINE_END = 100
_MOST_REFERENCE_CHARS = 750
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,70}"
_QUOTED = r'"(?P<quoted>(?:[^"\\\r\n]|\\[ -~]){0,500})"'
_BARE = r"(?P<bare>[!#-+\--:<-~]{1,300})"  # more than a token: some senders do not quote « / » and « : »
_PARAMETER = re.compile(rf";[ \t]*(?:(?P<name>{_NAME})[ \t]*=[ \t]*(?:{_QUOTED}|{_BARE})[ \t]*)?", re.ASCII)
_TYPE = re.compile(r"[ \t]*([a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60})[ \t]*", re.IGNORECASE | re.ASCII)
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")  # RFC 2046, 5.1.1
_LINE_END = re.compile(rb"(--)?[ \t]{0,%d}(?:\r\n|\Z)" % _MOST_LINE_END)
_FOLD = re.compile(r"\r\n[ \t]+")
_CONTENT_ID = re.compile(r"<([!-;=?-~]{1,250})>")
_SPACE = b"\r\n \t"
_AS_IS = frozenset({"binary", "8bit", "7bit"})


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type in lower case with its parameters, of which none is said twice."""

    name: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Package:
    """The root part, its media type, and the other parts by their Content-ID without its `<>`."""

    root: bytes
    root_type: MediaType
    parts: Mapping[str, memoryview]


def media_type(text: str) -> MediaType:
    """A Content-Type as it was sent. Refused(MULTIPART_MALFORMED)."""
    found = _TYPE.match(text)
    if found is None or len(text) > _MOST_HEADER_BYTES:
        raise _malformed("Content-Type")
    at, said = found.end(), dict[str, str]()
    while at < len(text):
        one = _PARAMETER.match(text, at)
        if one is None:
            raise _malformed("Content-Type")
        at = one.end()
        if (name := (one["name"] or "").lower()) in said:
            raise _malformed("Content-Type")
        if name:
            said[name] = one["bare"] or re.sub(r"\\(.)", r"\1", one["quoted"])
    return MediaType(found[1].lower(), said)


def unpack(content_type: MediaType, body: bytes) -> Package:
    """The parts of a multipart/related body; Refused(MULTIPART_MALFORMED) names what is wrong with it.

    The root is the part that `start` names, or the first (RFC 2387, 3.2). A Content-ID borne by two parts is refused,
    for each reader could take another.
    """
    boundary = content_type.parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise _malformed("boundary")
    found = [_part(view) for view in _split(body, b"--" + boundary.encode())]
    names = [name for name, _, _ in found]
    said = [name for name in names if name]
    if len(set(said)) != len(said):
        raise _malformed("two parts of one Content-ID")
    start = content_type.parameters.get("start", "").strip().removeprefix("<").removesuffix(">")
    if start and start not in names:
        raise _malformed("no part is the one that « start » names")
    root = names.index(start) if start else 0
    parts = {name: data for place, (name, _, data) in enumerate(found) if place != root}
    if "" in parts:
        raise _malformed("a part without Content-ID")
    return Package(bytes(found[root][2]), found[root][1], parts)


def _split(body: bytes, mark: bytes) -> Iterator[memoryview]:
    """What is between the delimiter lines, one at least; what comes before the first and after the last is no part."""
    whole, opened, count = memoryview(body), -1, 0
    for start, end, last in _delimiters(body, mark):
        if opened >= 0:
            count += 1
            if count > MOST_PARTS:
                raise _malformed(f"more than {MOST_PARTS} parts")
            yield whole[opened : max(start, opened)]
        if last and opened < 0:
            raise _malformed("no part")
        if last:
            return
        opened = end
    raise _malformed("no closing delimiter" if opened >= 0 else "no delimiter")


def _delimiters(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each delimiter line begins, its own CRLF counted in, where it ends, and whether it is the last one.

    A line that only begins like one is refused: RFC 2046, 5.1.1, would have some readers take it for one.
    """
    line = b"\r\n" + mark
    at = -2 if body.startswith(mark) else body.find(line)
    while at != -1:
        found = _LINE_END.match(body, at + len(line))
        if found is None:
            raise _malformed("a line that begins like a delimiter and is none")
        yield max(at, 0), found.end(), found[1] is not None
        # Two delimiters may share one CRLF.
        at = body.find(line, max(found.end() - 2, at + len(line)))


def _part(view: memoryview) -> tuple[str, MediaType, memoryview]:
    """Content-ID ("" without one), media type and bytes of a part."""
    start = bytes(view[: _MOST_HEADER_BYTES + 4])
    end = -2 if start.startswith(b"\r\n") else start.find(b"\r\n\r\n")
    if end == -1:
        raise _malformed("headers of a part without end, or too long")
    said = _headers(start[: max(end, 0)])
    name = said.get("content-id", "")
    known = _CONTENT_ID.fullmatch(name)
    if name and known is None:
        raise _malformed("Content-ID")
    kind = media_type(said.get("content-type", "text/plain"))
    if kind.name.startswith("multipart/"):
        raise _malformed("a part in parts")
    data = _decoded(view[end + 4 :], said.get("content-transfer-encoding", "binary"))
    return known[1] if known else "", kind, data


def _headers(head: bytes) -> dict[str, str]:
    try:
        text = _FOLD.sub(" ", head.decode("ascii"))
    except UnicodeDecodeError:
        raise _malformed("headers of a part beyond ASCII") from None
    said = dict[str, str]()
    for row in text.split("\r\n") if text else ():
        name, colon, value = row.partition(":")
        key = name.lower()
        if not colon or not re.fullmatch(_NAME, name) or key in said or any(sign in row for sign in "\r\n\x00"):
            raise _malformed("headers of a part")
        said[key] = value.strip()
    return said


def _decoded(view: memoryview, encoding: str) -> memoryview:
    kind = encoding.strip().lower()
    if kind in _AS_IS:
        return view
    if kind != "base64":
        raise _malformed("Content-Transfer-Encoding")
    data = from_base64(view)
    if data is None:
        raise _malformed("base64")
    return memoryview(data)


def from_base64(text: str | bytes | memoryview) -> bytes | None:
    """The bytes, or None; white space is allowed anywhere (RFC 2045, 6.8; xs:base64Binary), nothing else is passed
    over.

    A text may be as long as a request: without white space it is not copied.
    """
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass
    try:
        text = text.encode("ascii") if isinstance(text, str) else bytes(text)
        text = text.translate(None, _SPACE)
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def named(reference: str) -> str:
    """The Content-ID that an xop:Include points to, which is in this message: nothing is ever fetched (RFC 2392).

    Refused(PART_UNKNOWN) for any other address.
    """
    scheme, _, rest = reference.partition(":")
    if scheme.lower() != "cid" or not rest or len(rest) > _MOST_REFERENCE_CHARS:
        raise Refused(reasons.PART_UNKNOWN, detail="only « cid: » leads to a part")
    return unquote(rest)


def pack(root: bytes, parts: Mapping[str, bytes], *, boundary: str, action: str) -> tuple[str, tuple[bytes, ...]]:
    """The Content-Type of an MTOM answer and its body, in pieces: no part is copied. `boundary` must be random;
    `action` is the SOAP action of the answer; neither needs quoting."""
    start = "root@espace"
    kind = (
        f'{MULTIPART}; boundary="{boundary}"; type="{XOP}"; start="<{start}>"; '
        f'start-info="{SOAP_TYPE}"; action="{action}"'
    )
    pieces = [_head(boundary, f'{XOP}; charset=UTF-8; type="{SOAP_TYPE}"', start), root]
    for name, data in parts.items():
        pieces += [b"\r\n", _head(boundary, "application/octet-stream", name), data]
    return kind, (*pieces, f"\r\n--{boundary}--\r\n".encode())


def _head(boundary: str, kind: str, name: str) -> bytes:
    rows = (f"--{boundary}", f"Content-Type: {kind}", "Content-Transfer-Encoding: binary", f"Content-ID: <{name}>")
    return "\r\n".join((*rows, "", "")).encode()


def _malformed(detail: str) -> Refused:
    return Refused(reasons.MULTIPART_MALFORMED, detail=detail)
