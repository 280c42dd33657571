"""Examples of the parts that show facts of health."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from espace.clinical.rules.international import ALLERGIES, MEDICINES
from espace.looks.changes import ChangeRow, PairRow, ValueCell
from espace.looks.chart import spark
from espace.looks.health import ResultRow, Row, Source
from espace.looks.international import FRENCH, Sheet, Worded, Written
from espace.looks.international import Line as Told
from espace.looks.medicines import Line, Lines, MedicineRow
from espace.workstation.pages.screen import Panel

HERE = "#"
States = tuple[tuple[str, Mapping[str, object]], ...]


def _read(says: str = "") -> Source:
    return Source(HERE, gettext("4 mars 2025"), gettext("Lettre de liaison"), "", says)


def _stated() -> Source:
    return Source("", gettext("2 janvier 2025"), "", gettext("Déclaré par le patient"))


def facts(request: HttpRequest) -> States:
    name, said, clash = gettext("Pénicilline"), gettext("urticaire"), gettext("Affirmé ici, nié ailleurs")
    return (
        (gettext("lu dans un document"), {"rows": (Row(name, said, "", (), _read()),)}),
        (gettext("déclaré"), {"rows": (Row(name, "", "", (), _stated()),)}),
        (gettext("contredit"), {"rows": (Row(name, said, "", (clash,), _read(), (_read(gettext("nié")),), 1),)}),
    )


def abroad(request: HttpRequest) -> States:
    told = Told(
        Worded("Pénicilline", FRENCH), "SNOMED CT 764146007", (Worded("Urticaria"),), "since May 2019", (),
        "Professional’s document", "4 March 2025", HERE,
    )  # fmt: skip
    parts = (
        Written(ALLERGIES, ALLERGIES.title.en, (told,), "", "", ""),
        Written(MEDICINES, MEDICINES.title.en, (), "No information available.", "", ""),
    )
    one = Sheet("en", "Camille Duval", "7 March 1985", "Female", "Tuesday 4 March 2025", parts)
    return ((gettext("en anglais"), {"one": one}),)


def medicines(request: HttpRequest) -> States:
    said = gettext("1 comprimé matin et soir")
    ordered = Line(_read(), "Glucophage 1 000 mg", "Lise Le Goff", said)
    given = Line(_read(), "", gettext("Pharmacie du Canal"), gettext("quantité : %(quantity)s") % {"quantity": 3})
    parts = (Lines(gettext("Prescrit"), ordered, (ordered,), 0), Lines(gettext("Délivré"), given, (), 0))
    stopped = Lines(gettext("Dit arrêté"), Line(_read(), "", "", gettext("mal toléré")), (), 0)
    mark = gettext("Dit arrêté dans un document plus récent")
    return (
        (gettext("en cours"), {"row": MedicineRow(gettext("Metformine"), said, gettext("Diabète"), (), parts)}),
        (gettext("arrêté"), {"row": MedicineRow(gettext("Metformine"), said, "", (mark,), (*parts, stopped))}),
    )


def _result(mark: str, *, out: bool) -> ResultRow:
    days = [(datetime(2024, month, 1, tzinfo=UTC), 7.6 - month / 10) for month in (1, 4, 7)]
    return ResultRow(
        "HbA1c", gettext("Hémoglobine glyquée"), "6,9 %", "4,0 – 6,0", mark, out, "", _read(), spark(days),
        gettext("7,2 le 4 mars 2025"), "7,2 %",
    )


def panels(request: HttpRequest) -> States:
    results = _result(gettext("Élevé"), out=True), _result(gettext("Normal"), out=False)
    row = Row(gettext("Pénicilline"), gettext("urticaire"), "", (), _read())
    nothing = gettext("Rien n’est écrit sur les allergies.")
    empty = gettext("Rien n’est écrit sur un traitement en cours.")
    title, warning = (
        gettext("Allergies et alertes"),
        gettext("Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a."),
    )
    return (
        (gettext("vide"), {"panel": Panel("vide", gettext("Traitements en cours"), "pill", empty)}),
        (
            gettext("rempli"),
            {"panel": Panel("rempli", title, "info", nothing, (row,), (row,), warning=warning, strong=True)},
        ),
        (
            gettext("résultats"),
            {"panel": Panel("chiffres", gettext("Derniers résultats"), "flask", nothing, results=results)},
        ),
    )


def changes(request: HttpRequest) -> States:
    name, when = gettext("Metformine"), gettext("4 mars 2025")
    new = ChangeRow(name, gettext("Nouveau"), True, gettext("1 comprimé le soir"), when, "", "", _read(), None)
    other = ChangeRow(
        name, gettext("Modifié"), False, gettext("arrêté"), when, gettext("en cours"), "", _read(), _read()
    )
    return (gettext("nouveau"), {"row": new}), (gettext("modifié"), {"row": other})


def figures(request: HttpRequest) -> States:
    then, now = gettext("2 janvier 2025"), gettext("4 mars 2025")
    last = ValueCell("6,9 %", now, gettext("Élevé"), _read())
    rows = (PairRow("HbA1c", (ValueCell("7,2 %", then, "", _read()), last)), PairRow("HbA1c", (None, last)))
    return ((gettext("deux dates"), {"rows": rows, "then": then, "now": now}),)
