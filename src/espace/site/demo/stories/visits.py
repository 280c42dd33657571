"""What happens at a visit, and the document that it leaves."""

from collections.abc import Mapping
from datetime import date, timedelta

from espace.kernel.words import Visibility
from espace.site.demo.people import Person
from espace.site.demo.stories.analyses import report
from espace.site.demo.stories.telling import Deposit, Teller
from espace.wire.cda_writing import (
    Chapter,
    Delivery,
    Examination,
    Frame,
    Injection,
    Medicine,
    Professional,
    Stay,
    Summary,
    biology,
    discharge,
    dispensation,
    imaging,
    pdf_letter,
    prescription,
    rtf_letter,
    synthesis,
    text_letter,
    vaccination,
)
from espace.wire.cda_writing.models import biology as biology_model
from espace.wire.cda_writing.models import discharge as discharge_model
from espace.wire.cda_writing.models import medication
from espace.wire.cda_writing.models import synthesis as synthesis_model
from espace.wire.cda_writing.models import vaccination as vaccination_model

_LETTERS = {
    "application/pdf": pdf_letter,
    "text/rtf": rtf_letter,
    "text/plain": text_letter,
}
_IMAGING = ("1.2.250.1.213.1.1.1.45",)
_OPEN: frozenset[Visibility] = frozenset()


def blood(
    teller: Teller,
    person: Person,
    day: date,
    keys: tuple[str, ...],
    values: Mapping[str, str] | None = None,
    *,
    comment: str = "",
    asked_by: Professional | None = None,
    title: str = "Analyses de sang",
) -> Frame:
    """A report of the laboratory on those analyses."""
    return analysed(teller, person, day, report(keys, values or {}, comment), asked_by=asked_by, title=title)


def analysed(
    teller: Teller,
    person: Person,
    day: date,
    chapters: tuple[Chapter, ...],
    *,
    asked_by: Professional | None = None,
    title: str,
    replaces: Frame | None = None,
    visibility: frozenset[Visibility] = _OPEN,
) -> Frame:
    """A report of the laboratory; a corrected one names the one that it replaces."""
    asking = asked_by or teller.team.attending
    frame = teller.frame(person, teller.team.biologist, day, requested_by=asking, replaces=replaces)
    content = biology(frame, chapters, title=title)
    templates = biology_model.MODEL.templates
    teller.file(person, frame, "11502-2", title, content, templates=templates, visibility=visibility)
    return frame


def prescribed(
    teller: Teller,
    person: Person,
    day: date,
    medicines: tuple[Medicine, ...],
    *,
    by: Professional | None = None,
    title: str = "Ordonnance de médicaments",
    delivered: bool = False,
) -> None:
    """A prescription and, where `delivered`, what the pharmacy handed over the day after."""
    frame = teller.frame(person, by or teller.team.attending, day)
    content = prescription(frame, medicines, title=title)
    templates = medication.PRESCRIPTION.templates
    teller.file(person, frame, "57833-6", title, content, templates=templates)
    if delivered:
        _deliver(teller, person, day, medicines, frame)


def _deliver(teller: Teller, person: Person, day: date, medicines: tuple[Medicine, ...], order: Frame) -> None:
    lots = tuple(f"{teller.chance.letter()}{teller.chance.between(1000, 9999)}" for _ in medicines)
    items = tuple(Delivery(medicine, lot) for medicine, lot in zip(medicines, lots, strict=True))
    frame = teller.frame(
        person,
        teller.team.pharmacist,
        day + timedelta(days=1),
        requested_by=order.author,
        request=order.id,
    )
    content = dispensation(frame, items)
    templates = medication.DISPENSATION.templates
    teller.file(person, frame, "60593-1", "Médicaments délivrés", content, templates=templates)


def letter(
    teller: Teller,
    person: Person,
    day: date,
    by: Professional,
    type_code: str,
    title: str,
    *paragraphs: str,
    media: str = "application/pdf",
    visibility: frozenset[Visibility] = _OPEN,
    encounter: str = "AMB",
) -> Deposit:
    """A report, a certificate, a letter: a file in a document of level 1."""
    frame = teller.frame(person, by, day, encounter=encounter)
    content = _LETTERS[media](frame, type_code, title, paragraphs)
    return teller.file(person, frame, type_code, title, content, embedded=media, visibility=visibility)


def consultation(teller: Teller, person: Person, day: date, by: Professional, title: str, *paragraphs: str) -> Deposit:
    return letter(teller, person, day, by, "11488-4", title, *paragraphs)


def imaged(
    teller: Teller,
    person: Person,
    day: date,
    done: Examination,
    *,
    by: Professional | None = None,
    asked_by: Professional | None = None,
    visibility: frozenset[Visibility] = _OPEN,
) -> Deposit:
    frame = teller.frame(person, by or teller.team.radiologist, day, requested_by=asked_by or teller.team.attending)
    content = imaging(frame, done, title=done.act.display)
    events = (done.modality, done.region)
    return teller.file(
        person,
        frame,
        "18748-4",
        done.act.display,
        content,
        templates=_IMAGING,
        visibility=visibility,
        events=events,
    )


def vaccinated(
    teller: Teller,
    person: Person,
    day: date,
    vaccine: str,
    atc: str,
    rank: int,
    *,
    by: Professional | None = None,
    booster: bool = False,
) -> Deposit:
    vaccinator = by or teller.team.nurse
    frame = teller.frame(person, vaccinator, day)
    lot = f"{teller.chance.letter()}{teller.chance.between(10000, 99999)}"
    title = f"Vaccination : {vaccine}"
    dose = Injection(vaccine, atc, frame.began.date(), lot, rank, vaccinator, booster)
    content = vaccination(frame, dose, title=title)
    return teller.file(person, frame, "87273-9", title, content, templates=vaccination_model.NOTE.templates)


def stayed(teller: Teller, person: Person, day: date, nights: int, by: Professional, title: str, stay: Stay) -> Deposit:
    """A stay in hospital of so many nights, and its letter on the way out."""
    frame = teller.frame(person, by, day, encounter="IMP", until=day + timedelta(days=nights))
    content = discharge(frame, stay, title=title)
    return teller.file(person, frame, "11490-0", title, content, templates=discharge_model.MODEL.templates)


def summed_up(teller: Teller, person: Person, day: date, summary: Summary, *, replaces: Frame | None = None) -> Frame:
    """The medical summary by the attending doctor; a later one names the one that it replaces."""
    frame = teller.frame(person, teller.team.attending, day, replaces=replaces)
    content = synthesis(frame, summary)
    teller.file(person, frame, "SYNTH", "Synthèse médicale", content, templates=synthesis_model.MODEL.templates)
    return frame
