"""The provider's key, kept in the home, and what it signs."""

import json
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from espace.site.private import write_private

ALGORITHM = "RS256"
BITS = 2_048


class Signer:
    """Signs as this provider, and knows its own signature again."""

    def __init__(self, key: RSAKey) -> None:
        self._key = key

    def sign(self, claims: dict[str, object], *, kind: str = "JWT") -> str:
        return str(jwt.encode({"alg": ALGORITHM, "kid": self._key.kid, "typ": kind}, claims, self._key))

    def own(self, token: str) -> dict[str, object] | None:
        """The claims of a token that we signed, whenever that was; None for any other text."""
        try:
            return dict(jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def published(self) -> dict[str, object]:
        """The JWK set."""
        return {"keys": [{**self._key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]}


def signer_of(home: Path) -> Signer:
    """The signer of this home; its key is made the first time, readable by its owner alone."""
    path = home / "secrets" / "provider.json"
    if not path.exists():
        write_private(path, json.dumps(RSAKey.generate_key(BITS).as_dict(private=True)))
    key = RSAKey.import_key(json.loads(path.read_text(encoding="ascii")))
    key.ensure_kid()
    return Signer(key)
