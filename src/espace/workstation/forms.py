"""What a professional fills in."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from espace.access.facts import Cause, How
from espace.access.rules import words_of
from espace.access.rules.emergency import MOST_WORDS
from espace.kernel.words import Visibility

MOST_PASTED = 600
MOST_TITLE = 120
FIRST_YEAR = 1900
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""Unicode categories of what has no shape of its own."""
_PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class FindForm(forms.Form):
    """An INS typed by hand, or what a reader of the INS datamatrix gives."""

    ins = forms.CharField(
        label=gettext_lazy("INS du patient"),
        help_text=gettext_lazy("15 caractères, ou le contenu du datamatrix INS lu par votre douchette."),
        max_length=MOST_PASTED,
        strip=False,
        error_messages={
            "required": gettext_lazy("Écrivez l’INS du patient, ou collez le contenu du datamatrix."),
            "max_length": gettext_lazy("Ce texte est trop long pour un INS ou un datamatrix."),
        },
        widget=forms.TextInput({**_PLAIN, "maxlength": MOST_PASTED, "autofocus": True}),
    )
    secret = forms.BooleanField(
        label=gettext_lazy("Patient mineur : soins gardés secrets pour ses représentants légaux"), required=False
    )


class Term:
    """How long a consent is asked for."""

    VISIT, MONTH, HALF_YEAR, YEAR = "visit", "month", "half_year", "year"


TERMS: Mapping[str, object] = {
    Term.VISIT: gettext_lazy("Le temps de cette consultation (12 heures)"),
    Term.MONTH: gettext_lazy("Un mois"),
    Term.HALF_YEAR: gettext_lazy("Six mois"),
    Term.YEAR: gettext_lazy("Un an"),
}
HOWS: Mapping[How, object] = {
    How.ORAL: gettext_lazy("De vive voix"),
    How.WRITTEN: gettext_lazy("Par écrit"),
}


ALONE, TEAM = "seul", "equipe"


class ConsentForm(forms.Form):
    """What the patient agreed to, as the professional records it."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Pour qui le patient a-t-il donné son accord ?"),
        choices=(
            (ALONE, gettext_lazy("Pour moi seul")),
            (TEAM, gettext_lazy("Pour mon équipe de soins : j’y ajoute ensuite ceux qui le soignent avec moi")),
        ),
        widget=forms.RadioSelect,
        initial=ALONE,
        required=False,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Comment le patient a-t-il donné son accord ?"),
        choices=tuple(HOWS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites comment le patient a donné son accord.")},
    )
    term = forms.ChoiceField(
        label=gettext_lazy("Pour combien de temps ?"),
        choices=tuple(TERMS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une durée.")},
    )
    informed = forms.BooleanField(
        label=gettext_lazy("Le patient est informé, et d’accord pour que je lise son espace."),
        error_messages={"required": gettext_lazy("Sans l’accord du patient, son espace reste fermé.")},
    )

    def __init__(self, *args: Any, secret: bool = False, **kwargs: Any) -> None:
        """`secret`: for a minor's secret care, which is one professional's."""
        super().__init__(*args, **kwargs)
        if secret:
            del self.fields["whom"]


CAUSES: Mapping[Cause, object] = {
    Cause.UNCONSCIOUS: gettext_lazy("Le patient est inconscient"),
    Cause.CONFUSED: gettext_lazy("Le patient est trop confus pour répondre"),
    Cause.CANNOT_SPEAK: gettext_lazy("Le patient ne peut pas s’exprimer, et personne ne peut le faire pour lui"),
    Cause.CALL: gettext_lazy("Je régule un appel au centre 15 pour ce patient"),
}
"""The last one is for the doctors of emergency call centres."""


class EmergencyForm(forms.Form):
    """What a professional declares before a record opens without consent."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Pourquoi le patient ne peut-il pas donner son accord ?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites pourquoi le patient ne peut pas donner son accord.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Que se passe-t-il ?"),
        help_text=gettext_lazy("En une phrase. Le patient la lira."),
        max_length=MOST_WORDS,
        error_messages={
            "required": gettext_lazy("Écrivez en une phrase ce qui se passe."),
            "max_length": gettext_lazy("Écrivez plus court : 300 caractères au plus."),
        },
        widget=forms.TextInput({"autocomplete": "off", "maxlength": MOST_WORDS}),
    )
    risk = forms.BooleanField(
        label=gettext_lazy(
            "Un risque immédiat menace la santé du patient, et j’ai besoin de ce dossier pour le soigner."
        ),
        error_messages={"required": gettext_lazy("Sans risque immédiat, demandez son accord au patient.")},
    )

    def __init__(self, *args: Any, regulates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [one for one in CAUSES.items() if regulates or one[0] is not Cause.CALL]
        cast(forms.ChoiceField, self.fields["cause"]).choices = shown

    def clean_words(self) -> str:
        words = words_of(str(self.cleaned_data["words"]))
        if not words:
            raise ValidationError(gettext("Écrivez en une phrase ce qui se passe."))
        return words


class OpeningForm(forms.Form):
    """What a professional declares before a minor's representatives see a document of secret care."""

    asked = forms.BooleanField(
        label=gettext_lazy("Le patient me le demande, et sait que ce sera définitif."),
        error_messages={"required": gettext_lazy("Sans la demande du patient, ce document reste secret.")},
    )


class FrenchSelect(forms.Select):
    """Choices whose words are the national nomenclature's, French on English pages too: marked as such (WCAG 3.1.2)."""

    def create_option(self, name: str, value: Any, *more: Any, **named: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *more, **named)
        return option | {"attrs": {**option["attrs"], "lang": "fr"}} if value else option


VISIBILITIES: Mapping[str, object] = {
    "": gettext_lazy("Le patient et les professionnels autorisés"),
    Visibility.MASQUE_PS: gettext_lazy("Le patient, et non les autres professionnels"),
    Visibility.INVISIBLE_PATIENT: gettext_lazy("Les professionnels, et le patient seulement après l’annonce"),
}


PDF = b"%PDF-"
_XML = (b"<", b"\xff\xfe", b"\xfe\xff")
"""How a file of XML begins, after white space: with markup, or with the mark of UTF-16."""
_UTF_8_MARK = b"\xef\xbb\xbf"
_LOOKED_AT = 1024
_OF_A_PDF: Mapping[str, str] = {
    "type": gettext_noop("Choisissez le genre du document."),
    "title": gettext_noop("Écrivez un titre."),
    "happened": gettext_noop("Écrivez la date de l’acte."),
}
"""What a PDF does not say of itself, and the sentence when nobody does."""


class DepositForm(forms.Form):
    """A document to deposit: a PDF with what describes it, or a CDA that describes itself."""

    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy("Un PDF, ou un document CDA (XML)."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
            "missing": gettext_lazy("Choisissez un fichier."),
            "invalid": gettext_lazy("Choisissez un fichier."),
        },
        widget=forms.FileInput({"accept": ".pdf,.xml,application/pdf,text/xml"}),
    )
    born = forms.DateField(
        label=gettext_lazy("Date de naissance du patient"),
        help_text=gettext_lazy("Pour être sûr de déposer chez la bonne personne."),
        error_messages={
            "required": gettext_lazy("Écrivez la date de naissance du patient."),
            "invalid": gettext_lazy("Écrivez une date, par exemple 04/03/1985."),
        },
        widget=forms.DateInput({"type": "date", **_PLAIN}, format="%Y-%m-%d"),
    )
    type = forms.ChoiceField(label=gettext_lazy("Genre de document (PDF)"), required=False, widget=FrenchSelect)
    title = forms.CharField(
        label=gettext_lazy("Titre (PDF)"),
        required=False,
        max_length=MOST_TITLE,
        error_messages={"max_length": gettext_lazy("Ce titre est trop long.")},
        widget=forms.TextInput({**_PLAIN, "maxlength": MOST_TITLE}),
    )
    happened = forms.DateField(
        label=gettext_lazy("Date de l’acte (PDF)"),
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez une date, par exemple 04/03/2026.")},
        widget=forms.DateInput({"type": "date", **_PLAIN}, format="%Y-%m-%d"),
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Qui pourra le lire ?"),
        required=False,
        choices=tuple(VISIBILITIES.items()),
        widget=forms.RadioSelect,
    )

    is_pdf = False
    """Whether the file of a form that was checked is a PDF."""

    def __init__(
        self, *args: Any, types: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["type"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", gettext("Choisissez")), *types]
        choices.error_messages["invalid_choice"] = gettext("Choisissez un genre de la liste.")
        self._today = today

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.ESPACE_MAX_DOCUMENT_BYTES:
            raise ValidationError(gettext("Ce fichier est trop gros."), code="size")
        start = file.read(_LOOKED_AT)
        file.seek(0)
        self.is_pdf = start.startswith(PDF)
        if not self.is_pdf and not start.removeprefix(_UTF_8_MARK).lstrip().startswith(_XML):
            words = gettext("Choisissez un PDF ou un CDA. Un document Word ou une photo s’enregistre d’abord en PDF.")
            raise ValidationError(words, code="kind")
        return file

    def clean(self) -> dict[str, Any]:
        """A PDF needs words about it, which a CDA has in its header."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, words in _OF_A_PDF.items() if self.is_pdf else ():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, gettext(words))
        return said

    def clean_title(self) -> str:
        """Words that everybody sees alike: nothing invisible or that changes direction (CVE-2021-42574)."""
        title: str = " ".join(self.cleaned_data["title"].split())
        if any(unicodedata.category(one) in UNSEEN for one in title) or (title and not any(map(str.isalnum, title))):
            raise ValidationError(gettext("Ce titre contient des caractères qui ne se lisent pas."), code="unseen")
        return title

    def clean_happened(self) -> date | None:
        day: date | None = self.cleaned_data["happened"]
        if day and day > self._today:
            raise ValidationError(gettext("Cette date est dans l’avenir."), code="future")
        if day and day.year < FIRST_YEAR:
            raise ValidationError(gettext("Cette date est trop ancienne."), code="old")
        return day
