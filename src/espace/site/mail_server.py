"""How mail is handed over: ESPACE_MAIL_URL and ESPACE_MAIL_FROM, read without connecting to anything."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PLAIN_PORT, SUBMISSION_PORT, TLS_PORT = 25, 587, 465
"""RFC 5321; RFC 6409, for who signs in; RFC 8314."""

_SHAPE = (
    "ESPACE_MAIL_URL must look like smtp://host:port, smtp://user:password@host:port or smtps://user:password@host:port"
    " (in user and password, write / ? # @ : and % as %2F %3F %23 %40 %3A %25)."
)
_OPTION = "ESPACE_MAIL_URL takes one option, with smtp:// only: ?starttls=required or ?starttls=never."
_IN_CLEAR = "ESPACE_MAIL_URL: a password is sent in clear to no other machine: leave out starttls=never."
_HALF = "ESPACE_MAIL_URL must have both a user and a password, in ASCII, or neither."
_FROM = "ESPACE_MAIL_FROM must be one address, such as espace@example.org or Espace santé <espace@example.org>."

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server. `tls`: from the first byte; `starttls`: required before anything is said."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False


def mail_server(url: str) -> MailServer:
    """The server of an address such as `smtp://user:password@host:port?starttls=required`.

    With a password STARTTLS is required, unless the host is this machine; without one it is asked for by
    `?starttls=required`. ValueError with a sentence that quotes nothing of the address.
    """
    parts, port = _split(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) is not bool(password) or not (user + password).isascii() or not (user + password).isprintable():
        raise ValueError(_HALF)
    host, tls = parts.hostname or "", parts.scheme == "smtps"
    asked = _option(parts.query, tls=tls)
    away = bool(password) and not _on_this_machine(host)
    if away and asked == "never":
        raise ValueError(_IN_CLEAR)
    usual = TLS_PORT if tls else SUBMISSION_PORT if password else PLAIN_PORT
    starttls = not tls and (asked == "required" or away)
    return MailServer(host, port or usual, user, password, tls=tls, starttls=starttls)


def sender(text: str) -> str:
    """The address that mails come from, with or without a name; ValueError with a sentence."""
    name, address = parseaddr(text)
    written = text in (address, f"{name} <{address}>", f'"{name}" <{address}>')
    if not (written and text.isprintable() and _ADDRESS.fullmatch(address)):
        raise ValueError(_FROM)
    return text


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    known = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.path in ("", "/") and not parts.fragment
    if not known or port == 0 or not url.isprintable():
        raise ValueError(_SHAPE)
    return parts, port


def _option(query: str, *, tls: bool) -> str:
    given = parse_qsl(query, keep_blank_values=True)
    if not given:
        return ""
    if tls or len(given) > 1 or given[0] not in (("starttls", "required"), ("starttls", "never")):
        raise ValueError(_OPTION)
    return given[0][1]


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
