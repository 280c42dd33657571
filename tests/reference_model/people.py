"""The cast of the enumeration: every relation that somebody may have with a record, once; and their real selves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.test import Client

import cast
from cast import Holder, caring, organisation, professional
from door import FEED as _FEED
from door import feeder_token, holder_token, professional_token
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause, How
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb
from portal.helpers import Member, member, signed_in
from reference_model.addresses import HOLDER, NOBODY, ORGANISATION, PROFESSIONAL
from reference_model.facts import (
    ADVISER,
    CARER,
    DECLINED,
    ENDED,
    GUARDIAN,
    IN_FORCE,
    LAPSED,
    NONE,
    OVER,
    PARENT,
    UNANSWERED,
    WAITING,
    Person,
)
from workstation.desk import Desk

SCOPE = "user/DocumentReference.cruds user/Binary.r user/List.rs user/AllergyIntolerance.rs user/Composition.rs"
FEEDER_SCOPE = f"{_FEED} system/DocumentReference.cuds"


def _doctor(name: str, **links: object) -> Person:
    return replace(Person(name, PROFESSIONAL, profession="10"), **links)  # type: ignore[arg-type]


PEOPLE: tuple[Person, ...] = (
    Person("nobody", NOBODY),
    Person("holder", HOLDER, own=True),
    Person("other_holder", HOLDER),
    Person("hospital", ORGANISATION),
    Person("laboratory", ORGANISATION),
    _doctor("stranger"),
    _doctor("agreed", consent=IN_FORCE),
    _doctor("lapsed", consent=LAPSED),
    _doctor("blocked", blocked=True),
    _doctor("attending", attending=True),
    _doctor("nurse", profession="60", consent=IN_FORCE),
    _doctor("dentist", profession="40", consent=IN_FORCE),
    _doctor("social_worker", profession="41", consent=IN_FORCE),
    _doctor("social_stranger", profession="41"),
    _doctor("emergency", emergency=IN_FORCE),
    _doctor("emergency_nurse", profession="60", emergency=IN_FORCE),
    _doctor("emergency_agreed", emergency=IN_FORCE, consent=IN_FORCE),
    _doctor("emergency_lapsed", emergency=LAPSED),
    _doctor("emergency_blocked", emergency=IN_FORCE, blocked=True),
    _doctor("regulator", call=IN_FORCE, regulates=True),
    _doctor("regulator_blocked", call=IN_FORCE, regulates=True, blocked=True),
    _doctor("regulator_lapsed", call=LAPSED, regulates=True),
    _doctor("regulator_idle", regulates=True),
    _doctor("off_duty", call=IN_FORCE),
    _doctor("author", consent=IN_FORCE),
    _doctor("author_nurse", profession="60", consent=IN_FORCE),
    _doctor("author_stranger"),
    _doctor("author_blocked", blocked=True),
    _doctor("depositor"),
    _doctor("administrator", profession="60", administrator=True),
    _doctor("team", team=IN_FORCE, among=True),
    _doctor("team_nurse", profession="60", team=IN_FORCE),
    _doctor("team_lapsed", team=LAPSED),
    _doctor("sworn", secret=IN_FORCE),
    _doctor("sworn_lapsed", secret=LAPSED),
    _doctor("frozen", consent=IN_FORCE, frozen=True),
)
BY_NAME = {one.name: one for one in PEOPLE}


def _helper(name: str, helps: str, help: str = IN_FORCE, *, acts: bool = True) -> Person:
    return Person(name, HOLDER, helps=helps, help=help, acts=acts)


HELPERS: dict[str, Person] = {
    one.name: one
    for one in (
        _helper("parent", PARENT),
        _helper("parent_waiting", PARENT, WAITING),
        _helper("parent_of_age", PARENT, OVER),
        _helper("guardian", GUARDIAN),
        _helper("guardian_reads", GUARDIAN, acts=False),
        _helper("guardian_waiting", GUARDIAN, WAITING),
        _helper("guardian_declined", GUARDIAN, DECLINED),
        _helper("guardian_silent", GUARDIAN, UNANSWERED),
        _helper("guardian_over", GUARDIAN, OVER),
        _helper("carer", CARER),
        _helper("carer_reads", CARER, acts=False),
        _helper("carer_ended", CARER, ENDED),
        _helper("adviser_over", ADVISER, OVER),
        _helper("adviser", ADVISER),
    )
}
"""Whoever helps, by every right and in every state of it. They are other people in each world: nobody cares for more
than five."""
PROFESSIONALS = tuple(one for one in PEOPLE if one.kind == PROFESSIONAL)


@dataclass
class Cast:
    """The real people: the same professionals and organisations whatever the world, one other holder."""

    def __post_init__(self) -> None:
        self.professionals: dict[str, Professional] = {
            one.name: professional(f"Nom{one.name}".replace("_", ""), profession=one.profession)
            for one in PROFESSIONALS
        }
        self.organisations: dict[str, Organisation] = {
            "hospital": organisation("Hôpital des Remparts"),
            "laboratory": organisation("Laboratoire du Quai", source_id="1.2.250.1.999.3.1"),
        }
        self.other: Member = member()
        self.frozen = False
        self.desks = {one.name: Desk(self.professionals[one.name], regulates=one.regulates) for one in PROFESSIONALS}
        self.tokens = {
            **{name: professional_token(who, scope=SCOPE) for name, who in self.professionals.items()},
            **{name: feeder_token(who, scope=FEEDER_SCOPE) for name, who in self.organisations.items()},
            "other_holder": holder_token(self.other.of.patient),
            "nobody": "",
        }

    @cached_property
    def nobody(self) -> Client:
        return Client()

    @cached_property
    def other_browser(self) -> Client:
        return signed_in(self.other)

    def freeze(self) -> None:
        """The account that looked up too many people within the hour."""
        if self.frozen:
            return
        self.frozen = True
        who = caring(self.professionals["frozen"])
        for number in range(60):
            gate.spend(who, name=f"somebody {number}", at=edge.now())


def link(of: Holder, crew: Cast, who: Person) -> None:
    """What links this person to this record, each relation made through the gate, at the time that it needs."""
    if who.frozen and crew.frozen:
        return  # a frozen account records no consent, and is refused before anybody looks whether it has one
    real = crew.professionals[who.name]
    now = edge.now()
    if who.secret != NONE and (now.date() - of.traits.birth_date).days > _OF_AGE:
        return  # nobody agrees to the secret care of somebody of age
    for wanted, make in _LINKS:
        if wanted(who):
            make(of, real, now)


def _declares(of: Holder, who: Professional, at: datetime, cause: Cause) -> None:
    call = cause is Cause.CALL
    actor = replace(caring(who), regulates=call)
    purpose = Purpose.DISPATCH if call else Purpose.BREAK_GLASS
    with gate.open_record(actor=actor, patient=of.patient, purpose=purpose, verb=Verb.BREAK_GLASS, at=at) as grant:
        access.break_glass(grant, cause=cause, words="Trouvée sans connaissance")


def _in_secret(of: Holder, who: Professional, at: datetime, until: datetime) -> None:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=at, secret=True
    ) as grant:
        access.record_secret_consent(grant, how=How.ORAL, until=until)


_HOUR, _LONG = timedelta(hours=1), timedelta(hours=30)
_OF_AGE = 18 * 366
_Link = Callable[[Holder, Professional, datetime], None]
_LINKS: tuple[tuple[Callable[[Person], bool], _Link], ...] = (
    (lambda who: who.consent == LAPSED, lambda of, who, now: cast.consents(of, who, at=now - _LONG)),
    (
        lambda who: who.consent == IN_FORCE,
        lambda of, who, now: cast.consents(of, who, at=now - 2 * _HOUR, until=now + _LONG),
    ),
    (lambda who: who.secret == LAPSED, lambda of, who, now: _in_secret(of, who, now - _LONG, now - _HOUR)),
    (lambda who: who.secret == IN_FORCE, lambda of, who, now: _in_secret(of, who, now - _HOUR, now + _LONG)),
    (lambda who: who.team == LAPSED, lambda of, who, now: cast.begins_team(of, who, at=now - _LONG, until=now - _HOUR)),
    (lambda who: who.team == IN_FORCE, lambda of, who, now: cast.begins_team(of, who, at=now - 2 * _HOUR)),
    (lambda who: who.administrator, lambda of, who, now: cast.names_administrator(of, who, at=now - 2 * _HOUR)),
    (lambda who: who.attending, lambda of, who, now: cast.names_doctor(of, who, at=now - 2 * _HOUR)),
    (lambda who: who.emergency == LAPSED, lambda of, who, now: _declares(of, who, now - _LONG, Cause.UNCONSCIOUS)),
    (
        lambda who: who.emergency == IN_FORCE,
        lambda of, who, now: _declares(of, who, now - 2 * _HOUR, Cause.UNCONSCIOUS),
    ),
    (
        lambda who: who.blocked,
        lambda of, who, now: cast.blocks(of, who, at=now - timedelta(minutes=90)),
    ),
    (lambda who: who.call == LAPSED, lambda of, who, now: _declares(of, who, now - _LONG, Cause.CALL)),
    (lambda who: who.call == IN_FORCE, lambda of, who, now: _declares(of, who, now - 2 * _HOUR, Cause.CALL)),
)
"""Who was blocked was so after the emergency that they declared, and before the call that they handle."""
