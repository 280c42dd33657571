"""What a proxy in front says of a request: believed where one is declared, removed everywhere else."""

import base64
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

SAID = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_X_CLIENT_CERT",
)
"""No door reads them, but what is put in its place below: sent without a proxy, or through one that forgot to write
over them, they say nothing."""
CERTIFICATE = "espace.client_certificate"
"""Where a door finds the certificate of the connection, DER; it is not there without one."""
_MOST_CERTIFICATE = 24_000
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def believe(environ: dict[str, Any], proxies: int) -> None:
    """Put the visitor's address and scheme, as the outermost of so many proxies saw them, in their WSGI places.

    Each proxy adds the address that it saw at the end of X-Forwarded-For: what comes before is the visitor's own
    invention. An address that is none leaves the proxy's.
    """
    said = {name: str(environ.pop(name, "")) for name in SAID}
    if not proxies:
        return
    hops = [hop.strip() for hop in said["HTTP_X_FORWARDED_FOR"].split(",")]
    if len(hops) >= proxies and _is_address(hops[-proxies]):
        environ["REMOTE_ADDR"] = hops[-proxies]
    if said["HTTP_X_FORWARDED_PROTO"] in ("http", "https"):
        environ["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
    if certificate := _certificate(said["HTTP_X_CLIENT_CERT"]):
        environ[CERTIFICATE] = certificate


def _certificate(text: str) -> bytes:
    """The DER of a certificate in base64 (HAProxy) or in escaped PEM (nginx); b"" for anything else."""
    if not text or len(text) > _MOST_CERTIFICATE:
        return b""
    said = unquote(text).strip() if text.startswith("-----") else text
    if said.startswith(_BEGIN) and said.endswith(_END):
        said = said[len(_BEGIN) : -len(_END)]
    try:
        return base64.b64decode("".join(said.split()).encode("ascii"), validate=True)
    except ValueError:
        return b""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
