"""What a request says and what an answer is, over WSGI (PEP 3333) and without a framework."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from espace.exchange.room import HELD, Held
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused

FHIR_JSON = "application/fhir+json"
JSON_TYPES = frozenset({FHIR_JSON, "application/json"})
FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 65_536
UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_PIECE = 262_144
"""Bytes of a body that are asked for at once."""
_MAX_PARAMETERS = 50
_ENGLISH = "en"
_FRENCH = "fr"

SAFE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
"""On every answer: nothing is cached, guessed, framed or run."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whole in memory, in one piece or in several."""

    body: bytes | Sequence[bytes]
    status: int = 200
    content_type: str = f"{FHIR_JSON}; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def pieces(self) -> Sequence[bytes]:
        """The body as it leaves: in one piece, unless that were one more copy of much."""
        if isinstance(self.body, bytes):
            return (self.body,)
        return self.body if sum(map(len, self.body)) > _PIECE else (b"".join(self.body),)

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `id` is what the path names (…/Binary/<id>). The body is read once, when asked for."""

    environ: Mapping[str, Any] = field(repr=False)
    id: str = ""

    @property
    def method(self) -> str:
        return str(self.environ.get("REQUEST_METHOD", ""))

    def header(self, name: str) -> str:
        return str(self.environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))

    @property
    def content_type(self) -> str:
        return media_type(str(self.environ.get("CONTENT_TYPE", "")))

    @property
    def language(self) -> str:
        """French unless English is preferred (RFC 9110, 12.5.4)."""
        ranked = preferences(self.header("Accept-Language"))
        known = [name.partition("-")[0] for name in ranked]
        return next((name for name in known if name in (_FRENCH, _ENGLISH)), _FRENCH)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, in order, said as often as they are. Raises Refused."""
        return pairs(str(self.environ.get("QUERY_STRING", "")))

    def query(self) -> dict[str, str]:
        """The parameters of the address, each said once. Raises Refused."""
        return once(self.pairs())

    def body(self, most: int, types: frozenset[str], charsets: frozenset[str] = UTF_8) -> bytes:
        """The bytes sent, of one of these media types, said to be in one of `charsets` if in any, and `most` bytes at
        most. Raises Refused."""
        _check_encoding(self, types, charsets)
        length = str(self.environ.get("CONTENT_LENGTH", "") or "")
        if length and not (length.isascii() and length.isdigit()):
            raise Refused(reasons.REQUEST_MALFORMED, place="http.content-length")
        if length and (len(length) > 15 or int(length) > most):
            raise Refused(reasons.PAYLOAD_TOO_LARGE, detail=f"{most}")
        if not length and not self.environ.get("wsgi.input_terminated"):
            return b""
        data = self._received(int(length) if length else None, most)
        if len(data) > most:
            raise Refused(reasons.PAYLOAD_TOO_LARGE, detail=f"{most}")
        if length and len(data) != int(length):
            raise Refused(reasons.REQUEST_MALFORMED, place="http.content-length", detail="the body is shorter")
        return data

    def _received(self, length: int | None, most: int) -> bytes:
        """As many bytes as were announced, or fewer where no more came; without a length up to the end, or to one byte
        more than `most`. Raises Refused(LARGE_REQUESTS_BUSY).

        A server keeps what it reads until it has all that it was asked for, then copies it: a large body is asked for
        in pieces, each of which goes at once to the place where it stays.
        """
        read: Callable[[int], bytes] = self.environ["wsgi.input"].read
        if length is not None and length <= _PIECE:
            return read(length)
        held: Held | None = self.environ.get(HELD)
        if held:
            held.expect(length or 0)
        # A BytesIO gives its bytes without a copy where it is as large as what was written; zeros take no memory yet.
        whole, left = BytesIO(bytes(length or 0)), most + 1 if length is None else length
        while left and (piece := read(min(_PIECE, left))):
            whole.write(piece)
            left -= len(piece)
            if held:
                held.reach(whole.tell())
        whole.truncate()
        return whole.getvalue()

    def form_pairs(self) -> list[tuple[str, str]]:
        """The parameters of a form, in order, said as often as they are. Raises Refused."""
        data = self.body(FORM_BYTES, frozenset({FORM}))
        try:
            return pairs(data.decode("ascii"))
        except UnicodeDecodeError as error:
            raise Refused(reasons.REQUEST_MALFORMED, detail="characters beyond ASCII are percent-encoded") from error

    def form(self) -> dict[str, str]:
        """The parameters of a form, each said once. Raises Refused."""
        return once(self.form_pairs())

    def prefers(self, preference: str) -> bool:
        """Whether `Prefer` says so, as in `handling=lenient` (RFC 7240)."""
        said = self.header("Prefer")[:1000].lower().replace(";", ",").split(",")
        return preference in [part.strip().replace(" ", "").replace('"', "") for part in said]


def _check_encoding(request: Request, types: frozenset[str], charsets: frozenset[str]) -> None:
    if request.content_type not in types:
        raise Refused(reasons.MEDIA_TYPE_UNSUPPORTED, place="http.content-type")
    charset = str(request.environ.get("CONTENT_TYPE", "")).lower().partition("charset=")[2].partition(";")[0]
    if charset.strip(' "') not in ("", *charsets):
        raise Refused(reasons.MEDIA_TYPE_UNSUPPORTED, place="http.content-type", detail="UTF-8 is expected")
    if request.header("Content-Encoding") not in ("", "identity"):
        raise Refused(reasons.MEDIA_TYPE_UNSUPPORTED, place="http.content-encoding", detail="no compression")


def pairs(text: str) -> list[tuple[str, str]]:
    """`a=1&b=2`, decoded; text that is not UTF-8, or more parameters than anybody needs, is refused."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS)
    except ValueError as error:
        raise Refused(reasons.REQUEST_MALFORMED, detail="parameters that cannot be read") from error


def once(said: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name; one said twice is refused."""
    found: dict[str, str] = {}
    for name, value in said:
        if name in found or "\x00" in name + value:
            raise Refused(reasons.PARAMETER_UNSUPPORTED, place=shown(name), detail="said twice, or with a NUL")
        found[name] = value
    return found


def shown(name: str) -> str:
    """A parameter as a place of OperationOutcome, where its name looks like one: others could hold anything."""
    said = len(name) <= 64 and name.isascii() and name.replace(".", "").replace("_", "").isalnum()
    return f"http.{name}" if said else ""


def media_type(text: str) -> str:
    """`text/xml; charset=utf-8` → `text/xml`."""
    return text.partition(";")[0].strip().lower()


def preferences(text: str) -> list[str]:
    """The names of an Accept-like header, best first, those of quality 0 left out (RFC 9110, 12.4.2)."""
    ranked: list[tuple[float, int, str]] = []
    for index, part in enumerate(text[:1000].split(",")):
        name, *rest = (piece.strip().lower() for piece in part.split(";"))
        quality = _quality(next((piece[2:] for piece in rest if piece.startswith("q=")), "1"))
        if name and quality > 0:
            ranked.append((-quality, index, name))
    return [name for _, _, name in sorted(ranked)]


def _quality(text: str) -> float:
    digits = text.replace(".", "", 1)
    return min(float(text), 1.0) if digits.isascii() and digits.isdigit() and len(text) <= 5 else 0.0


def accepted(accept: str, offers: Sequence[str]) -> str:
    """The first offer that the best-ranked range takes; "" when none is acceptable. No header takes all."""
    if not accept.strip():
        return offers[0]
    for wanted in preferences(accept):
        kind, _, sub = wanted.partition("/")
        for offer in offers:
            if wanted in ("*/*", offer) or (sub == "*" and offer.startswith(f"{kind}/")):
                return offer
    return ""


Work = Callable[[], Response]
"""What remains to be done once a request is read: it may be run again (serialisation failure)."""
