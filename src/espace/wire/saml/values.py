"""The simple values of an assertion: texts, instants, certificates."""

import base64
import re
from datetime import UTC, datetime

from espace.wire.saml.signature import DS, malformed
from espace.wire.xml import Element

MOST_CHARS = 500
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def text_of(element: Element) -> str:
    """The text of an element that has nothing else in it, on one line. Raises Refused."""
    text = " ".join((element.text or "").split())
    if len(element) or len(text) > MOST_CHARS or not text.isprintable():
        raise malformed("a value is a text of one line, 500 characters at most")
    return text


def instant(text: str, name: str) -> datetime:
    """xs:dateTime with its offset, to the second. Raises Refused: VIHF_MALFORMED."""
    found = _INSTANT.fullmatch(text.strip())
    try:
        if found:
            return datetime.fromisoformat(found[1] + found[3]).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise malformed(f"{name}: a time with its offset")


def certificate_in(info: Element) -> bytes:
    """The DER of the one certificate of a KeyInfo. Raises Refused."""
    found = info.findall(f"{DS}X509Data/{DS}X509Certificate")
    try:
        return base64.b64decode("".join((found[0].text or "").split()).encode("ascii"), validate=True)
    except (IndexError, ValueError):
        raise malformed("KeyInfo: one X509Data with one X509Certificate") from None
