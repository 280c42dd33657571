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

from cast import professional
from espace.exchange.urls import ROUTES
from espace.site import wsgi
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
    *(f"{URLENCODED}; charset={codec}" for codec in CODECS),
    "text/plain; charset=idna", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data;boundary=é",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=" + "x" * 70_000,
    "multipart/form-data; boundary=y", "multipart/form-data; boundary=\x00", "multipart/form-data; boundary=\"x",
    "multipart/mixed; boundary=x", "text/plain; charset*=zzz''a", "text/plain; charset*=utf-8''%ff",
    "text/plain; charset*0*=idna''a; charset*1=b", "multipart/form-data; boundary*=zzz''x", f"{MULTIPART}; charset=\x00",
    "\x00", "é", ";", "; charset=idna", "charset=idna", "/", "a" * 70_000, "a/b;" * 5000, f'{MULTIPART}; charset="idna"',
    f"{MULTIPART}; CHARSET=IdNa", f"{MULTIPART}; charset=utf-8; charset=idna", f"{MULTIPART}; charset=idna; charset=utf-8",
    "multipart/form-data; boundary=x; charset", "\r\nX: y", "multipart/form-data; boundary=x\r\n charset=idna",
)  # fmt: skip
HEADERS = {
    "HTTP_HOST": ("", "x", "é", "a b", "localhost:99999999", "localhost:-1", "[::1", "[::1]:x", "\x00", "a" * 9000, "..",
                  "localhost:8000@evil", "localhost:8000/x"),
    "HTTP_ACCEPT_LANGUAGE": ("\x00", "é", "en;q=zz", "en;q=9e999", "x" * 9000, "en-" * 3000, ",,,;;;", "../../etc", "*"),
    "HTTP_COOKIE": ("\x00", "é=é", "sessionid=\x00", "sessionid=é", "sessionid=" + "a" * 9000, "csrftoken=é",
                    "csrftoken=\x01", "django_language=../../x", "django_language=\x00", "espace_device=e30:x:y",
                    "espace_device=\x00", 'sessionid="; x=y', "=;=;=", ";" * 9000, 'a="\\400"', "messages=zzz"),
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
    "CONTENT_LENGTH": ("x", "-1", "é", "9" * 9000, "1e9", " 3", "٣", "\x00"),
    "REQUEST_METHOD": ("PUT", "DELETE", "OPTIONS", "TRACE", "BREW", "é", "get"),
    "QUERY_STRING": ("%00", "q=%00", "%ff=%fe", "q=%C3", "a&" * 2000, "é", "%", "next=%00", "page=" + "9" * 5000,
                     "suite=//evil%00", "document=%00&dossier=%00&depuis=%00&type=%00&nom=%00&commune=%00", "%uD800"),
}  # fmt: skip
PATHS = ("/%00", "/%ff%fe", "/%C3%28", "/%ED%A0%80", "/é", "//", "///x", "/../../etc/passwd", "/" + "a/" * 3000, "/?", "/%",
         "/activation/%00/", "/activation/%0A/", "/connexion/perdu/%00/", "/connexion/perdu/%ff/", "/documents/%00/",
         "/documents/00000000-0000-0000-0000-000000000000/pieces/" + "9" * 5000 + "/", "/securite/cles/99999999999999999999/nom/",
         "/securite/cles/" + "9" * 4500 + "/nom/", "/pro/%00", "/pro/patients/%00/", "/fhir/%00", "/fhir/Binary/%00", "/oauth/%00",
         "/xds/%00", "/static/%00", "/static/../settings.py", "/transparency/%00", "/transparency/tile/%00", "/demo/%00",
         "/healthz/%00", "/metrics/%00", "/styleguide/%00", "/readyz/%ff")  # fmt: skip
FIELDS = (b"\x00", b"%00", b"%ff", b"%ED%A0%80", b"%C2%85", b"9" * 4400, b"%D9%A1", b"[" * 9000, b"../", b"1e400")
DOORS = ("/", "/connexion/", "/connexion/cle/", "/langue/", "/pro/", "/pro/connexion/", "/demo/", "/fhir", "/oauth/token",
         "/xds/iti-18", "/static/looks/site.css", "/healthz", "/transparency/", "/transparency/checkpoint",
         "/metrics", "/robots.txt", "/styleguide/", "/documents/ajouter/")  # fmt: skip


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
    return tuple(_sampled(get_resolver().url_patterns))


def ask(path: str, *, body: bytes = b"", cookies: str = "", **changed: str) -> int:
    """The status of the answer of the whole application; 0 where it said none."""
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
        b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return said[0] if said else 0


def cookies_of(browser: Client) -> str:
    return "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())


def body_of(kind: str) -> bytes:
    return PARTS if kind.startswith("multipart") else FORM


def faults(asked: Iterator[tuple[str, int]]) -> dict[str, int]:
    return {what[:150]: status for what, status in asked if not 200 <= status < 500}


def test_explore() -> None:
    import time
    out = []
    t = time.process_time()
    for who, cookies in (("nobody", ""), ("holder", cookies_of(signed_in(member()))), ("pro", cookies_of(Desk(professional())))):
        for path in DOORS:
            for kind in KINDS:
                for method in ("POST", "GET"):
                    try:
                        s = ask(path + "?q=1", body=body_of(kind), cookies=cookies, CONTENT_TYPE=kind, REQUEST_METHOD=method)
                    except BaseException as e:
                        s = f"{type(e).__name__} {e}"[:80]
                    if not (isinstance(s, int) and 200 <= s < 500):
                        out.append((who, method, path, ascii(kind)[:90], s))
        out.append(("time kinds", who, time.process_time() - t)); t = time.process_time()
        for path in DOORS:
            for name, values in HEADERS.items():
                for value in values:
                  for body in (b"", FORM):
                    try:
                        s = ask(path, cookies=cookies, body=body, CONTENT_TYPE=URLENCODED, **{name: value})
                    except BaseException as e:
                        s = f"{type(e).__name__} {e}"[:80]
                    if not (isinstance(s, int) and 200 <= s < 500):
                        out.append((who, path, name, ascii(value)[:60], s))
        out.append(("time headers", who, time.process_time() - t)); t = time.process_time()
        for path in (*PATHS, *_pages()):
            for kw in ({}, {"body": PARTS, "CONTENT_TYPE": f"{MULTIPART}; charset=idna"}, {"QUERY_STRING": "q=%00&document=%00&dossier=%00&depuis=%00&type=%00&nom=%00&commune=%00&page=%00&next=%00&suite=%00&code=%00&state=%00"}):
                    try:
                        s = ask(path, cookies=cookies, **kw)
                    except BaseException as e:
                        s = f"{type(e).__name__} {e}"[:80]
                    if not (isinstance(s, int) and 200 <= s < 500):
                        out.append((who, ascii(path)[:60], str(kw)[:60], s))
        out.append(("time paths", who, time.process_time() - t)); t = time.process_time()
        names = ("login password code who name credential suite langue retour document dossier acte q nom title type_code day month year address identifier ins birth_name given birth sex place organisation kind file chosen").split()
        for path in _pages():
            for field in FIELDS:
                    body = FORM.split(b"&")[0] + b"".join(b"&" + n.encode() + b"=" + field for n in names)
                    try:
                        s = ask(path, cookies=cookies, body=body, CONTENT_TYPE=URLENCODED)
                    except BaseException as e:
                        s = f"{type(e).__name__} {e}"[:80]
                    if not (isinstance(s, int) and 200 <= s < 500):
                        out.append((who, ascii(path)[:60], field[:20], s))
        out.append(("time fields", who, time.process_time() - t)); t = time.process_time()
    from pathlib import Path
    Path("/tmp/f2_explore.txt").write_text("\n".join(map(str, out)))
