"""Which addresses may be told a secret."""

from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST = 2_048


def is_trustworthy(url: str) -> bool:
    """Whether secrets may be told there: https, or http on this very machine; no account in it, no fragment."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def origin(url: str) -> str:
    """`https://host:port` of an address that is trustworthy."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _split(url: str) -> SplitResult | None:
    """The parts; None for what is too long, or that programs could read in two ways."""
    if not (0 < len(url) <= LONGEST and url.isascii() and url.isprintable()) or any(c in url for c in ' "\'<>\\;,'):
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None
