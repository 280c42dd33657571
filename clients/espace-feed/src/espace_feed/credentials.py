"""Who sends: a key of one's own (SMART App Launch 2.2, backend services; private_key_jwt, RFC 7523), or a command that
writes a token."""

import base64
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from espace_feed import edge
from espace_feed.net import Call, Request, checked
from espace_feed.verdicts import is_token, token_of

SCOPE = "system/DocumentReference.c"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 240
_COMMAND_SECONDS = 60
_SHORTLY = 300.0


class NoToken(Exception):
    """Why there is no token, fit to be shown: it holds neither a key nor a token."""


class Credentials(Protocol):
    """Whoever gives a token for the base of the FHIR door."""

    def token(self, call: Call, base: str, at: float) -> tuple[str, float]:
        """The token, and the time until which it is worth using again. Raises NoToken, Unreachable."""


@dataclass(frozen=True, slots=True)
class CommandCredentials:
    """A command, never a shell line, whose first line of output is a token."""

    command: Sequence[str]

    def token(self, call: Call, base: str, at: float) -> tuple[str, float]:
        try:
            done = subprocess.run(  # noqa: S603  the command is the operator's own setting
                list(self.command), capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise NoToken(f"la commande du jeton a échoué ({type(error).__name__})") from error
        lines = done.stdout.split()
        if len(lines) != 1 or not is_token(lines[0]):
            raise NoToken("la commande du jeton doit écrire un jeton, et rien d’autre")
        return lines[0], at + _SHORTLY


@dataclass(frozen=True, slots=True)
class KeyCredentials:
    """A client registered with the platform, and its private key in PEM: RSA, P-256 or P-384."""

    client_id: str
    key: bytes = field(repr=False)

    def token(self, call: Call, base: str, at: float) -> tuple[str, float]:
        address = _token_address(call, base)
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(address, at),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            token, seconds = token_of(call(Request("POST", address, headers, urlencode(form).encode())))
        except ValueError as error:
            raise NoToken(f"pas de jeton : {error}") from error
        return token, at + seconds * 0.9

    def _assertion(self, audience: str, at: float) -> str:
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "jti": edge.new_id(),
            "exp": int(at) + _ASSERTION_SECONDS,
        }
        return signed(claims, self.key)


def _token_address(call: Call, base: str) -> str:
    """Where tokens are asked, as the platform says it. Raises NoToken; an address in the clear is refused."""
    answer = call(Request("GET", f"{base}/.well-known/smart-configuration", {"Accept": "application/json"}))
    try:
        address = json.loads(answer.body)["token_endpoint"]
        checked(address)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoToken(f"le serveur ne dit pas où demander un jeton (HTTP {answer.status})") from error
    return str(address)


# --- keys and signatures ------------------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int, size: int) -> str:
    return _b64(value.to_bytes(size, "big"))


Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_CURVES: Mapping[str, tuple[str, str, int, Callable[[], hashes.HashAlgorithm]]] = {
    "secp256r1": ("ES256", "P-256", 32, hashes.SHA256),
    "secp384r1": ("ES384", "P-384", 48, hashes.SHA384),
}


def _loaded(pem: bytes) -> Private:
    """Raises NoToken for what is not a key that the platform takes."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise NoToken("la clé privée est illisible : du PEM sans mot de passe est attendu") from error
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise NoToken("la clé privée doit être RSA (2048 bits au moins), P-256 ou P-384")


def public_jwk(pem: bytes) -> dict[str, Any]:
    """The public half as the platform registers it (RFC 7517), its kid the thumbprint of RFC 7638."""
    key = _loaded(pem)
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        exponent = (numbers.e.bit_length() + 7) // 8
        jwk = {"kty": "RSA", "n": _number(numbers.n, key.key_size // 8), "e": _number(numbers.e, exponent)}
        algorithm = "RS384"
    else:
        algorithm, curve, size, _ = _CURVES[key.curve.name]
        point = key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": curve, "x": _number(point.x, size), "y": _number(point.y, size)}
    thumbprint = hashlib.sha256(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()).digest()
    return {**jwk, "alg": algorithm, "use": "sig", "kid": _b64(thumbprint)}


def signed(claims: Mapping[str, Any], pem: bytes) -> str:
    """A JWT (RFC 7519) signed with this key, whose header names it."""
    jwk = public_jwk(pem)
    header = {"alg": jwk["alg"], "kid": jwk["kid"], "typ": "JWT"}
    message = ".".join(_b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    key = _loaded(pem)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA384())
    else:
        _, _, size, digest = _CURVES[key.curve.name]
        r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(digest())))
        signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return f"{message}.{_b64(signature)}"


def new_key() -> bytes:
    """A private key of P-384, in PEM."""
    return ec.generate_private_key(ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_key(path: Path) -> None:
    """A new private key that only its owner reads, where there is no file yet. Raises OSError."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(new_key())
