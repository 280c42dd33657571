"""Where an S3 store is: `s3://bucket/prefix?endpoint=https://…&region=…`."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

DEFAULT_REGION = "us-east-1"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_.=-]+(/[A-Za-z0-9_.=-]+)*")
_REGION = re.compile(r"[a-z0-9-]{1,64}")
_SHAPE = "ESPACE_CONTENT_URL must look like s3://bucket/prefix?endpoint=https://host:port, or file:///folder."


@dataclass(frozen=True, slots=True)
class S3Address:
    """`prefix` "" is the root of the bucket."""

    bucket: str
    prefix: str
    endpoint: str
    region: str

    @property
    def in_clear(self) -> bool:
        return self.endpoint.startswith("http:")


def s3_address(url: str) -> S3Address:
    """What the address says; ValueError with a sentence for the operator, which never quotes it."""
    parts, query = _split(url)
    prefix = unquote(parts.path).strip("/")
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.hostname or "") or parts.port or parts.fragment:
        raise ValueError(_SHAPE)
    if parts.username is not None:
        raise ValueError(
            "ESPACE_CONTENT_URL must hold no key: give ESPACE_CONTENT_ACCESS_KEY and ESPACE_CONTENT_SECRET_KEY."
        )
    if prefix and (not _PREFIX.fullmatch(prefix) or ".." in prefix.split("/") or "." in prefix.split("/")):
        raise ValueError("The prefix of ESPACE_CONTENT_URL may hold letters, digits, . _ = - and / between them.")
    if unknown := sorted(set(query) - {"endpoint", "region"}):
        raise ValueError(f"ESPACE_CONTENT_URL knows endpoint and region only, not: {', '.join(unknown)}.")
    region = query.get("region", DEFAULT_REGION)
    if not _REGION.fullmatch(region):
        raise ValueError("The region of ESPACE_CONTENT_URL must be a name such as eu-west-3.")
    return S3Address(parts.hostname or "", prefix, _endpoint(query.get("endpoint", "")), region)


def _split(url: str) -> tuple[SplitResult, dict[str, str]]:
    try:
        parts = urlsplit(url)
        _ = parts.port
        pairs = parse_qsl(parts.query, strict_parsing=True, keep_blank_values=True) if parts.query else []
    except ValueError:
        raise ValueError(_SHAPE) from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("ESPACE_CONTENT_URL says something twice.")
    return parts, dict(pairs)


def _endpoint(text: str) -> str:
    """https, or http on this very machine: contents are sealed, but names and sizes are not."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not parts.hostname or not bare or parts.scheme not in ("http", "https"):
        raise ValueError("The endpoint of ESPACE_CONTENT_URL must look like https://host:port.")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise ValueError("The endpoint of ESPACE_CONTENT_URL must be https (http on this machine only).")
    return f"{parts.scheme}://{parts.netloc}"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
