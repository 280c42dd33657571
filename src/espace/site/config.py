"""The settings of one installation, read from `ESPACE_*` variables and from its home; reading writes nothing."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from espace.access.facts import Budget, Budgets
from espace.access.rules.budgets import read_professions
from espace.identity.adapters.oidc.addresses import is_trustworthy
from espace.identity.rules.reminding import read_reminders
from espace.record.adapters.address import s3_address
from espace.site.authorities import authorities_of, check_authorities
from espace.site.mail_server import MailServer, mail_server, sender
from espace.site.private import write_private
from espace.site.reading import BadConfiguration as BadConfiguration
from espace.site.reading import switch, text, words
from espace.site.reading import whole as whole
from espace.site.repository import repository_oid

MEBIBYTE = 1024 * 1024
OWN_CLIENT = "espace"
"""Our own client identifier at the provider of a demonstration."""
DISCOVERY_PATH = "/.well-known/openid-configuration"
EMBEDDED_THREADS = 40
"""Each thread keeps a connection to both databases; the embedded server takes 100, the worker's and commands' too."""
HOME_FOLDERS = ("secrets", "logs", "mail", "contents", "keys", "run")
RESTORING = "restoring"
"""The file of a home that a restoration has begun and not ended."""


class Mark(StrEnum):
    """What a home is for, written in it once; a home without a mark is a real installation."""

    NONE = ""
    DEMONSTRATION = "demonstration"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Database:
    """How to reach one database with one role."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where professionals sign in: an OpenID provider such as Pro Santé Connect; an empty issuer means nowhere.

    `acr` are the levels of authentication taken (the first is the one asked for), `tiers` the values of
    Palier_Authentification that mean two factors, `clients` the software whose tokens are taken at the SOAP door.
    """

    issuer: str
    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    acr: tuple[str, ...]
    tiers: tuple[str, ...]
    clients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Config:
    """One installation. An empty database URL means the embedded server of the home. Sizes are in bytes."""

    home: Path
    port: int
    processes: int
    threads: int
    public_url: str
    trusted_proxies: int
    database_url: str
    database_owner_url: str
    keys_url: str
    content_url: str
    content_access_key: str = field(repr=False)
    content_secret_key: str = field(repr=False)
    orphan_hours: int
    mail_url: str = field(repr=False)
    mail_from: str
    test_identities: bool
    mark: Mark
    max_document_bytes: int
    upload_max_bytes: int
    own_documents: int
    own_bytes: int
    extracted_bytes: int
    trash_days: int
    copy_days: int
    closing_days: int
    notice_days: int
    hold_tell_days: int
    hold_days: int
    majority_reminders: tuple[int, ...]
    max_request_bytes: int
    large_bytes_at_once: int
    max_xml_depth: int
    token_seconds: int
    authorities: str
    revocations: str
    dispatch_centres: tuple[str, ...]
    repository_oid: str
    metrics_token: str = field(repr=False)
    request_log: bool
    otlp_url: str = field(repr=False)
    budget_hour: int
    budget_day: int
    budgets: Budgets
    step_up_minutes: int
    recovery_hours: int
    advising_minutes: int
    sandbox_hour: int
    sandbox_most: int
    sign_in: SignIn

    @property
    def embedded(self) -> bool:
        return not self.database_url

    @property
    def demonstration(self) -> bool:
        return self.mark is Mark.DEMONSTRATION

    @property
    def provider_port(self) -> int:
        """Of the demonstration's own OpenID provider."""
        return self.port + 1

    @property
    def mail_server(self) -> MailServer:
        return mail_server(self.mail_url)

    @property
    def mail_port(self) -> int:
        return self.port + 2


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration of this process. Raises BadConfiguration with a sentence."""
    home = _home(environment)
    port = whole(environment, "ESPACE_PORT")
    mark = read_mark(home)
    public_url = environment.get("ESPACE_PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
    config = Config(
        home=home,
        port=port,
        processes=whole(environment, "ESPACE_PROCESSES"),
        threads=whole(environment, "ESPACE_THREADS"),
        public_url=public_url,
        trusted_proxies=whole(environment, "ESPACE_TRUSTED_PROXIES", int(public_url.startswith("https:"))),
        database_url=text(environment, "ESPACE_DATABASE_URL"),
        database_owner_url=text(environment, "ESPACE_DATABASE_OWNER_URL"),
        keys_url=text(environment, "ESPACE_KEYS_URL"),
        content_url=environment.get("ESPACE_CONTENT_URL", (home / "contents").as_uri()),
        content_access_key=text(environment, "ESPACE_CONTENT_ACCESS_KEY"),
        content_secret_key=text(environment, "ESPACE_CONTENT_SECRET_KEY"),
        orphan_hours=whole(environment, "ESPACE_ORPHAN_HOURS"),
        mail_url=environment.get("ESPACE_MAIL_URL", f"smtp://127.0.0.1:{port + 2}"),
        mail_from=text(environment, "ESPACE_MAIL_FROM"),
        test_identities=switch(environment, "ESPACE_TEST_IDENTITIES", default=mark is not Mark.NONE),
        mark=mark,
        authorities=authorities_of(environment, home, marked=mark is not Mark.NONE),
        revocations=text(environment, "ESPACE_REVOCATIONS"),
        dispatch_centres=words(text(environment, "ESPACE_DISPATCH_CENTRES")),
        repository_oid=_repository(environment, public_url),
        metrics_token=text(environment, "ESPACE_METRICS_TOKEN"),
        request_log=switch(environment, "ESPACE_REQUEST_LOG"),
        otlp_url=text(environment, "ESPACE_OTLP_URL"),
        **{name.removeprefix("ESPACE_").lower(): whole(environment, name) for name in _LIMITS},
        majority_reminders=_reminders(environment),
        budgets=_budgets(environment),
        sign_in=_sign_in(environment, home, own_issuer=f"http://localhost:{port + 1}" if mark is not Mark.NONE else ""),
    )
    _check_urls(config)
    _check_hold(config)
    check_authorities(config.authorities, config.revocations, config.dispatch_centres)
    return config


_LIMITS = (
    "ESPACE_MAX_DOCUMENT_BYTES", "ESPACE_UPLOAD_MAX_BYTES", "ESPACE_OWN_DOCUMENTS", "ESPACE_OWN_BYTES",
    "ESPACE_EXTRACTED_BYTES",
    "ESPACE_TRASH_DAYS", "ESPACE_COPY_DAYS", "ESPACE_CLOSING_DAYS", "ESPACE_NOTICE_DAYS", "ESPACE_HOLD_TELL_DAYS",
    "ESPACE_HOLD_DAYS", "ESPACE_MAX_REQUEST_BYTES", "ESPACE_MAX_XML_DEPTH", "ESPACE_TOKEN_SECONDS",
    "ESPACE_BUDGET_HOUR", "ESPACE_BUDGET_DAY", "ESPACE_STEP_UP_MINUTES", "ESPACE_RECOVERY_HOURS",
    "ESPACE_ADVISING_MINUTES", "ESPACE_SANDBOX_HOUR", "ESPACE_SANDBOX_MOST", "ESPACE_LARGE_BYTES_AT_ONCE",
)  # fmt: skip
"""Variables whose field of `Config` has their name."""


def _reminders(environment: Mapping[str, str]) -> tuple[int, ...]:
    try:
        return read_reminders(text(environment, "ESPACE_MAJORITY_REMINDERS"))
    except ValueError as error:
        raise BadConfiguration(f"ESPACE_MAJORITY_REMINDERS: {error}.") from None


def _repository(environment: Mapping[str, str], public_url: str) -> str:
    try:
        return repository_oid(text(environment, "ESPACE_REPOSITORY_OID"), public_url)
    except ValueError as error:
        raise BadConfiguration(f"{error}.") from None


def _budgets(environment: Mapping[str, str]) -> Budgets:
    number = partial(whole, environment)
    try:
        professions = read_professions(text(environment, "ESPACE_BUDGET_PROFESSIONS"))
    except ValueError as error:
        raise BadConfiguration(f"ESPACE_BUDGET_PROFESSIONS: {error}.") from None
    return Budgets(
        Budget(number("ESPACE_BUDGET_ORGANISATION_HOUR"), number("ESPACE_BUDGET_ORGANISATION_DAY")),
        Budget(number("ESPACE_BUDGET_COUNTRY_HOUR"), number("ESPACE_BUDGET_COUNTRY_DAY")),
        professions,
    )


def _check_urls(config: Config) -> None:
    three = (config.database_url, config.database_owner_url, config.keys_url)
    if any(three) and not all(three):
        raise BadConfiguration(
            "ESPACE_DATABASE_URL, ESPACE_DATABASE_OWNER_URL and ESPACE_KEYS_URL go together: "
            "give all three, or none to use the embedded server."
        )
    for url in filter(None, three):
        parse_database_url(url)
    if config.embedded and config.processes * config.threads > EMBEDDED_THREADS:
        raise BadConfiguration(
            f"ESPACE_PROCESSES × ESPACE_THREADS is {config.processes * config.threads}: "
            f"the embedded server has connections for {EMBEDDED_THREADS}."
        )
    try:
        mail_server(config.mail_url)
        sender(config.mail_from)
    except ValueError as error:
        raise BadConfiguration(str(error)) from None
    _check_contents(config)
    if config.otlp_url and not is_trustworthy(config.otlp_url):
        raise BadConfiguration("ESPACE_OTLP_URL must be an https address (http on this machine only).")
    for url in filter(None, (config.sign_in.issuer, config.sign_in.discovery_url)):
        if not is_trustworthy(url):
            raise BadConfiguration(
                "ESPACE_PSC_ISSUER and ESPACE_PSC_DISCOVERY must be https addresses (http on this machine only)."
            )
    if config.sign_in.issuer and not (config.sign_in.client_id and config.sign_in.acr):
        raise BadConfiguration("ESPACE_PSC_ISSUER needs ESPACE_PSC_CLIENT_ID and at least one level in ESPACE_PSC_ACR.")


def _check_hold(config: Config) -> None:
    if config.hold_tell_days >= config.hold_days:
        raise BadConfiguration("ESPACE_HOLD_TELL_DAYS must be less than ESPACE_HOLD_DAYS.")


def _check_contents(config: Config) -> None:
    """A folder of this machine, or a bucket with its two keys."""
    keys = (config.content_access_key, config.content_secret_key)
    if not config.content_url.startswith("s3:"):
        parts = urlsplit(config.content_url)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path.strip("/"):
            raise BadConfiguration("ESPACE_CONTENT_URL must be file:///folder or s3://bucket/prefix.")
        if any(keys):
            raise BadConfiguration("ESPACE_CONTENT_ACCESS_KEY and ESPACE_CONTENT_SECRET_KEY need an s3: address.")
        return
    if not all(keys):
        raise BadConfiguration("An s3: address needs ESPACE_CONTENT_ACCESS_KEY and ESPACE_CONTENT_SECRET_KEY.")
    try:
        s3_address(config.content_url)
    except ValueError as error:
        raise BadConfiguration(str(error)) from None


def _sign_in(environment: Mapping[str, str], home: Path, *, own_issuer: str) -> SignIn:
    """What is configured; in a demonstration or test home, else, that home's own provider."""
    own = not environment.get("ESPACE_PSC_ISSUER")
    issuer = own_issuer if own else environment["ESPACE_PSC_ISSUER"]
    described = f"{issuer.rstrip('/')}{DISCOVERY_PATH}" if issuer else ""
    return SignIn(
        issuer=issuer,
        discovery_url=described if own else environment.get("ESPACE_PSC_DISCOVERY", described),
        client_id=OWN_CLIENT if own else text(environment, "ESPACE_PSC_CLIENT_ID"),
        client_secret=own_client_secret(home) if own else text(environment, "ESPACE_PSC_CLIENT_SECRET"),
        scope=text(environment, "ESPACE_PSC_SCOPE"),
        acr=words(text(environment, "ESPACE_PSC_ACR")),
        tiers=words(text(environment, "ESPACE_PSC_TIERS")),
        clients=words(text(environment, "ESPACE_PSC_CLIENTS")),
    )


def own_client_secret(home: Path) -> str:
    """The secret between this home's own provider and its server, made from the home's; "" before there is one."""
    key = read_secret_key(home)
    return hmac.digest(key.encode(), b"own provider", "sha256").hex() if key else ""


def _home(environment: Mapping[str, str]) -> Path:
    if given := environment.get("ESPACE_HOME"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/espace")
    data = environment.get("XDG_DATA_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".local/share")
    return Path(data) / "espace"


def parse_database_url(url: str) -> Database:
    """`postgresql://user:password@host:port/name?sslmode=…`; a socket folder goes in `?host=/folder`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadConfiguration("A database URL cannot be read: postgresql://user:password@host:port/name.") from error
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise BadConfiguration("A database URL must look like postgresql://user:password@host:port/name.")
    query = dict(parse_qsl(parts.query))
    return Database(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=query.pop("host", unquote(parts.hostname or "")),
        port=query.pop("port", str(port or "")),
        options=tuple(sorted(query.items())),
    )


def read_mark(home: Path) -> Mark:
    """What the home says it is for; absent or unreadable is « nothing said », the strict case."""
    try:
        text = (home / "mark").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return Mark.NONE
    return Mark(text) if text in tuple(Mark) else Mark.NONE


def write_mark(home: Path, mark: Mark) -> None:
    """Say what a home is for. A home that already says something else is refused."""
    present = read_mark(home)
    if present not in (Mark.NONE, mark):
        raise BadConfiguration(f"{home} is a {present} home: choose another ESPACE_HOME.")
    write_private(home / "mark", f"{mark}\n")


def prepare_home(config: Config) -> None:
    """`make_home`, but for a home whose restoration is not done: refused."""
    if (config.home / RESTORING).exists():
        raise BadConfiguration(f"The restoration of {config.home} is not done: run ./espace restore again.")
    make_home(config)


def make_home(config: Config) -> None:
    """Make the home, its private folders and its secret; does nothing when they are there.

    The home itself may be crossed (0711 when root) so that the unprivileged account reaches the database
    folder; every folder inside is 0700.
    """
    try:
        config.home.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        for name in HOME_FOLDERS:
            (config.home / name).mkdir(mode=0o700, exist_ok=True)
        if read_secret_key(config.home) is None:
            write_private(config.home / "secrets" / "key", secrets.token_urlsafe(48))
    except OSError as error:
        raise BadConfiguration(
            f"The folder {config.home} cannot be written ({error.strerror}): "
            "free some room or choose another folder with ESPACE_HOME."
        ) from error


def read_secret_key(home: Path) -> str | None:
    """The secret that signs sessions, or None before the home is prepared."""
    try:
        return (home / "secrets" / "key").read_text(encoding="ascii").strip() or None
    except OSError:
        return None


def short_name(home: Path) -> str:
    """A short stable name of a home, for folders outside it."""
    return hashlib.sha256(str(home).encode()).hexdigest()[:12]
