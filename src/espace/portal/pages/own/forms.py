"""What holders type about their own documents and their folders."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy, ngettext

from espace.edge import now
from espace.looks.words import english, local_day
from espace.portal.pages.own.receiving import MOST_FILES
from espace.wire.files import OWN_TYPES

MOST_TITLE = 120
MOST_FOLDER = 60
EARLIEST = date(1900, 1, 1)
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.rtf,.txt,application/pdf,image/jpeg,image/png,image/tiff,text/plain"
"""What the browser offers to choose; what is sent is judged by its bytes."""


def type_choices() -> list[tuple[str, str]]:
    """The codes of what holders may add, in their words; first that nothing is chosen yet."""
    labels = [(one.code, one.label_en if english() else one.label_fr) for one in OWN_TYPES.values()]
    return [("", gettext("Choisissez")), *labels]


class _Files(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """One file or several; `clean` answers the list."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        sent = [one for one in data or [] if one]
        if not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(sent) > MOST_FILES:
            many = ngettext("%(count)s fichier au plus.", "%(count)s fichiers au plus à la fois.", MOST_FILES)
            raise ValidationError(many % {"count": MOST_FILES}, code="too_many")
        return sent


class DescribeForm(forms.Form):
    """What a document is: type, title and date."""

    type_code = forms.ChoiceField(
        label=gettext_lazy("Qu’est-ce que c’est ?"),
        error_messages={
            "required": gettext_lazy("Choisissez ce que c’est."),
            "invalid_choice": gettext_lazy("Choisissez ce que c’est dans la liste."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=MOST_TITLE,
        error_messages={
            "required": gettext_lazy("Écrivez un titre."),
            "max_length": gettext_lazy("Le titre est trop long : 120 caractères au plus."),
        },
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Date du document (facultatif)"),
        required=False,
        input_formats=("%Y-%m-%d", "%d/%m/%Y"),
        error_messages={"invalid": gettext_lazy("Écrivez une date complète, par exemple 04/03/2025.")},
        widget=forms.DateInput({"type": "date", "class": "short-date", "min": EARLIEST.isoformat()}, "%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["type_code"]
        kind.choices = type_choices()
        self.fields["day"].widget.attrs["max"] = local_day(now()).isoformat()

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and day > local_day(now()):
            raise ValidationError(gettext("Cette date n’est pas encore arrivée."), code="future")
        if day and day < EARLIEST:
            raise ValidationError(gettext("Cette date est trop ancienne : vérifiez l’année."), code="early")
        return day


class AddForm(DescribeForm):
    """The files, and what they are."""

    chosen = FilesField(
        label=gettext_lazy("Fichiers"),
        error_messages={"required": gettext_lazy("Choisissez au moins un fichier.")},
        widget=_Files({"multiple": True, "accept": ACCEPTED}),
    )
    together = forms.BooleanField(
        label=gettext_lazy("Ce sont les photos d’un même document : les réunir en un seul PDF"), required=False
    )
    field_order = ("chosen", "together", "type_code", "title", "day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].label = gettext("Titre (facultatif)")
        self.fields["title"].help_text = gettext("Sans titre, le document prend le nom du fichier.")


class FolderForm(forms.Form):
    """The name of a folder."""

    name = forms.CharField(
        label=gettext_lazy("Nom du dossier"),
        max_length=MOST_FOLDER,
        error_messages={
            "required": gettext_lazy("Donnez un nom au dossier."),
            "max_length": gettext_lazy("Le nom est trop long : 60 caractères au plus."),
        },
        widget=forms.TextInput({"autocomplete": "off"}),
    )
