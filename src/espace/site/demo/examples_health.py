"""Examples of the parts that show facts of health."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from espace.looks.chart import spark
from espace.looks.frame import icon
from espace.looks.health import ChangeRow, ResultRow, Row, Source
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
        (gettext("lu dans un document"), {"row": Row(name, said, "", (), _read())}),
        (gettext("déclaré"), {"row": Row(name, "", "", (), _stated())}),
        (gettext("contredit"), {"row": Row(name, said, "", (clash,), _read(), (_read(gettext("nié")),), 1)}),
    )


def _result(mark: str, *, out: bool) -> ResultRow:
    days = [(datetime(2024, month, 1, tzinfo=UTC), 7.6 - month / 10) for month in (1, 4, 7)]
    return ResultRow(
        "HbA1c", gettext("Hémoglobine glyquée"), "6,9 %", "4,0 – 6,0", mark, out, "", _read(), spark(days), ("7,2 %",)
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
        (gettext("vide"), {"panel": Panel("vide", gettext("Traitements en cours"), icon("pill"), empty)}),
        (
            gettext("rempli"),
            {"panel": Panel("rempli", title, icon("info"), nothing, (row,), (row,), warning=warning, strong=True)},
        ),
        (
            gettext("résultats"),
            {"panel": Panel("chiffres", gettext("Derniers résultats"), icon("flask"), nothing, results=results)},
        ),
    )


def changes(request: HttpRequest) -> States:
    name, when = gettext("Metformine"), gettext("4 mars 2025")
    new = ChangeRow(name, gettext("Nouveau"), True, gettext("1 comprimé le soir"), when, "", "", _read(), None)
    other = ChangeRow(
        name, gettext("Modifié"), False, gettext("arrêté"), when, gettext("en cours"), "", _read(), _read()
    )
    return (gettext("nouveau"), {"row": new}), (gettext("modifié"), {"row": other})
