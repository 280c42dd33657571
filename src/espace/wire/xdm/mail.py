"""A mail that brings an archive → the archive (RFC 5322, 2045 to 2047, 2183; CI-SIS: subject « XDM/1.0/DDM+… »).

Read by code of ours: the standard library's parser takes whatever is malformed for something, and takes seconds for
some headers of a few kilobytes. Parts stay views of the bytes received, everything is counted before it is looked at,
and the one attachment that is wanted comes in base64: no relay changes a byte of it.
"""

import re
from binascii import Error as Base64Error
from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote

from espace.kernel.reasons import Reason
from espace.kernel.reasons import xdm as reasons
from espace.kernel.words import Problem, Refused
from espace.wire.soap.mtom import MediaType, from_base64, media_type

SUBJECT = "xdm/1.0/ddm"
NAME = "ihe_xdm.zip"
MOST_PARTS = 100
MOST_DEPTH = 5
_MOST_HEAD = 262_144
"""Bytes of the headers of a mail; of a part, far fewer are needed."""
_MOST_PART_HEAD = 8_192
_MOST_FIELDS = 1_000
_MOST_SUBJECT = 4_000
_WANTED = frozenset({"subject", "content-type", "content-transfer-encoding", "content-disposition"})
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_FOLD = re.compile(r"\r\n[ \t]")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")  # RFC 2046, 5.1.1
_NOT_SAID = re.compile(r"[^ -~]")
_MOST_LINES = 5
_MOST_LINE = 400
_DENIED = frozenset({401, 403})
_TOO_LARGE = 413
_FAULT = 500


def archive_of(mail: bytes) -> bytes:
    """The one archive that the mail carries. Raises Refused: MAIL_MALFORMED, MAIL_NOT_XDM."""
    ends = mail.count(b"\r\n")
    if mail.count(b"\r") != ends or mail.count(b"\n") != ends:
        raise _malformed("CR and LF come together")
    fields, body = _opened(memoryview(mail), _MOST_HEAD)
    if not _decoded(fields.get("subject", "")).strip().casefold().startswith(SUBJECT):
        raise Refused(reasons.MAIL_NOT_XDM, place="Subject")
    try:
        found = [part for part in _Walk().parts(fields, body, 0) if _name(part[0]) == NAME]
    except Refused as refused:
        raise _malformed(refused.detail) from refused
    if len(found) != 1:
        raise Refused(reasons.MAIL_NOT_XDM, detail=f"IHE_XDM.ZIP: {len(found)}")
    fields, body = found[0]
    if fields.get("content-transfer-encoding", "").strip().lower() != "base64":
        raise _malformed("IHE_XDM.ZIP: base64 is expected")
    data = from_base64(body)
    if data is None:
        raise _malformed("IHE_XDM.ZIP: base64")
    return data


class _Walk:
    """The parts of one mail being read."""

    def __init__(self) -> None:
        self.count = 0

    def parts(
        self, fields: dict[str, str], body: memoryview, depth: int
    ) -> Iterator[tuple[dict[str, str], memoryview]]:
        """Every part that has no parts itself, a mail in the mail among them: it is not opened."""
        kind = _type(fields)
        if not kind.name.startswith("multipart/"):
            yield fields, body
            return
        if depth >= MOST_DEPTH:
            raise _malformed(f"parts in parts, {MOST_DEPTH} deep at most")
        for view in _split(body, kind.parameters.get("boundary", "")):
            self.count += 1
            if self.count > MOST_PARTS:
                raise _malformed(f"{MOST_PARTS} parts at most")
            yield from self.parts(*_opened(view, _MOST_PART_HEAD), depth + 1)


def _opened(view: memoryview, most: int) -> tuple[dict[str, str], memoryview]:
    """The fields that matter, in lower case and each said once, and what comes after them: the empty line first."""
    start = bytes(view[: most + 4])
    end = -2 if start.startswith(b"\r\n") else start.find(b"\r\n\r\n")
    if end == -1:
        raise _malformed("headers without end, or too long")
    rows = _FOLD.sub(" ", start[: max(end, 0)].decode("utf-8", "replace")).split("\r\n")
    if len(rows) > _MOST_FIELDS:
        raise _malformed(f"{_MOST_FIELDS} headers at most")
    said = dict[str, str]()
    for row in rows if end > 0 else ():
        field = _FIELD.fullmatch(row)
        name = field[1].lower() if field else ""
        if field is None or name in said:
            raise _malformed("headers")
        if name in _WANTED:
            said[name] = field[2].strip()
    return said, view[end + 2 :]


def _split(body: memoryview, boundary: str) -> Sequence[memoryview]:
    """What is between the delimiter lines; what comes before the first and after the last is no part."""
    if not _BOUNDARY.fullmatch(boundary):
        raise _malformed("boundary")
    line = re.compile(rb"\r\n--" + re.escape(boundary.encode()) + rb"(--)?[ \t]{0,100}(?=\r\n|\Z)")
    found, opened = list[memoryview](), -1
    for mark in line.finditer(body):
        if opened >= 0:
            # Of an empty part, the two delimiters share the end of a line.
            found.append(body[min(opened, mark.start()) : mark.start()])
        opened = mark.end() + 2
        if mark[1]:
            return found
        if len(found) > MOST_PARTS:
            raise _malformed(f"{MOST_PARTS} parts at most")
    raise _malformed("no closing delimiter")


def _type(fields: dict[str, str]) -> MediaType:
    return media_type(fields.get("content-type") or "text/plain")


def _name(fields: dict[str, str]) -> str:
    """The name of an attachment, in lower case, by either header (RFC 2183, 2.3; RFC 2231, 4)."""
    said = media_type(f"x/{fields['content-disposition']}").parameters if "content-disposition" in fields else {}
    beside = _type(fields).parameters
    extended = said.get("filename*") or beside.get("name*") or ""
    plain = said.get("filename") or beside.get("name") or unquote(extended.rpartition("'")[2])
    return _decoded(plain).strip().casefold()


def _decoded(text: str) -> str:
    """A text with its encoded words (RFC 2047)."""
    if len(text) > _MOST_SUBJECT:
        raise _malformed("a header that is too long")
    try:
        said = decode_header(text)
        return "".join(part if isinstance(part, str) else part.decode(codec or "ascii") for part, codec in said)
    except (HeaderParseError, Base64Error, LookupError, ValueError):
        raise _malformed("encoded words") from None


def _malformed(detail: str) -> Refused:
    return Refused(reasons.MAIL_MALFORMED, detail=detail)


def reply_code(reason: Reason) -> str:
    """What SMTP says of a refusal (RFC 5321, 4.2.3; RFC 3463): what passes by itself may be tried again."""
    if reason.status >= _FAULT:
        return "451 4.3.0"
    if reason.status == _TOO_LARGE:
        return "552 5.3.4"
    return "550 5.7.1" if reason.status in _DENIED else "554 5.6.0"


def reply(reason: Reason, problems: Sequence[Problem], pages: str) -> str:
    """The reply to a mail that is refused: a line for each of the first problems, its code and its place, then the
    page of the first. Nothing in it is of the patient; whoever sent the mail gets it from their own relay."""
    code, told = reply_code(reason), [f"[{one.reason.told_code}] {one.place}" for one in problems[:_MOST_LINES]]
    if len(problems) > _MOST_LINES:
        told.append(f"and {len(problems) - _MOST_LINES} more")
    told.append(f"{pages}{problems[0].reason.told_code}/")
    lines = [_NOT_SAID.sub("?", line)[:_MOST_LINE].strip() for line in told]
    status, enhanced = code.split()
    return "\r\n".join(
        f"{status}{' ' if number == len(lines) else '-'}{enhanced} {line}" for number, line in enumerate(lines, start=1)
    )
