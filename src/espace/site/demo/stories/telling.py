"""How a story is told: visits at dates counted back from today, each leaving a document ready to be filed."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha1, sha256

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.site.demo.areas import CAST_TEAM, structure_of
from espace.site.demo.making import Structure
from espace.site.demo.people import Person
from espace.site.demo.team import Team
from espace.wire.cda_writing import Frame, Professional
from espace.wire.nomenclature import CLASSES, TYPES, class_of, format_of
from espace.wire.nomenclature.formats import FORMATS
from espace.wire.xds import Author, Coded, DocumentEntry, NewDocument, PatientStatement, Submission

HEADER = "/ClinicalDocument/recordTarget/patientRole"


@dataclass(frozen=True, slots=True)
class Deposit:
    """One document of a story: whose it is, who deposits it and when, ready for `record.actions.submit`."""

    person: Person
    structure: Structure
    at: datetime
    submission: Submission

    @property
    def content(self) -> bytes:
        return bytes(self.submission.documents[0].content)

    @property
    def entry(self) -> DocumentEntry:
        return self.submission.documents[0].entry


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    """A daytime of that day in mainland France: summer time from the last Sunday of March to October's."""
    summer = _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10)
    return datetime.combine(day, time(hour, minute), timezone(timedelta(hours=2 if summer else 1)))


def working_day(day: date) -> date:
    """That day, or the Monday after a Saturday or Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


class Chance:
    """Draws that depend on the seed and on nothing else, whatever the version of Python."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        self._drawn += 1
        drawn = sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return int.from_bytes(drawn[:8]) % count

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def letter(self) -> str:
        return chr(ord("A") + self.below(26))


class Teller:
    """Tells the stories of one demonstration: same seed and same day, same documents to the byte.

    `branch` is a number of its own for a teller of one person only, so that what it tells depends on nobody else;
    `team` are those whom the person sees.
    """

    def __init__(self, seed: int, today: date, *, team: Team = CAST_TEAM, branch: str = "") -> None:
        self.chance = Chance(f"{seed}/{branch}" if branch else seed)
        self.today = today
        self.team = team
        self.told: list[Deposit] = []
        self._branch = branch
        self._counts: dict[str, int] = {}

    def day(self, months: int, days: int = 0) -> date:
        """A working day about so many months and days ago, before today; always the same for the same months."""
        shift = Chance(f"{self._branch}/{months}" if self._branch else months).below(11) - 5
        return self.on(self.today - timedelta(days=round(months * 30.44) + days + shift))

    def on(self, day: date) -> date:
        """That day if people work then, else the next; a week before today at the latest."""
        return min(working_day(day), working_day(self.today - timedelta(days=7)))

    def minor(self, person: Person) -> bool:
        born = person.patient.birth_date
        return (self.today.year - born.year) - ((self.today.month, self.today.day) < (born.month, born.day)) < 18

    def frame(
        self,
        person: Person,
        by: Professional,
        day: date,
        *,
        encounter: str = "AMB",
        until: date | None = None,
        requested_by: Professional | None = None,
        request: str = "",
        replaces: Frame | None = None,
    ) -> Frame:
        """What the next document of that professional says of itself."""
        began = paris(day, self.chance.between(8, 16), 15 * self.chance.below(4))
        ended = paris(until, 11, 30) if until else began + timedelta(minutes=20)
        unique = self._oid(structure_of(by))
        return Frame(
            id=unique,
            set_id=replaces.set_id if replaces else f"{unique}.0",
            version=replaces.version + 1 if replaces else 1,
            written=ended + timedelta(minutes=self.chance.between(5, 55)),
            patient=person.patient,
            author=by,
            performer=by,
            began=began,
            ended=ended,
            encounter=encounter,
            replaces=replaces.id if replaces else "",
            requested_by=requested_by,
            request=request,
            attending=self.team.attending if by != self.team.attending else None,
        )

    def file(
        self,
        person: Person,
        frame: Frame,
        type_code: str,
        title: str,
        content: bytes,
        *,
        templates: tuple[str, ...] = (),
        embedded: str | None = None,
        visibility: frozenset[Visibility] = frozenset(),
        events: tuple[Coded, ...] = (),
    ) -> Deposit:
        """Add the document to the story; its entry states what its header states."""
        structure = structure_of(frame.author)
        entry = _entry(frame, type_code, title, content, format_of(templates, embedded) or "")
        entry = replace(entry, visibility=visibility, event_codes=events)
        stated = _statement(frame)
        before = f"urn:oid:{frame.replaces}" if frame.replaces else None
        document = NewDocument(entry, content, (stated,), before)
        submission = Submission(
            unique_id=f"urn:oid:{self._oid(structure)}",
            source_id=structure.source_id,
            submission_time=frame.written,
            documents=(document,),
            content_type=frame.author.organisation.facility,
            title=title,
            author=_author(frame.author),
            patients=(stated,),
        )
        told = Deposit(person, structure, frame.written, submission)
        self.told.append(told)
        return told

    def _oid(self, structure: Structure) -> str:
        rank = self._counts[structure.source_id] = self._counts.get(structure.source_id, 0) + 1
        return ".".join(filter(None, (structure.source_id, f"{self.today:%Y%m%d}", self._branch, str(rank))))


def _author(who: Professional) -> Author:
    return Author(
        family=who.family,
        given=who.given,
        person_id=who.id,
        specialty=who.specialty,
        institution=who.organisation.name,
        institution_id=who.organisation.id,
    )


def _statement(frame: Frame) -> PatientStatement:
    patient = frame.patient
    return PatientStatement(
        place=HEADER,
        number=patient.ins,
        authority=patient.authority,
        birth_name=patient.birth_name,
        first_given=patient.given_names[0],
        given_names=patient.given_names,
        birth_date=patient.birth_date,
        sex=patient.sex,
        birth_place=patient.birth_place,
    )


def _entry(frame: Frame, type_code: str, title: str, content: bytes, format_code: str) -> DocumentEntry:
    known, place = TYPES[type_code], frame.performer.organisation
    how = FORMATS[format_code]
    return DocumentEntry(
        place="DocumentEntry",
        unique_id=f"urn:oid:{frame.id}",
        mime_type="text/xml",
        type=Coded(known.code, known.system, known.label_fr),
        class_=CLASSES[class_of(type_code) or ""],
        format=Coded(how.code, how.system, how.label_fr),
        title=title,
        language="fr-FR",
        creation_time=frame.written,
        service_start=frame.began,
        service_stop=frame.ended,
        authors=(_author(frame.author),),
        legal_authenticator=_author(frame.author),
        facility_type=place.facility,
        practice_setting=place.setting,
        hash=b64encode(sha1(content, usedforsecurity=False).digest()).decode(),
        size=len(content),
        set_id=frame.set_id,
        version=str(frame.version),
        custodian_id=frame.custodian.id,
    )
