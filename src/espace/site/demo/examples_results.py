"""Examples of the parts that show results over time."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from espace.clinical.rules.searching import Extract
from espace.kernel.values import replace
from espace.looks.chart import Dot, drawn, spark
from espace.looks.health import Source
from espace.looks.trends import AnalytePage, AnalyteRow, Group, ResultLine

HERE = "#"
States = tuple[tuple[str, Mapping[str, object]], ...]
_DOTS = (
    Dot(datetime(2024, 3, 4, tzinfo=UTC), 7.4, 4, 6, outside=True),
    Dot(datetime(2024, 9, 4, tzinfo=UTC), 6.6, 4, 6, outside=True, converted=True),
    Dot(datetime(2025, 3, 4, tzinfo=UTC), 5.9, 4, 6),
)


def extracts(request: HttpRequest) -> States:
    return ((gettext("un mot trouvé"), {"extract": _extract()}),)


def declared(request: HttpRequest) -> States:
    return ((gettext("une ligne"), {"declared": (_extract(),), "declared_path": HERE}),)


def _extract() -> Extract:
    return Extract(((gettext("Allergie au pollen de "), False), (gettext("bouleau"), True)))


def charts(request: HttpRequest) -> States:
    told = gettext("Courbe de trois résultats, de 5,9 à 7,4 %.")
    return ((gettext("trois résultats"), {"chart": drawn(_DOTS), "title": told, "outside": True, "converted": True}),)


def analytes(request: HttpRequest) -> States:
    curve = spark([(one.at, one.value) for one in _DOTS])
    name, full, date = "HbA1c", gettext("Hémoglobine glyquée"), gettext("4 mars 2025")
    row = AnalyteRow(HERE, name, full, "5,9 %", gettext("Normal"), False, date, gettext("3 résultats"), curve)
    stated = replace(row, origin=gettext("Déclaré par le patient"), mark="")
    groups = (Group("sucre", gettext("Sucre"), (row, stated)),)
    return ((gettext("une analyse"), {"groups": groups, "words": "", "search_path": HERE}),)


def analyte(request: HttpRequest) -> States:
    """The table alone: its curve is an example of its own."""
    source = Source(HERE, gettext("4 mars 2025"), gettext("Analyses"), "", "")
    place, high = gettext("Laboratoire des Tilleuls"), gettext("Élevé")
    lines = (
        ResultLine(source.date, "2025-03-04", "5,9 %", "", "4 – 6 %", gettext("Normal"), False, place, "", (source,)),
        ResultLine(source.date, "2024-09-04", "49 mmol/mol", "6,64 %", "", high, True, place, "", (source,)),
    )
    page = AnalytePage("HbA1c", gettext("Hémoglobine glyquée"), "%", "", None, True, True, lines)
    return ((gettext("deux laboratoires"), {"one": page}),)
