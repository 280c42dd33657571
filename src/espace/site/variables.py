"""Every `ESPACE_*` variable: what it means, what is taken where it is absent, between which bounds.

Said once, here: `config` reads the defaults and the bounds, docs/reference/configuration.md is made from the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Variable:
    """`meaning` is Markdown, as the reference page has it; `bounds` are both included, None for what is no number.

    `default` is taken where the variable is absent; `computed` says in words one that depends on something else, which
    `config` then works out.
    """

    meaning: str
    default: int | str = ""
    bounds: tuple[int, int] | None = None
    computed: str = ""


GENERAL: Mapping[str, Variable] = {
    "ESPACE_HOME": Variable(
        "the home of this installation",
        computed="the user’s data folder (`espace` inside it); `/var/lib/espace` for root",
    ),
    "ESPACE_PORT": Variable(
        "where the server listens, on loopback; the provider and the mail catcher of a demonstration take the next two",
        8000,
        (1, 65533),
    ),
    "ESPACE_TRUSTED_PROXIES": Variable(
        "how many proxies stand in front. Their `X-Forwarded-For` and `X-Forwarded-Proto` are believed, the one that "
        "the outermost wrote; with 0 none is. [Deploy](../how-to/deploy.md#a-proxy-in-front)",
        bounds=(0, 8),
        computed="1 when `ESPACE_PUBLIC_URL` is `https:`, else 0",
    ),
    "ESPACE_PUBLIC_URL": Variable(
        "the address that people and software use: links in mails, audience of tokens. With `https:` cookies become "
        "secure and browsers are told to insist",
        computed="`http://localhost:` and the port",
    ),
    "ESPACE_PROCESSES": Variable("processes of the web server: one for each core", 2, (1, 256)),
    "ESPACE_THREADS": Variable(
        "requests that each process answers at once; each thread keeps one connection to both databases. More do not "
        "answer faster: they wait for each other. A proxy in front should hold slow bodies back",
        4,
        (1, 64),
    ),
    "ESPACE_REPOSITORY_OID": Variable(
        "the repositoryUniqueId that the SOAP door gives to every document. Software keeps it: it stays the same when "
        "the address changes",
        computed="`2.25.` and a number made from `ESPACE_PUBLIC_URL`",
    ),
    "ESPACE_AUTHORITIES": Variable(
        "a file in PEM: the authorities whose [client certificates and signatures]"
        "(../how-to/accept-client-certificates.md) are accepted; without one, no VIHF is",
        computed="the authority that a demonstration made in its home, else none",
    ),
    "ESPACE_REVOCATIONS": Variable(
        "a file in PEM: lists of revoked certificates, one at least of each authority. Brought anew, it is read anew; "
        "an authority without a list in force vouches for nobody. Without the file, nothing is revoked"
    ),
    "ESPACE_DISPATCH_CENTRES": Variable(
        "the structures (Struct_IdNat, separated by commas) that run an emergency call centre: their doctors, and no "
        "others, may come with the purpose `centre_15`"
    ),
    "ESPACE_METRICS_TOKEN": Variable(
        "the bearer token of [`/metrics`](../how-to/watch-it.md); without one there is no such page"
    ),
    "ESPACE_OTLP_URL": Variable(
        "where [spans](../how-to/watch-it.md#spans) of requests go, over OTLP and HTTP: "
        "`https://collector:4318/v1/traces`, or `http:` on this machine; without it none is made"
    ),
    "ESPACE_REQUEST_LOG": Variable(
        "whether each request leaves [a line](../how-to/watch-it.md#logs) in `logs/requests.log`", 1, (0, 1)
    ),
}

STORES: Mapping[str, Variable] = {
    "ESPACE_DATABASE_URL": Variable("the main database, as the application’s role", computed="the embedded server"),
    "ESPACE_DATABASE_OWNER_URL": Variable(
        "the same database, as the role that owns the tables; only `migrate` needs it", computed="the embedded server"
    ),
    "ESPACE_KEYS_URL": Variable(
        "the database of wrapped keys: another one, with a role of its own", computed="the embedded server"
    ),
    "ESPACE_CONTENT_URL": Variable(
        "where sealed contents are kept: `file:///…`, or `s3://bucket/prefix?endpoint=https://…&region=…` "
        "([keep contents on S3](../how-to/keep-contents-on-s3.md))",
        computed="the folder `contents` of the home",
    ),
    "ESPACE_CONTENT_ACCESS_KEY": Variable("the access key of that bucket"),
    "ESPACE_CONTENT_SECRET_KEY": Variable("its secret key"),
    "ESPACE_ORPHAN_HOURS": Variable(
        "how old a content that no document names must be before it is removed "
        "([orphans](../how-to/check-nothing-is-lost.md#orphans))",
        24,
        (1, 24 * 365),
    ),
    "ESPACE_MAIL_URL": Variable(
        "the mail server; by default the catcher of the demonstration",
        computed="`smtp://127.0.0.1:` and the port after the next",
    ),
    "ESPACE_MAIL_FROM": Variable(
        "the address that mails come from, with a name or without: `Espace santé <espace@example.org>`",
        "espace-sante@localhost",
    ),
}

LIMITS: Mapping[str, Variable] = {
    "ESPACE_MAX_DOCUMENT_BYTES": Variable("one document, before base64 (50 MiB)", 50 * _MEBIBYTE, (1024, 2**40)),
    "ESPACE_UPLOAD_MAX_BYTES": Variable("one file that a holder adds (5 MiB)", 5 * _MEBIBYTE, (1024, 2**30)),
    "ESPACE_OWN_DOCUMENTS": Variable(
        "documents that one holder may have added, those that they deleted and may still put back included",
        1000,
        (1, 1_000_000),
    ),
    "ESPACE_OWN_BYTES": Variable("all of them together (2 GB)", 2_000_000_000, (1024, 2**50)),
    "ESPACE_EXTRACTED_BYTES": Variable(
        "the largest document of which [facts](../explanation/from-documents-to-facts.md) are extracted (10 MiB)",
        10 * _MEBIBYTE,
        (1024, 2**30),
    ),
    "ESPACE_TRASH_DAYS": Variable(
        "during how many days a holder may put back a document of theirs that they deleted", 30, (1, 3650)
    ),
    "ESPACE_NOTICE_DAYS": Variable(
        "for how many days the portal keeps the [notices](../how-to/read-my-notices.md) of a holder", 365, (1, 3650)
    ),
    "ESPACE_COPY_DAYS": Variable(
        "during how many days a copy of a whole space may be downloaded, before it is destroyed", 7, (1, 90)
    ),
    "ESPACE_CLOSING_DAYS": Variable(
        "how long a space whose holder asked for its closing stays suspended, before it is closed (CSP R1111-36)",
        42,
        (1, 366),
    ),
    "ESPACE_HOLD_TELL_DAYS": Variable(
        "how long after the deposit of a document that is held from its patient until it is announced they are told "
        "to consult, without a word of it (CSP R1111-53: two weeks)",
        14,
        (1, 90),
    ),
    "ESPACE_HOLD_DAYS": Variable(
        "how long after its deposit such a document shows by itself (CSP R1111-53: one month; the longest month, so "
        "that nobody has less time to announce it than the law gives). Longer than the one before",
        31,
        (2, 92),
    ),
    "ESPACE_MAJORITY_REMINDERS": Variable(
        "how many days before they come of age a child and those who stand for them are told that this ends at 18; 0 "
        "is the day itself. Five numbers at most, up to 400; empty tells nobody",
        "180,30,0",
    ),
    "ESPACE_MAX_REQUEST_BYTES": Variable("one request to the machine doors (72 MiB)", 72 * _MEBIBYTE, (1024, 2**40)),
    "ESPACE_LARGE_BYTES_AT_ONCE": Variable(
        "requests of more than 1 MiB to these doors that one process receives and answers at once, together (144 MiB); "
        "beyond, `503 large_requests_busy`; one that is alone always has room",
        144 * _MEBIBYTE,
        (1024, 2**40),
    ),
    "ESPACE_MAX_XML_DEPTH": Variable("nesting of XML", 256, (8, 100_000)),
    "ESPACE_TOKEN_SECONDS": Variable("how long a token of `/oauth/token` lasts", 3600, (60, 86_400)),
    "ESPACE_BUDGET_HOUR": Variable(
        "distinct patients that one professional’s account may open or ask about in an hour", 60, (1, 1_000_000)
    ),
    "ESPACE_BUDGET_DAY": Variable("the same in a day", 300, (1, 1_000_000)),
    "ESPACE_BUDGET_PROFESSIONS": Variable(
        "the same in an hour and in a day for the accounts of some professions (codes of TRE_G15): pharmacists and "
        "midwives have other days than doctors",
        "21=90/500,40=40/200,50=40/200",
    ),
    "ESPACE_BUDGET_ORGANISATION_HOUR": Variable(
        "first openings of a patient by each account that acts in one organisation, all together, in an hour. Beyond, "
        "whom nothing links yet to a patient opens no new one there. Its software follows as many, counted apart",
        2000,
        (1, 100_000_000),
    ),
    "ESPACE_BUDGET_ORGANISATION_DAY": Variable("the same in a day", 12_000, (1, 100_000_000)),
    "ESPACE_BUDGET_COUNTRY_HOUR": Variable(
        "the same for the whole installation, in an hour", 600_000, (1, 100_000_000)
    ),
    "ESPACE_BUDGET_COUNTRY_DAY": Variable("the same in a day", 5_000_000, (1, 100_000_000)),
    "ESPACE_STEP_UP_MINUTES": Variable(
        "how long a holder’s second factor is fresh: beyond, it is asked again before an act that could shut them out "
        "or empty their space",
        10,
        (1, 60),
    ),
    "ESPACE_ADVISING_MINUTES": Variable(
        "how long the session of a [digital adviser](../how-to/name-digital-advisers.md) lasts at most",
        60,
        (5, 240),
    ),
    "ESPACE_RECOVERY_HOURS": Variable(
        "how long a holder who lost their ways in waits, from the birth date that they give behind the mailed link, "
        "until they may choose a new password and a new second factor. Meanwhile every mail and every session can "
        "cancel",
        72,
        (1, 720),
    ),
    "ESPACE_TEST_IDENTITIES": Variable(
        "takes the test authorities of INS, and wrong keys. Never where real people are",
        bounds=(0, 1),
        computed="1 in a demonstration or test home, else 0",
    ),
}

SIGN_IN: Mapping[str, Variable] = {
    "ESPACE_PSC_ISSUER": Variable(
        "the OpenID provider of professionals, such as Pro Santé Connect; without one, nobody signs in at `/pro/`. "
        "Always `https:`, but on this machine",
        computed="the home’s own provider in a demonstration or test home, else none",
    ),
    "ESPACE_PSC_DISCOVERY": Variable(
        "where the provider describes itself", computed="the issuer and `/.well-known/openid-configuration`"
    ),
    "ESPACE_PSC_CLIENT_ID": Variable("our name there"),
    "ESPACE_PSC_CLIENT_SECRET": Variable("our secret there"),
    "ESPACE_PSC_SCOPE": Variable("what is asked for", "openid scope_all"),
    "ESPACE_PSC_ACR": Variable("levels of authentication taken; the first is asked for", "eidas1,eidas2,eidas3"),
    "ESPACE_PSC_TIERS": Variable("values of `Palier_Authentification` that mean two factors", "APPPRIP3"),
    "ESPACE_PSC_CLIENTS": Variable(
        "names there of the software whose users may call the SOAP door with their token; none without it"
    ),
}

DEMONSTRATION: Mapping[str, Variable] = {
    "ESPACE_DEMO_PEOPLE": Variable(
        "how many people surround the cast, at the first start of a home", 264, (0, 1000)
    ),
    "ESPACE_SANDBOX_HOUR": Variable(
        "how many [sandboxes](../vendors/README.md#a-sandbox-of-your-own) of vendors are made in an hour; 0 makes none",
        20,
        (0, 9999),
    ),
    "ESPACE_SANDBOX_MOST": Variable("the same in all; `reset` makes room", 500, (0, 9999)),
}

TESTS: Mapping[str, Variable] = {
    "ESPACE_CHROMIUM": Variable("the browser of the journeys", "/usr/bin/chromium"),
    "ESPACE_EVERY_QUESTION": Variable("1: the reference model asks all its questions, not those that it draws"),
    "ESPACE_PICTURES": Variable("1: pictures of all pages are left in `artefacts/pages`"),
    "ESPACE_SHARED_DATA": Variable("a folder of official examples that some tests use when it is there"),
}

VARIABLES: Mapping[str, Variable] = {**GENERAL, **STORES, **LIMITS, **SIGN_IN, **DEMONSTRATION, **TESTS}


def whole_default(name: str) -> int:
    """The default of a number. KeyError for a variable that is not here, TypeError for one that is no number."""
    if not isinstance(default := VARIABLES[name].default, int):
        raise TypeError(name)
    return default


def text_default(name: str) -> str:
    return str(VARIABLES[name].default)


def bounds(name: str) -> tuple[int, int]:
    """Least and most of a number. TypeError where there is none."""
    if (found := VARIABLES[name].bounds) is None:
        raise TypeError(name)
    return found
