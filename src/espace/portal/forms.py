"""What people type: sign-in, activation, security."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from espace.edge import now
from espace.portal.factors import accepts
from espace.portal.passwords import MOST_IDENTIFIER, VALIDATORS, NotPersonal, check_identifier

MOST_PASSWORD = 200
MOST_NAME = 40
MOST_ADDRESS = 254
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
            "required": gettext_lazy("Écrivez le code."),
            "max_length": gettext_lazy("Le code a six chiffres, ou dix signes pour un code de secours."),
        },
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", **_PLAIN}
        ),
    )


class CodeForm(AuthenticateForm):
    """A code of a second factor, or a recovery code; one code opens once. `user` is whose it must be, `mailed` says
    that they are waiting for a code by mail."""

    code = _code_field()

    def __init__(self, *args: Any, mailed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailed = mailed

    def clean_code(self) -> str:
        tried = _counted(self.user.pk)
        code: str = self.cleaned_data["code"]
        if not accepts(self.user.pk, code, now()):
            raise wrong_code(mailed=self.mailed)
        tried.rollback()
        return code

    def save(self) -> None:
        """Say to allauth that the second factor was given."""
        record_authentication(context.request, self.user, "mfa")


def _counted(account_id: UUID) -> ratelimit.RateLimitUsage:
    """One more try of this account and from this address. A right one takes itself back and nothing else: allauth would
    forget all those of the address, and whoever has an account could guess at others between two right codes."""
    key = f"mfa-auth-user-{account_id}"
    tried = ratelimit.consume(context.request, app="allauth.account", action="login_failed", key=key)
    if tried is None:
        raise get_adapter().validation_error("too_many_login_attempts")
    return tried


def wrong_code(*, mailed: bool = False) -> ValidationError:
    """An application shows the next code by itself; a mailed one is asked for."""
    if mailed:
        said = gettext("Ce code n’est pas le bon, ou ne vaut plus. Relisez le courriel ou demandez-en un autre.")
    else:
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


class NewPasswordForm(forms.Form):
    """A password that its holder chooses: none that their names or their identifier (`own`, or chosen with it) give
    away."""

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

    def __init__(self, *args: Any, given: str, family: str, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given, self.family, self.own = given, family, own

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        personal = NotPersonal(self.cleaned_data.get("identifier", self.own), self.given, self.family)
        validate_password(password, None, (*VALIDATORS, personal))
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(gettext("Les deux mots de passe ne sont pas les mêmes."), code="differ")
        return again


class AccountForm(NewPasswordForm):
    """The identifier and the password of a new account."""

    field_order = ("identifier", "password", "again")

    identifier = forms.CharField(
        label=gettext_lazy("Choisissez un identifiant"),
        help_text=gettext_lazy("Au moins 8 caractères : des lettres sans accent, des chiffres, et les signes . - _"),
        max_length=MOST_IDENTIFIER,
        error_messages={"required": gettext_lazy("Choisissez un identifiant.")},
        validators=(check_identifier,),
        widget=forms.TextInput({"autocomplete": "username", **_PLAIN}),
    )


class ChangePasswordForm(NewPasswordForm):
    """Another password, for who gives the present one."""

    field_order = ("present", "password", "again")

    present = forms.CharField(
        label=gettext_lazy("Votre mot de passe d’aujourd’hui"),
        max_length=MOST_PASSWORD,
        strip=False,
        error_messages={"required": gettext_lazy("Écrivez votre mot de passe d’aujourd’hui.")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, own=user.identifier, **kwargs)
        self.user = user

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise ValidationError(gettext("Ce n’est pas votre mot de passe d’aujourd’hui."), code="wrong_password")
        return present

    def clean_password(self) -> str:
        password = super().clean_password()
        if password == self.cleaned_data.get("present"):
            raise ValidationError(gettext("C’est déjà votre mot de passe : choisissez-en un autre."), code="same")
        return password


class AddressForm(forms.Form):
    """Where the mails of the space are to go."""

    email = forms.EmailField(
        label=gettext_lazy("Votre nouvelle adresse électronique"),
        max_length=MOST_ADDRESS,
        error_messages={
            "required": gettext_lazy("Écrivez une adresse électronique."),
            "invalid": gettext_lazy("Écrivez une adresse électronique entière, comme nom@exemple.fr."),
        },
        widget=forms.EmailInput({"autocomplete": "email", **_PLAIN}),
    )


class LostForm(forms.Form):
    """Who cannot sign in any more: an identifier, or the address of the account."""

    who = forms.CharField(
        label=gettext_lazy("Votre identifiant, ou l’adresse électronique de votre espace"),
        max_length=MOST_ADDRESS,
        error_messages={"required": gettext_lazy("Écrivez votre identifiant ou votre adresse électronique.")},
        widget=forms.TextInput({"autocomplete": "username", **_PLAIN}),
    )


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


MOST_GIVEN_DAYS = 3650
FOR_GOOD, UNTIL = "toujours", "date"


class GiveForm(forms.Form):
    """How long the holder gives access for: for good, or until the end of a day."""

    term = forms.ChoiceField(
        label=gettext_lazy("Pour combien de temps ?"),
        choices=(
            (FOR_GOOD, gettext_lazy("Sans date de fin : jusqu’à ce que vous retiriez l’accès")),
            (UNTIL, gettext_lazy("Jusqu’à une date")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une durée.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Dernier jour, si vous avez choisi une date"),
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez une date, par exemple 04/03/2027.")},
        widget=forms.DateInput({"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        """A day goes with « until a date » only, and is one of the next ten years."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("term") == FOR_GOOD:
            self.errors.pop("day", None)
            return said | {"day": None}
        if said.get("term") == UNTIL and "day" not in self.errors:
            self._check(said.get("day"))
        return said

    def _check(self, day: date | None) -> None:
        if day is None:
            self.add_error("day", gettext("Écrivez une date, par exemple 04/03/2027."))
        elif not self._today <= day <= self._today + timedelta(days=MOST_GIVEN_DAYS):
            self.add_error("day", gettext("Choisissez une date à venir, dans les dix ans."))


MOST_TOLD = 1000


class ReportForm(forms.Form):
    """Why the holder reports an access, in their own words, and whether they block who did it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Que se passe-t-il ?"),
        choices=(
            ("unknown", gettext_lazy("Je ne connais pas ce professionnel")),
            ("not_agreed", gettext_lazy("Je le connais, mais je ne lui ai pas donné d’accord")),
            ("over", gettext_lazy("Il ne me soigne plus")),
            ("other", gettext_lazy("Autre chose")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites ce qui se passe.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Ce que vous voulez ajouter (facultatif)"),
        help_text=gettext_lazy("N’écrivez rien sur votre santé : ce n’est pas nécessaire."),
        required=False,
        max_length=MOST_TOLD,
        error_messages={"max_length": gettext_lazy("Mille signes au plus.")},
        widget=forms.Textarea({"rows": 4, "maxlength": MOST_TOLD}),
    )
    block = forms.BooleanField(
        label=gettext_lazy("Bloquer aussi cette personne : elle ne pourra plus rien lire"), required=False
    )
