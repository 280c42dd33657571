"""What an identifier and a password must be (B06 and B07)."""

import re
from collections.abc import Callable

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from espace.kernel.folding import folded

LEAST_IDENTIFIER, MOST_IDENTIFIER = 8, 60
LEAST_PASSWORD = 9
LEAST_PART = 4

_IDENTIFIER = re.compile(rf"[A-Za-z0-9._-]{{{LEAST_IDENTIFIER},{MOST_IDENTIFIER}}}")
_NUMBER_OF_A_PERSON = re.compile(r"[1-478][0-9]{4}(?:[0-9]{2}|2[ABab])[0-9]{6}(?:[0-9]{2})?")
_BANK_ACCOUNT = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")


def check_identifier(identifier: str) -> None:
    """B06: 8 characters or more, no accent, only « . - _ » besides letters and digits; neither INS nor IBAN."""
    if len(identifier) < LEAST_IDENTIFIER:
        raise ValidationError(gettext("Cet identifiant est trop court : il faut 8 caractères."), code="short")
    if not _IDENTIFIER.fullmatch(identifier):
        said = gettext("Cet identifiant contient un accent, une espace ou un autre signe : retirez-le.")
        raise ValidationError(said, code="shape")
    if _NUMBER_OF_A_PERSON.fullmatch(identifier):
        raise ValidationError(gettext("N’utilisez pas votre numéro de Sécurité sociale."), code="ins")
    if _BANK_ACCOUNT.fullmatch(identifier):
        raise ValidationError(gettext("N’utilisez pas un numéro de compte bancaire."), code="iban")


class FourSorts:
    """B07: a lower-case letter, an upper-case one, a digit and another sign."""

    SORTS: tuple[tuple[Callable[[str], bool], str], ...] = (
        (str.islower, gettext_noop("une minuscule")),
        (str.isupper, gettext_noop("une majuscule")),
        (str.isdigit, gettext_noop("un chiffre")),
        (lambda letter: not letter.isalnum(), gettext_noop("un signe qui n’est ni une lettre ni un chiffre")),
    )

    def validate(self, password: str, user: object = None) -> None:
        """Says only what is missing: what is asked for stands above the field already."""
        missing = [gettext(name) for sort, name in self.SORTS if not any(map(sort, password))]
        if missing:
            said = gettext("Il manque à ce mot de passe : %(what)s.") % {"what": ", ".join(missing)}
            raise ValidationError(said, code="four_sorts")

    def get_help_text(self) -> str:
        return gettext("Il faut une minuscule, une majuscule, un chiffre et un autre signe.")


class NotPersonal:
    """B07: no personal word, that is no part of the names or of the identifier, accents and capitals aside."""

    def __init__(self, *personal: str) -> None:
        parts = (part for text in personal for part in re.split(r"[^a-z0-9]+", folded(text)))
        self.parts = frozenset(part for part in parts if len(part) >= LEAST_PART)

    def validate(self, password: str, user: object = None) -> None:
        plain = folded(password)
        if any(part in plain for part in self.parts):
            said = gettext("Ce mot de passe contient votre nom ou votre identifiant : choisissez-en un autre.")
            raise ValidationError(said, code="personal")

    def get_help_text(self) -> str:
        return gettext("Il ne doit contenir ni votre nom, ni votre identifiant.")


class LongEnough(MinimumLengthValidator):
    """Django’s bound, in our words."""

    def get_error_message(self) -> str:
        return gettext("Ce mot de passe est trop court : il faut %(count)s caractères.") % {"count": self.min_length}


class NotCommon(CommonPasswordValidator):
    """Django’s list, in our words."""

    def get_error_message(self) -> str:
        return gettext("Ce mot de passe est trop courant : choisissez-en un autre.")


VALIDATORS = (LongEnough(LEAST_PASSWORD), FourSorts(), NotCommon())
