"""Whatever a request says of itself, at every door, the answer is never a fault of ours (5xx)."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.http import parse_header_parameters
from hypothesis import given
from hypothesis import strategies as st

from cast import professional
from espace.site import wsgi
from espace.site.headers import readable
from portal.helpers import member, signed_in
from workstation.desk import Desk

pytestmark = pytest.mark.django_db
CSRF = "c" * 32
UNKNOWN = UUID(int=5)
"""No patient, no document, no link."""
SAMPLES = {"uuid": str(UNKNOWN), "int": "7", "str": "zzz"}
FORM = b"csrfmiddlewaretoken=" + CSRF.encode() + b"&login=a&password=b&code=1&who=c"
PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + CSRF.encode()
    + b'\r\n--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x--\r\n'
)  # fmt: skip
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
CODECS = ("base64", "hex", "rot13", "zlib", "bz2", "idna", "punycode", "uu", "quopri", "undefined", "unicode_escape",
          "raw_unicode_escape", "utf-7", "utf-16", "utf-8-sig", "latin-1", "zzz", "mbcs", "é", "a" * 5000)  # fmt: skip
KINDS = (
    *(f"{MULTIPART}; charset={codec}" for codec in CODECS),
    *(f"{URLENCODED}; charset={codec}" for codec in CODECS[:7]),
    *(f"multipart/form-data{rest}" for rest in (
        "", "; boundary=", ";boundary=é", "; boundary=" + "x" * 300, "; boundary=" + "x" * 70_000, "; boundary=y",
        "; boundary=\x00", '; boundary="x', "; boundary*=zzz''x", "; boundary=x; charset",
        "; boundary=x\r\n charset=hex",
    )),
    *(f"{MULTIPART};{rest}" for rest in (
        " charset=\x00", ' charset="idna"', " CHARSET=IdNa", " charset=utf-8; charset=idna",
        "charset=idna;charset=utf-8",
    )),
    "text/plain; charset=idna", "text/plain; charset*=zzz''a", "text/plain; charset*=utf-8''%ff",
    "text/plain; charset*0*=idna''a; charset*1=b", "multipart/mixed; boundary=x", "\x00", "é", ";", "; charset=idna",
    "charset=idna", "/", "a" * 70_000, "a/b;" * 5000, "\r\nX: y",
)  # fmt: skip
HEADERS = {
    "HTTP_HOST": (
        "", "x", "é", "a b", "localhost:99999999", "localhost:-1", "[::1", "[::1]:x", "\x00", "a" * 9000, "..",
        "localhost:8000@evil", "localhost:8000/x",
    ),
    "HTTP_ACCEPT_LANGUAGE": (
        "\x00", "é", "en;q=zz", "en;q=9e999", "x" * 9000, "en-" * 3000, ",,,;;;", "../../etc", "*", "en;q=nan",
    ),
    "HTTP_COOKIE": (
        "\x00", "é=é", "sessionid=\x00", "sessionid=é", "sessionid=" + "a" * 9000, "csrftoken=é", "csrftoken=\x01",
        "django_language=../../x", "django_language=\x00", "espace_device=e30:x:y", "espace_device=\x00",
        'sessionid="; x=y', "=;=;=", ";" * 9000, 'a="\\400"', "messages=zzz",
    ),
    "HTTP_RANGE": ("bytes=0-", "bytes=9-1", "bytes=-999999999999999999999", "\x00", "é", "bytes=" + "0-1," * 3000),
    "HTTP_REFERER": ("\x00", "é", "http://[", "http://localhost:99999999/", "a" * 9000, "//"),
    "HTTP_ORIGIN": ("\x00", "é", "null", "http://[", "http://localhost:99999999", "a" * 9000),
    "HTTP_USER_AGENT": ("\x00", "é", "", "a" * 70_000),
    "HTTP_ACCEPT": ("\x00", "é", "a;q=zz", "*/*;q=9e999", "," * 9000),
    "HTTP_ACCEPT_ENCODING": ("\x00", "é", "gzip;q=zz"),
    "HTTP_AUTHORIZATION": ("\x00", "é", "Bearer", "Bearer é", "Bearer \x00", "Basic !!!", "Bearer " + "a" * 70_000),
    "HTTP_IF_NONE_MATCH": ("\x00", "é", '"', "a" * 9000),
    "HTTP_IF_MODIFIED_SINCE": ("\x00", "é", "Mon, 99 Xxx 99999 99:99:99 GMT"),
    "HTTP_X_CSRFTOKEN": ("\x00", "é", "a" * 9000),
    "HTTP_X_FORWARDED_FOR": ("\x00", "é", "a" * 9000),
    "HTTP_X_REQUEST_ID": ("\x00", "é", "a" * 9000),
    "REQUEST_METHOD": ("PUT", "DELETE", "OPTIONS", "TRACE", "BREW", "é", "get"),
    "QUERY_STRING": (
        "%00", "q=%00", "%ff=%fe", "q=%C3", "a&" * 2000, "é", "%", "next=%00", "page=" + "9" * 5000, "suite=//x%00",
        "%uD800",
    ),
}  # fmt: skip
LENGTHS = ("x", "-1", "é", "9" * 9000, "1e9", " 3", "٣", "\x00", "1_0", "+1")
PATHS = (
    "/%00", "/%ff%fe", "/%C3%28", "/%ED%A0%80", "/é", "//", "///x", "/../../etc/passwd", "/" + "a/" * 3000, "/?", "/%",
    "/activation/%00/", "/activation/%0A/", "/connexion/perdu/%00/", "/connexion/perdu/%ff/", "/documents/%00/",
    f"/documents/{UNKNOWN}/pieces/{'9' * 5000}/", "/securite/cles/99999999999999999999/nom/",
    f"/securite/cles/{'9' * 4500}/nom/", "/pro/%00", "/pro/patients/%00/", "/fhir/%00", "/fhir/Binary/%00",
    "/oauth/%00", "/xds/%00", "/static/%00", "/static/../settings.py", "/transparency/%00", "/transparency/tile/%00",
    "/demo/%00", "/healthz/%00", "/metrics/%00", "/styleguide/%00", "/readyz/%ff",
)  # fmt: skip
FIELDS = (b"\x00", b"%00", b"%ff", b"%ED%A0%80", b"%C2%85", b"9" * 4400, b"%D9%A1", b"[" * 9000, b"../", b"1e400")
NAMES = (
    "login", "password", "code", "who", "name", "credential", "suite", "langue", "retour", "document", "dossier",
    "acte", "q", "nom", "commune", "title", "type_code", "day", "month", "year", "address", "identifier", "ins",
    "birth_name", "given", "birth", "born", "sex", "place", "kind", "file", "chosen", "state", "page", "depuis", "next",
)  # fmt: skip
"""Fields of every form and address."""
DOORS = (
    "/", "/connexion/", "/connexion/cle/", "/langue/", "/pro/", "/pro/connexion/", "/demo/", "/documents/ajouter/",
    "/styleguide/", "/robots.txt", "/fhir", "/oauth/token", "/xds/iti-18", "/static/looks/site.css", "/healthz",
    "/transparency/", "/transparency/checkpoint", "/metrics",
)  # fmt: skip


def _sampled(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Every address of the pages, with something that names nothing in place of what it names."""
    for one in patterns:
        route = str(one.pattern)
        for kind, sample in SAMPLES.items():
            while f"<{kind}:" in route:
                start = route.index(f"<{kind}:")
                route = route[:start] + sample + route[route.index(">", start) + 1 :]
        if isinstance(one, URLResolver):
            yield from _sampled(one.url_patterns, before + route)
        elif isinstance(one, URLPattern):
            yield before + route


@cache
def _pages() -> tuple[str, ...]:
    """Those that end a session come last."""
    return tuple(sorted(_sampled(get_resolver().url_patterns), key=lambda path: "deconnexion" in path))


def ask(
    path: str, *, body: bytes = b"", cookies: str = "", kept: list[bytes] | None = None, **changed: str
) -> int:
    """The status of the answer of the whole application, 0 where it said none; its body is added to `kept`."""
    bare, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": unquote_to_bytes(bare.encode()).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_HOST": "localhost:8000",
        "HTTP_COOKIE": f"csrftoken={CSRF}; {cookies}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
    }
    environ |= {name: value.encode().decode("latin-1") for name, value in changed.items()}
    said: list[int] = []
    answer: Any = wsgi.application(environ, lambda status, headers, *_: said.append(int(status[:3])))
    try:
        whole = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    if kept is not None:
        kept.append(whole)
    return said[0] if said else 0


def cookies_of(browser: Client) -> str:
    return "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())


def body_of(kind: str) -> bytes:
    return PARTS if kind.startswith("multipart") else FORM


def faults(asked: Iterator[tuple[str, int]]) -> dict[str, int]:
    """What was answered by a fault, or by nothing."""
    return {what[:150]: status for what, status in asked if not 200 <= status < 500}


@pytest.fixture
def people() -> tuple[str, ...]:
    """Nobody, a holder, a doctor: their cookies."""
    return "", cookies_of(signed_in(member())), cookies_of(Desk(professional()))


@pytest.mark.parametrize("path", ["/connexion/", "/pro/", "/demo/", "/documents/ajouter/", "/fhir", "/xds/iti-18"])
def test_no_type_of_a_body_is_a_fault_at_any_door(path: str) -> None:
    asked = ((f"POST {kind!a}", ask(path, body=body_of(kind), CONTENT_TYPE=kind)) for kind in KINDS)
    assert not faults(asked)
    assert not faults((f"GET {kind!a}", ask(path, CONTENT_TYPE=kind)) for kind in KINDS[:8] + KINDS[-12:])


@pytest.mark.parametrize("kind", [f"{MULTIPART}; charset=idna", f"{URLENCODED}; charset=zlib"])
def test_every_page_refuses_a_codec_whoever_asks(kind: str, people: tuple[str, ...]) -> None:
    for cookies in people:
        asked = {path: ask(path, body=body_of(kind), cookies=cookies, CONTENT_TYPE=kind) for path in _pages()}
        assert {path: status for path, status in asked.items() if status != 400} == {
            "/transparency/": 405, "/transparency/verifier/": 405,
        }  # fmt: skip


def test_the_page_says_why_and_what_is_written_in_utf_8_is_read() -> None:
    kept: list[bytes] = []
    assert ask("/connexion/", body=PARTS, kept=kept, CONTENT_TYPE=f"{MULTIPART}; charset=rot13") == 400
    assert "n’est pas écrit en UTF-8".encode() in kept[0]
    own = "192.0.2.8"  # nobody else here tries to sign in from there, or by this name
    parts, form = PARTS.replace(b"\r\n\r\na\r\n", b"\r\n\r\nown\r\n"), FORM.replace(b"login=a&", b"login=own&")
    for kind in (MULTIPART, f"{MULTIPART}; charset=UTF-8", f'{MULTIPART};charset="utf8"'):
        told = ask("/connexion/", body=parts, CONTENT_TYPE=kind, REMOTE_ADDR=own)
        assert told == 422, "read, and a field is missing"
    assert ask("/connexion/", body=form, CONTENT_TYPE=f"{URLENCODED};charset=utf-8 ", REMOTE_ADDR=own) == 422


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("", True),
        ("  ", True),
        ("text/plain", True),
        ("text/plain;", True),
        ("text/plain; charset=utf-8", True),
        ("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", True),
        ('multipart/form-data; boundary="a b/c"', True),
        ("text/plain; charset=UTF8; charset=utf-8", True),
        ("text/plain; charset=utf-8; charset=idna", False),
        ("text/plain; charset=iso-8859-1", False),
        ("text/plain; charset=", False),
        ("text/plain; charset", False),
        ("text/plain; charset*=utf-8''utf-8", False),
        ("text/plain; charset = utf-8", False),
        ('text/plain; charset="utf-8', False),
        ("text/plain; charset=utf-8\x00", False),
        ("text", False),
        ("text/plain" + " " * 300 + "; a=b", False),
        ("text/plain; a=" + "b" * 300, False),
    ],
)
def test_what_is_read(said: str, taken: bool) -> None:
    assert readable(said) is taken


@given(st.text(max_size=400))
def test_any_type_at_all_is_taken_or_not_and_never_obeyed_with_a_charset_of_its_own(said: str) -> None:
    if readable(said) and said.strip():
        charset = parse_header_parameters(said)[1].get("charset", "utf-8")
        assert charset.lower() in ("utf-8", "utf8")


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_is_a_fault_at_any_door(name: str) -> None:
    assert not faults(
        (f"{path} {value[:80]!a}", ask(path, body=body, CONTENT_TYPE=URLENCODED, **{name: value}))
        for path in ("/connexion/", "/pro/", "/fhir", "/static/looks/site.css", "/transparency/")
        for value in HEADERS[name]
        for body in (b"", FORM)
    )


def test_a_length_that_is_none_is_refused_at_every_door() -> None:
    for path in DOORS:
        assert {ask(path, body=FORM, CONTENT_LENGTH=said) for said in LENGTHS} == {400}


def test_no_path_is_a_fault(people: tuple[str, ...]) -> None:
    for cookies in people[:2]:
        assert not faults((path, ask(path, cookies=cookies)) for path in PATHS)


def test_no_field_of_an_address_is_a_fault_on_any_page(people: tuple[str, ...]) -> None:
    query = "&".join(f"{name}=%00&{name}=%ff" for name in NAMES)
    for cookies in people:
        assert not faults((path, ask(path, cookies=cookies, QUERY_STRING=query)) for path in _pages())


@pytest.mark.parametrize("turn", [0, 7])
def test_no_field_of_a_form_is_a_fault_on_any_page(turn: int, people: tuple[str, ...]) -> None:
    """Each field has another of the values at each turn."""
    pairs = (b"&%b=%b" % (name.encode(), FIELDS[(turn + at) % len(FIELDS)]) for at, name in enumerate(NAMES))
    body = FORM.partition(b"&")[0] + b"".join(pairs)
    for cookies in people:
        asked = ((path, ask(path, cookies=cookies, body=body, CONTENT_TYPE=URLENCODED)) for path in _pages())
        assert not faults(asked)
