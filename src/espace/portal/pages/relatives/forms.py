"""What is typed to invite somebody to help, and to answer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from espace.identity.facts.mandates import Scope
from espace.portal.forms import MOST_ADDRESS

MOST_DAYS = 3650


class RepresentativeForm(forms.Form):
    """The address of the second legal representative."""

    address = forms.EmailField(
        label=gettext_lazy("Son adresse électronique"),
        help_text=gettext_lazy("Celle de son propre espace de santé, qu’il lui faut avoir activé."),
        max_length=MOST_ADDRESS,
        error_messages={
            "required": gettext_lazy("Écrivez une adresse électronique."),
            "invalid": gettext_lazy("Écrivez une adresse électronique entière, comme nom@exemple.fr."),
        },
        widget=forms.EmailInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CarerForm(RepresentativeForm):
    """The address of a carer, what they may do, and until when."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Que pourra faire cette personne ?"),
        choices=(
            (Scope.READ, gettext_lazy("Lire les documents")),
            (Scope.ACT, gettext_lazy("Lire les documents, en ajouter et les ranger")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce que cette personne pourra faire.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Dernier jour (facultatif)"),
        help_text=gettext_lazy("Sans date, l’aide dure jusqu’à ce que l’un de vous deux y mette fin."),
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez une date, par exemple 04/03/2027.")},
        widget=forms.DateInput({"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data.get("day")
        if day and not 0 <= (day - self._today).days <= MOST_DAYS:
            raise forms.ValidationError(gettext("Choisissez une date à venir, dans les dix ans."))
        return day


class AdviserForm(forms.Form):
    """What a digital adviser may do in a session."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Que pourra faire le conseiller ?"),
        choices=(
            (Scope.READ, gettext_lazy("Il regarde avec moi")),
            (Scope.ACT, gettext_lazy("Il peut aussi ajouter et ranger mes documents")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez ce que le conseiller pourra faire."),
            "invalid_choice": gettext_lazy("Choisissez ce que le conseiller pourra faire."),
        },
    )


class CodeOfSessionForm(forms.Form):
    """The code that somebody gives a digital adviser; what no code can be is a wrong one."""

    code = forms.CharField(
        label=gettext_lazy("Le code que la personne vous donne"),
        help_text=gettext_lazy("Huit signes. Les espaces et les minuscules ne comptent pas."),
        max_length=20,
        error_messages={
            "required": gettext_lazy("Écrivez le code."),
            "max_length": gettext_lazy("Le code a huit signes."),
        },
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
    )


class AnswerForm(forms.Form):
    """The declaration of whoever accepts to help; its words are the page's."""

    declared = forms.BooleanField(
        error_messages={"required": gettext_lazy("Pour accepter, cochez la déclaration. Sinon, refusez.")}
    )

    def __init__(self, *args: Any, words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared"].label = words
