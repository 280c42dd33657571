"""The client certificate that a declared proxy passes reaches the doors in one form, and no other does."""

import base64
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from attesting import person
from espace.site.proxy import CERTIFICATE, believe

CARD = person()
PEM = CARD.certificate.public_bytes(Encoding.PEM).decode()
SENT = {"nginx": quote(PEM), "HAProxy": base64.b64encode(CARD.der).decode()}


def _heard(value: str, proxies: int) -> object:
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "HTTP_X_CLIENT_CERT": value}
    believe(environ, proxies)
    assert "HTTP_X_CLIENT_CERT" not in environ
    return environ.get(CERTIFICATE)


@pytest.mark.parametrize("proxy", SENT)
def test_a_certificate_passed_by_a_declared_proxy_is_der(proxy: str) -> None:
    assert _heard(SENT[proxy], 1) == CARD.der
    assert _heard(SENT[proxy], 2) == CARD.der


@pytest.mark.parametrize("proxy", SENT)
def test_without_a_declared_proxy_there_is_none(proxy: str) -> None:
    assert _heard(SENT[proxy], 0) is None


@pytest.mark.parametrize("value", ["", "é", "-----BEGIN CERTIFICATE-----", "%%%", "A" * 30_000, quote(PEM)[:-40]])
def test_what_is_no_certificate_is_none(value: str) -> None:
    assert _heard(value, 1) is None
