"""What an identifier and a password must be (B06 and B07)."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from espace.looks.folding import folded

LEAST_IDENTIFIER, MOST_IDENTIFIER = 8, 60
LEAST_PASSWORD = 9
LEAST_PART = 4

_IDENTIFIER = re.compile(rf"[A-Za-z0-9._-]{{{LEAST_IDENTIFIER},{MOST_IDENTIFIER}}}")
_NUMBER_OF_A_PERSON = re.compile(r"[1-478][0-9]{4}(?:[0-9]{2}|2[ABab])[0-9]{6}(?:[0-9]{2})?")
_BANK_ACCOUNT = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")


def check_identifier(identifier: str) -> None:
    """B06: 8 characters or more, no accent, only « . - _ » besides letters and digits; neither INS nor IBAN."""
    if not _IDENTIFIER.fullmatch(identifier):
        raise ValidationError(
            gettext("Au moins 8 caractères : des lettres sans accent, des chiffres, et les signes . - _"), code="shape"
        )
    if _NUMBER_OF_A_PERSON.fullmatch(identifier):
        raise ValidationError(gettext("N’utilisez pas votre numéro de Sécurité sociale."), code="ins")
    if _BANK_ACCOUNT.fullmatch(identifier):
        raise ValidationError(gettext("N’utilisez pas un numéro de compte bancaire."), code="iban")


class FourSorts:
    """B07: a lower-case letter, an upper-case one, a digit and another sign."""

    def validate(self, password: str, user: object = None) -> None:
        sorts = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
        if not all(any(map(sort, password)) for sort in sorts):
            raise ValidationError(self.get_help_text(), code="four_sorts")

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
            raise ValidationError(self.get_help_text(), code="personal")

    def get_help_text(self) -> str:
        return gettext("Il ne doit contenir ni votre nom, ni votre identifiant.")


VALIDATORS = (MinimumLengthValidator(LEAST_PASSWORD), FourSorts(), CommonPasswordValidator())
