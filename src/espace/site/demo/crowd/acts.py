"""What happens to somebody, each act leaving its document."""

from collections.abc import Mapping
from datetime import date

from espace.kernel.words import Visibility
from espace.site.demo.crowd.life import Life
from espace.site.demo.stories import visits
from espace.site.demo.stories.telling import Deposit
from espace.wire.cda_writing import Examination, Medicine, Professional, Stay

MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
BETWEEN_US = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
OPEN: frozenset[Visibility] = frozenset()

_TEXT = "text/plain"
_RICH = "text/rtf"
_PDF = "application/pdf"
_MEDIA: Mapping[str, str] = {
    "47420-5": _TEXT,
    "56445-0": _TEXT,
    "11506-3": _RICH,
    "PRESC-INF": _RICH,
    "96173-0": _TEXT,
}
"""Types of documents that people here do not write as a PDF."""

CONSULTATION = "11488-4"
EMERGENCY = "15507-7"

VACCINES: Mapping[str, tuple[str, str]] = {
    "hexavalent": (
        "Diphtérie, tétanos, coqueluche, poliomyélite, Haemophilus influenzae b, hépatite B", "J07CA09",
    ),
    "pneumo_child": ("Pneumocoque (13 valences)", "J07AL02"),
    "pneumo": ("Pneumocoque (20 valences)", "J07AL02"),
    "men_b": ("Méningocoque B", "J07AH09"),
    "men_c": ("Méningocoque C", "J07AH07"),
    "men_acwy": ("Méningocoques A, C, W, Y", "J07AH08"),
    "mmr": ("Rougeole, oreillons, rubéole", "J07BD52"),
    "dtcap": ("Diphtérie, tétanos, coqueluche, poliomyélite", "J07CA02"),
    "dtp": ("Diphtérie, tétanos, poliomyélite", "J07CA01"),
    "hpv": ("Papillomavirus humains (9 valences)", "J07BM03"),
    "flu": ("Grippe saisonnière", "J07BB02"),
    "covid": ("Covid-19 (ARN messager)", "J07BN01"),
    "zoster": ("Zona (recombinant)", "J07BK03"),
}  # fmt: skip


def write(
    life: Life,
    day: date,
    by: Professional,
    type_code: str,
    title: str,
    *paragraphs: str,
    visibility: frozenset[Visibility] = OPEN,
    encounter: str = "AMB",
) -> Deposit:
    """A letter, a report, a certificate, an order: a document of level 1 of that type."""
    media = _MEDIA.get(type_code, _PDF)
    day = life.teller.on(day) if encounter == "AMB" else day
    return visits.letter(
        life.teller, life.person, day, by, type_code, title, *paragraphs,
        media=media, visibility=visibility, encounter=encounter,
    )  # fmt: skip


def see(
    life: Life, day: date, by: Professional, title: str, *paragraphs: str, visibility: frozenset[Visibility] = OPEN
) -> Deposit:
    """A consultation."""
    return write(life, day, by, CONSULTATION, title, *paragraphs, visibility=visibility)


def rush(life: Life, day: date, title: str, *paragraphs: str) -> Deposit:
    """A visit to the emergency department."""
    return write(life, day, life.team.emergency, EMERGENCY, title, *paragraphs, encounter="EMER")


def prescribe(
    life: Life, day: date, *medicines: Medicine, by: Professional | None = None, delivered: bool = False
) -> None:
    day = day if by == life.team.emergency else life.teller.on(day)
    visits.prescribed(life.teller, life.person, day, medicines, by=by, delivered=delivered)


def image(
    life: Life,
    day: date,
    done: Examination,
    *,
    by: Professional | None = None,
    asked_by: Professional | None = None,
    visibility: frozenset[Visibility] = OPEN,
) -> None:
    day = day if asked_by == life.team.emergency else life.teller.on(day)
    visits.imaged(life.teller, life.person, day, done, by=by, asked_by=asked_by, visibility=visibility)


def vaccinate(
    life: Life, day: date, vaccine: str, rank: int, *, by: Professional | None = None, booster: bool = False
) -> None:
    name, atc = VACCINES[vaccine]
    visits.vaccinated(life.teller, life.person, life.teller.on(day), name, atc, rank, by=by, booster=booster)


def stay(life: Life, day: date, nights: int, by: Professional, title: str, what: Stay) -> None:
    visits.stayed(life.teller, life.person, day, nights, by, title, what)


def order(life: Life, day: date, type_code: str, title: str, *lines: str, by: Professional | None = None) -> None:
    """An order that is not for medicines: analyses, pictures, nursing, sick leave…"""
    write(life, day, by or life.team.attending, type_code, title, *lines)
