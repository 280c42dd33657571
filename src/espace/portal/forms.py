"""What people type: sign-in and activation."""

from datetime import date
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from espace.edge import now
from espace.portal.factors import accepts
from espace.portal.passwords import MOST_IDENTIFIER, VALIDATORS, NotPersonal, check_identifier

MOST_PASSWORD = 200
MOST_NAME = 40
_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SigninForm(LoginForm):
    """Identifier and password. The answer to a wrong one is the same whichever is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = gettext("Identifiant"), gettext("Mot de passe")
        login.error_messages["required"] = gettext("Écrivez votre identifiant.")
        password.error_messages["required"] = gettext("Écrivez votre mot de passe.")
        login.widget = forms.TextInput({"autocomplete": "username", "maxlength": MOST_IDENTIFIER, **_PLAIN})
        password.widget = forms.PasswordInput({"autocomplete": "current-password", "maxlength": MOST_PASSWORD})
        password.help_text = ""


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Code à six chiffres"),
        max_length=12,
        error_messages={
            "required": gettext_lazy("Écrivez le code que montre votre application."),
            "max_length": gettext_lazy("Le code a six chiffres, ou dix signes pour un code de secours."),
        },
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", **_PLAIN}
        ),
    )


class CodeForm(AuthenticateForm):
    """A code of a second factor, or a recovery code; one code opens once. `user` is whose it must be."""

    code = _code_field()

    def clean_code(self) -> str:
        forget_tries = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        if not accepts(self.user.pk, code, now()):
            raise wrong_code()
        forget_tries()
        return code

    def save(self) -> None:
        """Say to allauth that the second factor was given."""
        record_authentication(context.request, self.user, "mfa")


def wrong_code() -> ValidationError:
    said = gettext("Ce code n’est pas le bon, ou a déjà servi. Attendez le prochain et recopiez-le.")
    return ValidationError(said, code="incorrect_code")


def _number(autocomplete: str, digits: int, width: str) -> forms.CharField:
    attributes = {"inputmode": "numeric", "autocomplete": autocomplete, "class": width}
    return forms.CharField(max_length=digits, widget=forms.TextInput(attributes))


class BirthForm(forms.Form):
    """A birth date in three fields."""

    day = _number("bday-day", 2, "shorter")
    month = _number("bday-month", 2, "shorter")
    year = _number("bday-year", 4, "short")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            values["date"] = date(*(int(values[name]) for name in ("year", "month", "day")))
        except (KeyError, ValueError):
            self.errors.clear()
            self.add_error(None, gettext("Écrivez le jour, le mois et l’année de votre naissance, en chiffres."))
        return values


class FirstCodeForm(forms.Form):
    """The first code, which proves that the application was set up."""

    code = _code_field()


class AccountForm(forms.Form):
    """The identifier and the password of a new account."""

    identifier = forms.CharField(
        label=gettext_lazy("Choisissez un identifiant"),
        help_text=gettext_lazy("Au moins 8 caractères : des lettres sans accent, des chiffres, et les signes . - _"),
        max_length=MOST_IDENTIFIER,
        error_messages={"required": gettext_lazy("Choisissez un identifiant.")},
        validators=(check_identifier,),
        widget=forms.TextInput({"autocomplete": "username", **_PLAIN}),
    )
    password = forms.CharField(
        label=gettext_lazy("Choisissez un mot de passe"),
        help_text=gettext_lazy(
            "Au moins 9 caractères, avec une minuscule, une majuscule, un chiffre et un autre signe. "
            "Sans votre nom ni votre identifiant."
        ),
        max_length=MOST_PASSWORD,
        strip=False,
        error_messages={"required": gettext_lazy("Choisissez un mot de passe.")},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Écrivez-le encore une fois"),
        max_length=MOST_PASSWORD,
        strip=False,
        error_messages={"required": gettext_lazy("Écrivez le mot de passe une seconde fois.")},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, given: str, family: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given, self.family = given, family

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        personal = NotPersonal(self.cleaned_data.get("identifier", ""), self.given, self.family)
        validate_password(password, None, (*VALIDATORS, personal))
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(gettext("Les deux mots de passe ne sont pas les mêmes."), code="differ")
        return again


class NameForm(forms.Form):
    """What the holder calls a passkey."""

    name = forms.CharField(
        label=gettext_lazy("Donnez-lui un nom"),
        help_text=gettext_lazy("Par exemple : téléphone, ordinateur de la maison."),
        max_length=MOST_NAME,
        error_messages={
            "required": gettext_lazy("Écrivez un nom."),
            "max_length": gettext_lazy("Quarante signes au plus."),
        },
        widget=forms.TextInput({"autocomplete": "off", "maxlength": MOST_NAME}),
    )
