"""Vaccination note (VAC-NOTE 2023.01) and vaccination history (VAC 2023.01)."""

from espace.wire.cda_writing.entries.vaccines import SITE, Injection, vaccinated
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.narrative import Mark, Section, Table, Text, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import to_bytes

NOTE = Model(
    loinc("87273-9", "Note de vaccination"),
    "Note de vaccination",
    ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2", "1.2.250.1.213.1.1.1.46"),
    loinc("87273-9", "Note de vaccination"),
)
HISTORY = Model(
    loinc("11369-6", "Historique des vaccinations"),
    "Historique des vaccinations",
    ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2", "1.2.250.1.213.1.1.1.37"),
    loinc("11369-6", "Historique des vaccinations"),
)
_TEMPLATES = (
    "2.16.840.1.113883.10.20.1.6",
    "1.3.6.1.4.1.19376.1.5.3.1.3.23",
    "1.2.250.1.213.1.1.2.147",
)
_HEAD = ("Date", "Vaccin", "Lot", "Rang", "Voie", "Endroit", "Vaccinateur")


def _row(injection: Injection, mark: str) -> tuple[Text, ...]:
    return (
        f"{injection.on:%d/%m/%Y}",
        Mark(injection.vaccine, mark),
        injection.lot,
        f"{injection.rank}{' (rappel)' * injection.booster}",
        injection.route.display,
        Mark(SITE, f"{mark}-site"),
        injection.by.name,
    )


def _write(frame: Frame, model: Model, injections: tuple[Injection, ...], title: str) -> bytes:
    named = tuple((f"vaccin-{rank}", injection) for rank, injection in enumerate(injections))
    section = Section(
        loinc("11369-6", "Historique des vaccinations"),
        model.title,
        _TEMPLATES,
        (Table(_HEAD, tuple(_row(injection, mark) for mark, injection in named)),),
        tuple(vaccinated(frame.id, mark, injection) for mark, injection in named),
    )
    return to_bytes(document(frame, model, structured_body(frame.id, (section,)), title=title))


def vaccination(frame: Frame, injection: Injection, *, title: str = "") -> bytes:
    """The note of one dose."""
    return _write(frame, NOTE, (injection,), title)


def vaccination_history(frame: Frame, injections: tuple[Injection, ...], *, title: str = "") -> bytes:
    """The doses received, in the order given."""
    return _write(frame, HISTORY, injections, title)
