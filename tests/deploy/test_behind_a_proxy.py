"""The real server behind a real proxy: forms work over https, and only what a declared proxy says is believed."""

import ssl
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from deploy.proxies import Certificates, Proxied
from espace.site.proxy import SAID, believe
from espace.site.testbed import free_port
from serving import serving

FORM = "application/x-www-form-urlencoded"


@pytest.mark.slow
@pytest.mark.usefixtures("django_db_setup")
def test_a_form_is_taken_from_its_own_site_over_https_and_from_no_other(
    nginx: Proxied, certificates: Certificates, tmp_path: Path
) -> None:
    port = free_port()
    public = f"https://localhost:{port}"
    with (
        serving(tmp_path / "web.log", public_url=public, processes=1) as server,
        nginx(urlsplit(server).port or 0, port),
    ):
        context = ssl.create_default_context(cafile=str(certificates.authority))
        with closing(HTTPSConnection("localhost", port, context=context, timeout=30)) as one:
            one.request("GET", "/connexion/", headers={"Host": f"localhost:{port}"})
            page = one.getresponse()
            cookie = page.headers["Set-Cookie"]
            text = page.read().decode()
            token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            assert "Secure" in cookie
            body = urlencode({"csrfmiddlewaretoken": token, "login": "personne", "password": "rien du tout"})
            statuses = []
            for origin in (public, "https://evil.example", f"http://localhost:{port}"):
                headers = {"Cookie": cookie.split(";")[0], "Content-Type": FORM, "Origin": origin}
                one.request("POST", "/connexion/", body, headers)
                answer = one.getresponse()
                answer.read()
                statuses.append(answer.status)
    assert statuses == [422, 403, 403]


@pytest.mark.parametrize(
    ("proxies", "said", "address", "scheme"),
    [
        (0, {"HTTP_X_FORWARDED_FOR": "198.51.100.7", "HTTP_X_FORWARDED_PROTO": "https"}, "127.0.0.1", "http"),
        (1, {"HTTP_X_FORWARDED_FOR": "198.51.100.7", "HTTP_X_FORWARDED_PROTO": "https"}, "198.51.100.7", "https"),
        (1, {"HTTP_X_FORWARDED_FOR": "10.0.0.1, 198.51.100.7"}, "198.51.100.7", "http"),
        (2, {"HTTP_X_FORWARDED_FOR": "10.0.0.1, 198.51.100.7, 192.0.2.1"}, "198.51.100.7", "http"),
        (2, {"HTTP_X_FORWARDED_FOR": "198.51.100.7"}, "127.0.0.1", "http"),
        (1, {"HTTP_X_FORWARDED_FOR": "unknown", "HTTP_X_FORWARDED_PROTO": "gopher"}, "127.0.0.1", "http"),
        (1, {"HTTP_X_FORWARDED_FOR": "2001:db8::7"}, "2001:db8::7", "http"),
        (1, {}, "127.0.0.1", "http"),
    ],
)
def test_the_address_that_the_outermost_declared_proxy_saw(
    proxies: int, said: dict[str, str], address: str, scheme: str
) -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", **said}
    believe(environ, proxies)
    assert environ == {"REMOTE_ADDR": address, "wsgi.url_scheme": scheme}


@pytest.mark.parametrize("value", ["", "198.51.100.7", "https", "a, b, c, d", "\x00", "é" * 5000])
@pytest.mark.parametrize("proxies", [0, 1, 3])
def test_nothing_of_what_was_said_reaches_a_door(value: str, proxies: int) -> None:
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", **dict.fromkeys(SAID, value)}
    believe(environ, proxies)
    assert set(environ) == {"REMOTE_ADDR", "wsgi.url_scheme"}
    assert environ["wsgi.url_scheme"] in ("http", "https")
