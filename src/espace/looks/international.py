"""The International Patient Summary in the words that people read, in the language of the moment: the same lines make
the page and the narrative of the FHIR document. What no list of ours translates stays in French, and says so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.clinical.facts import Detail, Fact, Origin
from espace.clinical.rules import international as ips
from espace.clinical.rules.english import known_name
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.international import Chosen, International, Part
from espace.clinical.rules.marking import OUT, mark_of, range_of
from espace.clinical.rules.merging import Item, said_at
from espace.clinical.rules.naming import full_name
from espace.clinical.rules.summary import Treatment, measured_at, of_strength
from espace.identity.facts import Person
from espace.kernel.values import replace
from espace.looks.cards import Address
from espace.looks.health import CLASHES, Shown, taken_words
from espace.looks.health_words import MARKS, dosage_words, expected_words, moment_words, month_of, value_words
from espace.looks.words import amid, bound, english, full_date, local_day, said, short_date
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.nomenclature.systems import ATC, ICD_10, LOINC, SNOMED_CT

FRENCH = "fr"
LANGUAGES = (FRENCH, "en")
ORIGINS: Mapping[Origin, str] = {
    Origin.EXTRACTED: gettext_noop("Document d’un professionnel"),
    Origin.STATED: gettext_noop("Déclaré par le patient"),
    Origin.REIMBURSED: gettext_noop("Remboursements"),
}
_SYSTEMS = {ATC.oid: "ATC", SNOMED_CT.oid: "SNOMED CT", LOINC.oid: "LOINC"}
"""Codes that are read in other countries too; CIM-10 has another name there."""
_DETAILS: Mapping[Part, tuple[Detail, ...]] = {
    ips.ALLERGIES: (Detail.REACTION, Detail.SEVERITY, Detail.CRITICALITY),
    ips.PROBLEMS: (Detail.LATERALITY, Detail.SEVERITY, Detail.CERTAINTY),
    ips.PAST: (Detail.LATERALITY, Detail.SEVERITY),
    ips.PROCEDURES: (Detail.SITE, Detail.LATERALITY),
    ips.VACCINATIONS: (Detail.TARGET,),
    ips.FAMILY: (Detail.RELATIVE,),
    ips.MEDICINES: (Detail.SUBSTANCE,),
}
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?(T.*)?", re.ASCII)
"""A moment that is a value: of an observation whose answer is a day."""
_PRODUCTS = frozenset({ips.MEDICINES, ips.VACCINATIONS})
"""Whose details are names, with capitals of their own."""
_COMMENTED = frozenset({ips.ALLERGIES, ips.PLAN, ips.WISHES})
_SINCE = frozenset({ips.ALLERGIES, ips.PROBLEMS, ips.DEVICES})


@dataclass(frozen=True, slots=True)
class Worded:
    """Words, and their language where it is not that of what is around them."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. `code` is one that other countries know; `kind` and `date` are those of its newest source, to which
    `path` leads ("" for what the patient states)."""

    name: Worded
    code: str
    said: tuple[Worded, ...]
    when: str
    marks: tuple[str, ...]
    kind: str
    date: str
    path: str


@dataclass(frozen=True, slots=True)
class Written:
    """A section: `nothing` is what stands in the place of lines where there are none."""

    part: Part
    title: str
    lines: tuple[Line, ...]
    nothing: str
    warning: str
    left: str


def written(found: International, address: Address) -> tuple[Written, ...]:
    """Every section, in the language that is active."""
    disputed = gettext("Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a.")
    return tuple(
        Written(
            part=one.part,
            title=said(one.part.title),
            lines=tuple(_lines(one, Shown(address))),
            nothing="" if one.items or one.denied else gettext("Aucune information disponible."),
            warning=disputed if found.disputed and one.part is ips.ALLERGIES else "",
            left=gettext("Et %(count)s autres, qui ne sont pas repris ici.") % {"count": one.left} if one.left else "",
        )
        for one in found.chosen
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole of it, to be handed over in the language `lang`; every text is ready to be read, in that language."""

    lang: str
    name: str
    born: str
    sex: str
    day: str
    parts: tuple[Written, ...]


def sheet(found: International, person: Person, at: datetime, address: Address, lang: str) -> Sheet:
    with translation.override(lang):
        return Sheet(
            lang=lang,
            name=person.name,
            born=short_date(person.traits.birth_date),
            sex=gettext("Femme") if person.traits.sex == "F" else gettext("Homme"),
            day=full_date(local_day(at)),
            parts=written(found, address),
        )


def chosen_language(asked: str) -> str:
    """The one asked for, else that of the page."""
    return asked if asked in LANGUAGES else LANGUAGES[english()]


def not_quoted(count: int) -> str:
    """What whoever makes it is told of what it leaves out; "" for nothing."""
    said = ngettext(
        "%(count)s information n’est pas reprise : son document n’est pas lisible par tous les soignants.",
        "%(count)s informations ne sont pas reprises : leurs documents ne sont pas lisibles par tous les soignants.",
        count,
    )
    return said % {"count": count} if count else ""


def as_text(line: Line) -> str:
    """The whole of a line, for a narrative."""
    name = f"{line.name.text} ({line.code})" if line.code else line.name.text
    parts = (name, *(one.text for one in line.said), line.when, *map(amid, line.marks))
    return f"{', '.join(filter(None, parts))} – {', '.join(filter(None, (line.kind, line.date)))}"


def _lines(chosen: Chosen, shown: Shown) -> Iterator[Line]:
    yield from (_line(chosen.part, item, shown, _taken(chosen, place)) for place, item in enumerate(chosen.items))
    yield from (_denied(item, shown) for item in chosen.denied)


def _taken(chosen: Chosen, place: int) -> Treatment | None:
    return chosen.treatments[place] if chosen.treatments else None


def _line(part: Part, item: Item, shown: Shown, treatment: Treatment | None = None) -> Line:
    fact = item.fact
    words = (*_details(part, fact), *_values(part, fact), *_dosage(treatment), *_notes(part, fact))
    return _sourced(
        item,
        shown,
        name=worded(fact.what),
        said=tuple(one for one in words if one.text),
        when=taken_words(shown.treatment(treatment)) if treatment else _when(part, item, shown),
        marks=(*_marks(part, fact, treatment), *(gettext(CLASHES[clash]) for clash in item.clashes)),
    )


def _denied(item: Item, shown: Shown) -> Line:
    """What is said not to be there: « Aucune allergie connue », « Iode, dit absent »."""
    marks = () if none_known(item.fact.what) else (gettext("Dit absent"),)
    return _sourced(item, shown, name=worded(item.fact.what), said=(), when="", marks=marks)


def _sourced(
    item: Item, shown: Shown, *, name: Worded, said: tuple[Worded, ...], when: str, marks: tuple[str, ...]
) -> Line:
    newest = item.sources[0]
    return Line(
        name=name,
        code=_code(item),
        said=said,
        when=when,
        marks=marks,
        kind=gettext(ORIGINS[newest.origin]),
        date=moment_words(said_at(newest)),
        path=shown.source(newest).path,
    )


def worded(what: Concept) -> Worded:
    """A notion in the language of the page, where a list of ours has it there; else as its document calls it."""
    known = known_name(what)
    if english():
        return Worded(known.en) if known else Worded(bound(full_name(what)), FRENCH)
    return Worded(known.fr if known and not (what.display or what.words) else bound(full_name(what)))


def _as_written(text: str) -> Worded:
    """What somebody wrote in their own words, without its full stop: more is said after it."""
    return Worded(bound(text.rstrip(" .")), FRENCH if english() else "")


def _code(item: Item) -> str:
    """« ATC A10BA02 », « CIM-10 E11 », “ICD-10 E11”: the first that other countries read; "" for none."""
    names = {**_SYSTEMS, ICD_10.oid: gettext("CIM-10")}
    codes = (code for one in item.sources for code in _codes(one.fact))
    return next((f"{names[system]} {code}" for system, code in codes if system in names and code), "")


def _codes(fact: Fact) -> Iterator[tuple[str, str]]:
    """Its own, then those of its substances and classes."""
    yield fact.what.system, fact.what.code
    yield from ((one.system, one.code) for one in fact.what.others)
    yield from ((one.system, one.code) for one in fact.details.get(Detail.SUBSTANCE, ()))


def _details(part: Part, fact: Fact) -> Iterator[Worded]:
    """Once each: what names the product again says nothing more."""
    told = dict.fromkeys(worded(one) for detail in _DETAILS.get(part, ()) for one in fact.details.get(detail, ()))
    kept = (one for one in told if one.text and one != worded(fact.what))
    yield from kept if part in _PRODUCTS else map(_amid, kept)
    if part is ips.VACCINATIONS:
        yield from map(_dose, fact.details.get(Detail.DOSE_NUMBER, ()))
        if fact.lot:
            yield Worded(gettext("lot %(number)s") % {"number": fact.lot})


def _amid(words: Worded) -> Worded:
    return replace(words, text=amid(words.text))


def _dose(number: Concept) -> Worded:
    text = number.display or number.words or number.code
    return Worded(gettext("dose %(number)s") % {"number": text}) if text.isdigit() else worded(number)


def _values(part: Part, fact: Fact) -> Iterator[Worded]:
    if fact.value is not None and part is not ips.FAMILY:
        yield _value(fact.value)
    expected = range_of(fact) if part in ips.MEASURED else None
    if expected and expected.value and expected.value.interval:
        limits = expected_words(expected.value.interval, fact.value)
        yield Worded(gettext("attendu : %(limits)s") % {"limits": limits})


def _value(value: Value) -> Worded:
    if value.concept and not value.quantity and not value.interval:
        return worded(value.concept)
    if moment := moment_words(value.words) if _DAY.fullmatch(value.words) else "":
        return Worded(moment)
    own_words = value.words and not value.quantity and not value.interval and value.truth is None
    return _as_written(value.words) if own_words else Worded(value_words(value))


def _dosage(treatment: Treatment | None) -> Iterator[Worded]:
    for fact in of_strength(treatment.fact, treatment.items) if treatment else ():
        dosage = fact.dosage
        if found := dosage_words(dosage):
            yield _as_written(found) if dosage and dosage.words else Worded(found)
            return


def _notes(part: Part, fact: Fact) -> Iterator[Worded]:
    if part in _COMMENTED and fact.comment.strip():
        yield _as_written(fact.comment.strip())


def _when(part: Part, item: Item, shown: Shown) -> str:
    if part in ips.MEASURED:
        return moment_words(measured_at(item.sources[0]))
    if part in _SINCE:
        start = month_of(item.start)
        return gettext("depuis %(date)s") % {"date": start} if start else ""
    if part is ips.LIFESTYLE:
        return shown.lifestyle(item).when
    return shown.past(item).when


def _marks(part: Part, fact: Fact, treatment: Treatment | None) -> Iterator[str]:
    if part in ips.MEASURED and (mark := mark_of(fact)) in OUT:
        yield gettext(MARKS[mark])
    if treatment and treatment.stop:
        yield gettext("Dit arrêté dans un document plus récent")
