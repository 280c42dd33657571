"""What Camille and Monique state of their own health as the demonstration begins, and how Léo grows."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import partial

from espace import edge
from espace.access import gate
from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Section, Target
from espace.clinical.queries.profile import profile
from espace.kernel.ids import PatientId
from espace.kernel.words import Grant, Purpose, Verb
from espace.site.demo.people import CAMILLE, LEO, MONIQUE, Person
from espace.site.demo.relations import holder_of
from espace.site.demo.stories.telling import paris

Typed = tuple[Section, Mapping[str, str]]

_STATED: tuple[tuple[Person, tuple[Typed, ...]], ...] = (
    (
        CAMILLE,
        (
            (Section.ALLERGIES, {"name": "Pollens de bouleau", "kind": "EINT", "reaction": "Rhume", "severity": "L"}),
            (Section.PROBLEMS, {"name": "Migraines", "since": "2008", "comment": "Surtout en période de fatigue."}),
            (Section.TREATMENTS, {"name": "Ibuprofène 400 mg", "dosage": "Un comprimé en cas de migraine"}),
            (Section.FAMILY, {"name": "Diabète de type 2", "relative": "FTH", "age": "58"}),
            (Section.LIFESTYLE, {"part": "activity", "answer": "Natation une fois par semaine."}),
            (Section.LIFESTYLE, {"part": "tobacco", "answer": "Non fumeuse."}),
            (Section.BLOOD, {"group": "A+"}),
            (Section.CONTACTS, {"name": "Monique Le Bihan", "role": "trusted"}),
            (Section.WISHES, {"kind": "organs"}),
        ),
    ),
    (
        MONIQUE,
        (
            (Section.CONTACTS, {"name": "Camille Marchand", "role": "emergency"}),
            (Section.HANDICAPS, {"kind": "hearing", "help": "no", "comment": "Parler en face, sans crier."}),
        ),
    ),
    (LEO, ()),
)
_WEIGHTS = ((720, "66"), (540, "65,5"), (360, "64"), (180, "63,5"), (30, "63"))
"""How many days ago, in kilograms."""
_GROWN = ((2400, "29", "133"), (1600, "36", "145"), (870, "41", "152"), (500, "46,5", "159"), (120, "52", "166"))
"""How many days ago, in kilograms and centimetres: the examination of 11 to 13 years among them."""
_PRESSURES = ((200, "142", "84"), (120, "138", "80"), (20, "134", "78"))
_MEASURES: Mapping[str, tuple[tuple[int, tuple[Mapping[str, str], ...]], ...]] = {
    CAMILLE.slug: tuple((days, ({"measure": "weight", "value": value},)) for days, value in _WEIGHTS),
    MONIQUE.slug: tuple(
        (days, ({"measure": "pressure", "value": high, "second": low},)) for days, high, low in _PRESSURES
    ),
    LEO.slug: tuple(
        (days, ({"measure": "weight", "value": weight}, {"measure": "height", "value": height}))
        for days, weight, height in _GROWN
    ),
}
"""Of whom, how many days ago, what."""


def state_profiles(today: date, patients: Mapping[str, PatientId]) -> None:
    """As the holders write it, one evening; of whom something is stated already, nothing more is."""
    at = paris(today - timedelta(days=15), 19)
    for person, stated in _STATED:
        patient = patients[person.slug]
        gate.run_again(partial(_state, at, patient, (*stated, *_measured(person, today))))
    gate.run_again(partial(_wish, at, patients[CAMILLE.slug]))


def _measured(person: Person, today: date) -> Iterator[Typed]:
    """Camille weighs herself, Monique measures her blood pressure, Léo is weighed and measured."""
    for days, values in _MEASURES[person.slug]:
        day = (today - timedelta(days=days)).isoformat()
        yield from ((Section.MEASURES, {**one, "day": day}) for one in values)


def _state(at: datetime, patient: PatientId, stated: tuple[Typed, ...]) -> None:
    with edge.clock_at(at), _open(at, patient) as grant:
        if profile(grant).items:
            return
        for section, typed in stated:
            actions.state(grant, section=section, typed=typed)


def _open(at: datetime, patient: PatientId) -> AbstractContextManager[Grant]:
    return gate.open_record(
        actor=holder_of(patient), patient=patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=at, channel="demo"
    )


def _wish(at: datetime, patient: PatientId) -> None:
    with edge.clock_at(at), _open(at, patient) as grant:
        actions.set_target(grant, measure="weight", target=Target("60", "64"))
        actions.say_unconcerned(grant, section=Section.HANDICAPS, on=True)
