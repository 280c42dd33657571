"""The demonstration's own pages: the cast that signs in, whom to look for, the mails it caught; in such a home only."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path
from uuid import UUID

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from espace.edge import now
from espace.looks.frame import render
from espace.looks.plain import missing
from espace.looks.words import english, full_moment
from espace.site.demo.accounts import ACCOUNTS, Account
from espace.site.demo.people import CAMILLE, CAST, Person
from espace.site.demo.progress import SEED, begun_already, seeded
from espace.site.demo.trying import Example, datamatrix, examples

MOST_MAILS = 100
TOTP_PERIOD_SECONDS = 30
_WORK = {
    "doctor": gettext_noop("Médecin généraliste : la médecin traitante de Camille et de Monique."),
    "stranger": gettext_noop("Médecin généraliste que personne ici ne connaît, et que Camille a bloqué."),
    "emergency": gettext_noop("Médecin urgentiste : répond aux appels du SAMU, et peut ouvrir un espace en urgence."),
    "nurse": gettext_noop("Infirmière à la maison de santé : Camille et Monique ont donné leur accord."),
}
_FOUND = {
    "attending": gettext_noop("Sa médecin traitante : elle lit tout, et même ce qui est masqué aux autres."),
    "in_force": gettext_noop("Un accord en cours."),
    "lapsed": gettext_noop("Un accord qui a pris fin avec la consultation."),
    "none": gettext_noop("Pas encore d’accord : à demander."),
    "opposed": gettext_noop("A refusé que son espace s’ouvre : la recherche ne trouve personne."),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One caught message. `parts` alternate words and addresses of this site, which become links."""

    id: str
    to: str
    subject: str
    when: str
    parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Whom to look for, as the page says it."""

    name: str
    ins: str
    found: str


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    about: str
    identifier: str
    password: str
    code: str


def _demonstration_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def page(request: HttpRequest, **values: UUID) -> HttpResponse:
        return view(request, **values) if settings.ESPACE_DEMONSTRATION else missing(request)

    return require_safe(page)


@_demonstration_only
def index(request: HttpRequest) -> HttpResponse:
    """The cast, with codes that are right now; whom to look for at the workstation; the mails."""
    left = TOTP_PERIOD_SECONDS - int(now().timestamp()) % TOTP_PERIOD_SECONDS
    context = {
        "roles": [_role(one) for one in CAST if one.sign_in],
        "professionals": [_professional(one) for one in ACCOUNTS],
        "examples": [_example(one) for one in examples(begun_already(), SEED)],
        "datamatrix": datamatrix(CAMILLE.patient),
        "documents": seeded(),
        "mails": _mails(),
        "left": left,
    }
    return render(request, "portal/demo/index.html", context)


@_demonstration_only
def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    file = Path(settings.ESPACE_MAIL_FOLDER) / f"{mail_id}.eml"
    return render(request, "portal/demo/mail.html", {"mail": _mail(file)}) if file.is_file() else missing(request)


def _role(someone: Person) -> Role:
    sign_in = someone.sign_in
    if sign_in is None:
        raise ValueError(f"{someone.slug} does not sign in")
    about = someone.about_en if english() else someone.about_fr
    return Role(_name(someone), about, sign_in.identifier, sign_in.password, _code(sign_in.totp_secret))


def _name(someone: Person) -> str:
    """« Monique Marchand, née Le Bihan »: a record is headed by the birth name."""
    used, birth = someone.patient.used_name, someone.patient.birth_name.title()
    if not used:
        return someone.name
    said = gettext("%(name)s, née %(birth)s") if someone.patient.sex == "F" else gettext("%(name)s, né %(birth)s")
    return said % {"name": someone.name, "birth": birth}


def _professional(account: Account) -> Role:
    about = gettext(_WORK[account.slug]) if account.slug in _WORK else account.about
    code = _code(account.totp_secret)
    return Role(account.professional.name, about, account.identifier, account.password, code)


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(now().timestamp()) // TOTP_PERIOD_SECONDS)))


def _example(example: Example) -> Named:
    return Named(_name(example.person), example.person.patient.ins, gettext(_FOUND[example.found]))


def _mails() -> list[Mail]:
    """The last mails, the newest first: their names sort by arrival."""
    folder = Path(settings.ESPACE_MAIL_FOLDER)
    return [_mail(file) for file in sorted(folder.glob("*.eml"), reverse=True)[:MOST_MAILS]]


def _mail(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    return Mail(file.stem, str(message["To"]), str(message["Subject"]), _date(message), _parts(_text(message)))


def _date(message: EmailMessage) -> str:
    """When it was sent; « -0000 », a sender whose zone is unknown, is UTC all the same (RFC 5322, 3.3)."""
    try:
        sent = parsedate_to_datetime(str(message["Date"]))
        return full_moment(sent if sent.tzinfo else sent.replace(tzinfo=UTC))
    except ValueError:
        return gettext("Sans date")


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _parts(text: str) -> tuple[tuple[str, bool], ...]:
    pieces = re.split(rf"({re.escape(settings.ESPACE_PUBLIC_URL)}/[^\s<>\"]*)", text)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)


urlpatterns = [
    path("", index, name="demo"),
    path("courriers/<uuid:mail_id>/", mail, name="demo_mail"),
]
