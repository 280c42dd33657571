"""The form of a section, drawn from its fields; what is wrong is said beside the field, with what was typed kept."""

from collections.abc import Mapping
from typing import Any

from django import forms

from espace.clinical.facts.profile import Asked, Checked, Item, Medicine, Section, Shape, Sheet
from espace.clinical.queries.medicines import medicine, medicines_named
from espace.clinical.rules import profile as rules
from espace.clinical.rules.medicines import cip_of, is_code
from espace.edge import now
from espace.looks.stated import told_number
from espace.looks.words import local_day, said
from espace.portal.pages.health.words import typed_day
from espace.portal.whose import gettext

SEARCH, BOX = "chercher", "boite"
"""Names in the form: the button that looks for a medicine, and the box that was chosen."""
MOST_FOUND = 20
_LINES = {"comment": 4, "dosage": 3, "answer": 3, "text": 12}


class ItemForm(forms.Form):
    """One item of a section. `box`: what the list of medicines says of it, once valid."""

    def __init__(self, sheet: Sheet, data: Mapping[str, Any] | None = None, item: Item | None = None) -> None:
        super().__init__(data, initial=_initial(sheet, item))
        self.sheet, self.item = sheet, item
        self.box: Medicine | None = None
        self.found: tuple[Medicine, ...] = ()
        self.checked = Checked({}, {})
        for asked in sheet.fields:
            self.fields[asked.name] = _field(asked)

    def clean(self) -> dict[str, Any]:
        typed = {asked.name: str(self.data.get(asked.name, "")) for asked in self.sheet.fields}
        if self.sheet.section is Section.TREATMENTS:
            typed["name"] = self._medicine(typed["name"])
        self.checked = rules.checked(self.sheet, typed, local_day(now()))
        for name, wrong in self.checked.wrong.items():
            if not self.has_error(name):
                self.add_error(name, said(wrong))
        return typed

    def searched(self) -> None:
        """Look for a medicine by the beginning of its name, and offer what is found to choose from."""
        text = rules.tidy(str(self.data.get("name", "")))
        self.found = medicines_named(text, most=MOST_FOUND)
        if not self.found:
            self.add_error("name", gettext("Aucun médicament trouvé : le nom peut rester ainsi."))

    def _medicine(self, text: str) -> str:
        """The name of the box that was chosen or whose code was read, else what was typed."""
        cip = cip_of(str(self.data.get(BOX, ""))) or cip_of(rules.tidy(text))
        self.box = medicine(cip) if cip else None
        if self.box is None and self.item and self.item.medicine and self.item.medicine.name == rules.tidy(text):
            self.box = self.item.medicine
        if self.box is None and (cip or is_code(text)):
            self.add_error("name", gettext("Cette boîte n’est pas dans la liste des médicaments : écrivez le nom."))
        return self.box.name if self.box else text


def _initial(sheet: Sheet, item: Item | None) -> dict[str, str]:
    if item is None:
        return {"day": typed_day(local_day(now()).isoformat())} if sheet.section is Section.MEASURES else {}
    shown = {Shape.DAY: typed_day, Shape.NUMBER: told_number}
    return {
        one.name: shown.get(one.shape, str)(item.values[one.name]) for one in sheet.fields if one.name in item.values
    }


def _field(asked: Asked) -> forms.Field:
    """Nothing is required of the browser or of the field itself: the rules say what is wrong, in one place."""
    optional = "" if asked.required else gettext(" (facultatif)")
    label, hint = said(asked.label) + optional, said(asked.hint) if asked.hint else ""
    if asked.shape is Shape.CHOICE:
        choices = [("", gettext("Choisissez") if asked.required else gettext("Non précisé"))]
        choices += [(one.code, said(one.label)) for one in asked.choices]
        field: forms.Field = _Choice(label=label, help_text=hint, choices=choices)
    elif asked.shape is Shape.TEXT:
        field = forms.CharField(
            label=label, help_text=hint, strip=False, widget=forms.Textarea({"rows": _LINES.get(asked.name, 3)})
        )
    else:
        numeric = {"inputmode": "decimal"} if asked.shape is Shape.NUMBER else {}
        field = forms.CharField(
            label=label, help_text=hint, strip=False, widget=forms.TextInput({"autocomplete": "off", **numeric})
        )
    field.required = False
    return field


class _Choice(forms.ChoiceField):
    """What is not in the list is said by the rules, as everything else."""

    def validate(self, value: object) -> None:
        return None


class TargetForm(forms.Form):
    """Between what a measure is wished to be."""

    measure = forms.ChoiceField(required=False)
    low = forms.CharField(required=False, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
    high = forms.CharField(required=False, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        labels = [(one.code, f"{said(one.label)} ({one.shown})") for one in rules.MEASURES.values()]
        self.fields["measure"] = _Choice(
            label=gettext("Mesure"), choices=[("", gettext("Choisissez")), *labels], required=False
        )
        self.fields["low"].label = gettext("Au moins (facultatif)")
        self.fields["high"].label = gettext("Au plus (facultatif)")
        self.fields["high"].help_text = gettext("Laissez les deux vides pour enlever l’objectif.")

    def clean(self) -> dict[str, Any]:
        typed = {name: str(self.data.get(name, "")) for name in ("measure", "low", "high")}
        found = rules.checked_target(typed["measure"], typed["low"], typed["high"])
        if isinstance(found, Mapping):
            for name, wrong in found.items():
                self.add_error(name, said(wrong))
        return {"target": found, "measure": typed["measure"]}
