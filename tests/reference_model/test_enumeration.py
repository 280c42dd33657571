"""Every operation of every door, as everybody, in every state of a space, about every kind of document: the platform
answers what the independent model says, and nothing that may not be known is in any answer."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import connection

from espace.catalogue.facts import FACTS
from espace.enrolment.facts import State
from espace.exchange.urls import ROUTES as FHIR
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.words import ActorKind, Verb, Visibility
from espace.portal.urls import ROUTES as PORTAL
from espace.workstation.urls import ROUTES as WORKSTATION
from reference_model.acting import after, arriving
from reference_model.addresses import DOORS, HOLDER, NOBODY, ORGANISATION, PROFESSIONAL, Operation
from reference_model.comparing import differences, knows_of, stored
from reference_model.facts import ADVISER, IN_FORCE, LAPSED, NONE, PARENT, STATES, VISIBILITIES, Document, Person, World
from reference_model.model import answer
from reference_model.people import BY_NAME, HELPERS, PEOPLE, PROFESSIONALS, Cast
from reference_model.worlds import DOCUMENTS, FEW, OF_A_MINOR, Real, build

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return Cast()


SWITCHES = (
    World("no_emergencies", "activated", emergencies=False),
    World("no_calls", "activated", calls=False),
    World("masked_in_emergency", "activated", masked_in_emergency=True),
    World("minor", "activated"),
)
CLOSED_TO = ("nobody", "holder", "other_holder", "hospital", "agreed", "blocked", "regulator", "author", "frozen")
"""Enough where the state of the space refuses before anything else is looked at."""
IN_EMERGENCY = tuple(
    one.name for one in PEOPLE if {one.emergency, one.call} != {NONE} or one.regulates or one.profession == "41"
)
DECIDED_ABOUT = ("stranger", "team", "agreed", "attending", "nurse", "blocked")
"""Of whom the holder decides."""
IN_BRIEF = (*(one.name for one in OF_A_MINOR), "plain", "masked_by_holder", "held", "written", "own_removed")
"""For what is not the reading of a document, and for people to whom every document is alike."""


def people_of(name: str) -> tuple[str, ...]:
    """Everybody asks in the world that has everything; in the others, those to whom it makes a difference."""
    if name == "full":
        return tuple(name for name, one in BY_NAME.items() if one.secret == NONE)
    if name in STATES:
        return CLOSED_TO if name in ("opposed", "suspended") else ("holder", "hospital", "agreed")
    if name == "minor":
        return ("holder", "other_holder", "agreed", "attending", "sworn", "sworn_lapsed")
    return ("agreed", "author", *IN_EMERGENCY)


HELPERS_IN = {
    "full": tuple(name for name, one in HELPERS.items() if name == "parent_of_age" or one.helps != PARENT),
    "minor": ("parent", "parent_waiting", "carer"),
    "opposed": ("guardian",),
    "suspended": ("carer",),
}
"""Parents help minors, guardians adults; and what a state refuses is refused to all."""
HELPED_ABOUT = ("carer", "guardian", "parent", "guardian_waiting")

WORLDS = ("full", *STATES, *(one.name for one in SWITCHES))
CLOSED = tuple(name for name, (_, read) in STATES.items() if read)
"""States in which a space opens to nobody: eight."""
AT_LENGTH = frozenset(
    {
        *("GET reading", "GET mask", "POST mask", "GET remove", "POST remove", "GET pro_reading"),
        *("GET /fhir/DocumentReference/{id}", "PATCH /fhir/DocumentReference/{id}", "GET /fhir/List/{id}"),
    }
)
"""Operations asked about every document; the others share their way, and are asked about a few."""


def questions(real: Real, who: Person) -> Iterator[tuple[str, str, str]]:
    """Every operation that changes nothing, or that is refused, about everything that it may be about."""
    for door, operations in DOORS.items():
        if not _comes_to(real, who, door):
            continue
        for name, operation in operations.items():
            if not _meaningful(real.model.name, who, door, name):
                continue
            for about in _abouts(real, operation, name, who):
                changes = name.startswith(("POST", "DELETE")) and not _only_asks(door, name)
                allowed = answer(real.model, who, door, name, about).status < 400 and who.kind in operation.opens
                if not (changes and allowed):
                    yield door, name, about


def drawn(who: Person, door: str, name: str, about: str, *, closed: int = 0) -> bool:
    """Lists and searches, always; of what names one thing, an eighth, drawn once and for all: ten thousand questions
    take minutes. And an eighth of the pages of a space that opens to nobody who helps, of those that its holder and
    whoever is signed out ask for there (`closed` is the number of that world: over the eight, its holder asks for each
    of them), and of a digital adviser's; one in thirty-two of those of whoever helps by reading only, or whose help is
    not in force. All of them with ESPACE_EVERY_QUESTION=1."""
    shut = door == "helping" and (who.help != IN_FORCE or not who.acts)
    alike = door == "helping" and (shut or closed > 0 or who.helps == ADVISER)
    refused = door == "portal" and closed > 0
    if not (about or alike or refused) or os.environ.get("ESPACE_EVERY_QUESTION") == "1":
        return True
    turn = closed if refused and not about else 0
    return (crc32(f"{who.name} {door} {name} {about}".encode()) + turn) % (32 if shut else 8) == 0


def _comes_to(real: Real, who: Person, door: str) -> bool:
    """Software of an organisation has no page; a professional at the holders' pages is somebody signed out, and the
    other way round. Whoever helps has two doors: the pages, and that of FHIR, where they are another holder."""
    if who.helps:
        return door == "helping" or (door == "mhd" and who.name in ("parent", "carer"))
    if door == "helping":
        return who.name in ("nobody", "other_holder") and real.model.name in ("full", "minor")
    if door == "portal":
        return who.kind in (HOLDER, NOBODY)
    return door == "mhd" or who.kind in (PROFESSIONAL, NOBODY) or who.own


def _meaningful(world: str, who: Person, door: str, name: str) -> bool:
    """Somebody else's portal has no address of this record but those that name something in it; a call is declared
    by those alone to whom the form offers it."""
    about = DOORS[door][name].about
    if DOORS[door][name].secret and (world not in _WITH_SECRETS or who.name not in IN_SECRET):
        return False
    if world in _SWITCHED and not (DOORS[door][name].lists or name in _IN_EMERGENCY):
        return False
    if door == "portal" and who.kind == HOLDER and not who.own:
        return about in ("document", "folder", "own", "team", "topic")
    return not name.endswith(" call") or who.regulates


IN_SECRET = (*CLOSED_TO, "attending", "sworn", "sworn_lapsed")
_WITH_SECRETS = frozenset({"minor", "full", "suspended"})
"""Worlds in which secret care is asked for: of a minor, of somebody of age, and where the space alone refuses."""
_SWITCHED = frozenset({"no_emergencies", "no_calls", "masked_in_emergency"})
_IN_EMERGENCY = frozenset(
    {
        *("GET pro_reading", "GET pro_consent", "GET pro_emergency", "POST pro_emergency", "POST pro_emergency call"),
        *("GET /fhir/DocumentReference/{id}", "GET /fhir/Patient", "GET /fhir/Patient/{id}", "POST pro_home"),
    }
)
"""What a switch may change, besides lists."""


def _only_asks(door: str, name: str) -> bool:
    return "_search" in name or name in _ASKS


_ASKING = ("documents", "fill_topic", "hide_choose", "professionals", "pro_home", "pro_patient", "pro_team")
_ASKS = tuple(f"POST {page}" for page in _ASKING)


def _abouts(real: Real, operation: Operation, name: str, who: Person) -> tuple[str, ...]:
    """What the address names, in turn."""
    names, every = tuple(real.model.documents), real.model.documents
    if _alike(real, who) or name not in AT_LENGTH:
        few = IN_BRIEF if real.model.name not in STATES else ("plain", "held")
        names = tuple(one for one in names if one in few or who.name in (every[one].author, every[one].by))
    if who.kind == ORGANISATION and name not in AT_LENGTH:
        names = tuple(one for one in names if one in IN_BRIEF)
    if operation.about in ("document", "own"):
        return (*names, "absent")
    if operation.about == "set":
        return (*dict.fromkeys(real.model.documents[one].set or one for one in names), "pair", "absent")
    if operation.about == "professional":
        return (*DECIDED_ABOUT, "absent")
    if operation.about == "helper":
        return (*(one for one in HELPED_ABOUT if one in real.helpers), "absent")
    if operation.about in ("folder", "topic") and who.helps and real.model.name == "minor":
        return (f"secret {operation.about}", "absent")  # the minor made it: to who stands for them there is none
    return (operation.about, "absent") if operation.about in ("folder", "team", "topic") else ("",)


def _alike(real: Real, who: Person) -> bool:
    """Whether the record stays closed to them, whatever the document: those that they wrote are asked for all the
    same."""
    may_come = who.kind == PROFESSIONAL or bool(who.helps)
    return who.name in ("nobody", "other_holder", "laboratory") or (may_come and not knows_of(real, who))


@pytest.mark.parametrize("name", WORLDS)
def test_the_doors_answer_what_the_model_says(crew: Cast, name: str) -> None:
    model = {"full": World("full", "activated"), **{one.name: one for one in SWITCHES}}.get(name, World(name, name))
    documents = {"full": DOCUMENTS, "minor": (*FEW, *OF_A_MINOR)}.get(name, FEW)
    helpers = HELPERS_IN.get(name, ())
    real = build(model, documents, crew, {*people_of(name), *DECIDED_ABOUT, *helpers})
    crew.freeze()
    before = stored(real.of.patient)
    people = [*(BY_NAME[one] for one in people_of(name)), *(HELPERS[one] for one in helpers)]
    closed = CLOSED.index(name) + 1 if name in CLOSED else 0
    every = [(who, *question) for who in people for question in questions(real, who)]
    asked = [question for question in every if drawn(*question, closed=closed)]
    found = [one for question in asked for one in differences(real, *question)]
    assert not found, f"{len(found)} differences of {len(asked)}:\n" + "\n".join(found)
    assert stored(real.of.patient) == before


ACTS: tuple[tuple[str, str, str, str], ...] = (
    *(("holder", "portal", f"POST {act}", "") for act in ("add", "folders", "notifications", "emergencies")),
    *(("holder", "portal", f"POST {act}", "own") for act in ("describe", "choose", "arrange", "mask", "remove")),
    ("holder", "portal", "POST restore", "own"),
    ("holder", "portal", "POST rename_folder", "folder"),
    ("holder", "portal", "POST restore", "own_removed"),
    *(("holder", "portal", f"POST {act}", one) for act in ("mask", "unmask") for one in ("plain", "first", "masked")),
    *(("holder", "portal", f"POST {act}", one) for act in ("hide_from", "show_to") for one in ("plain", "hidden")),
    *((name, "mhd", "POST /fhir", "") for name in ("hospital", "laboratory", "agreed", "blocked", "stranger")),
    *((name, "mhd", "POST /fhir/DocumentReference", "") for name in ("hospital", "lapsed", "social_worker")),
    *((name, "workstation", "POST pro_deposit", "") for name in ("agreed", "blocked", "stranger", "nurse")),
    *(("hospital", "mhd", "DELETE /fhir/DocumentReference/{id}", one) for one in ("new", "first", "held", "deleted")),
    ("author", "mhd", "DELETE /fhir/DocumentReference/{id}", "written"),
    ("author_stranger", "mhd", "DELETE /fhir/DocumentReference/{id}", "written_by_stranger"),
    ("author_blocked", "mhd", "DELETE /fhir/DocumentReference/{id}", "written_by_blocked"),
    ("depositor", "mhd", "DELETE /fhir/DocumentReference/{id}", "by_office"),
    *((name, "workstation", "POST pro_consent", "") for name in ("stranger", "lapsed", "emergency", "attending")),
    *((name, "workstation", "POST pro_emergency", "") for name in ("author_stranger", "emergency_lapsed", "nurse")),
    *((name, "workstation", "POST pro_emergency call", "") for name in ("regulator_idle", "regulator_lapsed")),
    *((name, "workstation", "POST pro_withdraw", "") for name in ("stranger", "emergency_nurse", "regulator")),
    ("team", "workstation", "POST pro_add_member", "author_stranger"),
    *(("holder", "portal", "POST join_team", name) for name in ("stranger", "emergency_nurse")),
    *((name, "workstation", "POST pro_withdraw", "") for name in ("emergency_nurse", "team_nurse")),
    ("holder", "portal", "POST end_team", "team"),
    *((name, "workstation", "POST pro_block", "dentist") for name in ("attending", "administrator")),
    *(("holder", "portal", f"POST {act}_administrator", "nurse") for act in ("name", "remove")),
    *(("holder", "portal", f"POST {act}", "team_lapsed") for act in ("give_access", "end_access")),
    *(("holder", "portal", f"POST {act}", "agreed") for act in ("block", "unblock", "name_doctor")),
    *(("holder", "portal", "POST block", name) for name in ("depositor", "regulator_idle", "author")),
    ("holder", "portal", "POST name_doctor", "blocked"),
    ("holder", "portal", "POST remove_doctor", "blocked"),
    ("holder", "portal", "POST remove_folder", "folder"),
    *((name, "helping", f"POST {act}", "plain") for act in ("mask", "unmask") for name in ("guardian", "carer")),
    *((name, "helping", "POST add", "") for name in ("guardian", "carer", "carer_reads")),
    ("carer", "helping", "POST block", "social_stranger"),
    ("guardian", "helping", "POST block", "social_stranger"),
    ("guardian", "helping", "POST end_help", "carer_reads"),
    ("carer_reads", "helping", "POST documents", ""),
    *((name, door, "POST invite", "") for name, door in (("holder", "portal"), ("guardian", "helping"))),
    ("holder", "portal", "POST contest_help", "guardian"),
    ("carer", "helping", "POST leave_help", ""),
    ("adviser", "helping", "POST add", ""),
    ("adviser", "helping", "POST remove", "plain"),
    *((name, "helping", "POST end_advising", "") for name in ("adviser", "guardian")),
    ("adviser", "helping", "POST add", ""),
    ("holder", "portal", "POST make_topic", ""),
    *(("holder", "portal", f"POST {act}_topic", "topic") for act in ("rename", "mask")),
    *(("holder", "portal", "POST topics_of", one) for one in ("new", "own", "first")),
    ("guardian", "helping", "POST topics_of", "by_office"),
    ("guardian", "helping", "POST show_topic", "topic"),
    ("holder", "portal", "POST mask_many", ""),
    ("hospital", "mhd", "POST /fhir", ""),
    ("holder", "portal", "POST unmask", "plain"),
    ("holder", "portal", "POST unmask_many", ""),
    ("holder", "portal", "POST remove_topic", "topic"),
    ("holder", "portal", "POST visibility", ""),
    ("laboratory", "mhd", "POST /fhir", ""),
    ("holder", "portal", "POST add", ""),
)
"""Every act that a door takes, one after the other, each in the world that the one before left."""


_HELP = ("guardian", "carer", "carer_reads", "adviser")


def test_after_every_act_everybody_sees_what_the_model_says(crew: Cast) -> None:
    real = build(World("acts", "activated"), DOCUMENTS, crew, {*BY_NAME, *_HELP})
    found: list[str] = []
    for act in ACTS:
        found += _done(real, *act)
    assert not found, "\n".join(found)


def _done(real: Real, name: str, door: str, operation: str, about: str) -> list[str]:
    """What differs in the answer to one act, and in what some people see after it."""
    who = real.model.helpers.get(name) or real.model.people[name]
    done = answer(real.model, who, door, operation, about).status < 400
    found = differences(real, who, door, operation, about)
    if done:
        real.model = after(real.model, who, door, operation, about)
        _learn(real, who, door, operation)
    for watcher in dict.fromkeys(("holder", "hospital", "agreed", "attending", "author", name, about)):
        if one := real.model.people.get(watcher):
            said = differences(real, one, "mhd", "GET /fhir/DocumentReference")
            found += [f"after {name} {operation} {about}, {difference}" for difference in said]
    if done and (door == "helping" or DOORS[door][operation].about == "document"):
        subject = about if about in real.ids else list(real.ids)[-1]
        said = differences(real, real.model.helpers["guardian"], "helping", "GET reading", subject)
        found += [f"after {name} {operation} {about}, {difference}" for difference in said]
    return found


def _learn(real: Real, who: Person, door: str, operation: str) -> None:
    """The documents that an act filed: whose they are, as the model tells it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_entry WHERE patient_id = %s ORDER BY id", [real.of.patient])
        new = [id for (id,) in cursor.fetchall() if id not in real.ids.values()]
    own, page = who.kind == HOLDER, door == "workstation"
    for id in new:
        name = f"{len(real.ids)}: {operation} by {who.name}"
        real.ids[name] = id
        kind, author = ("DOCPAT02", "") if own else ("11502-2", who.name if page else "")
        filed = Document(name, kind, by=HOLDER if own else who.name, author=author)
        real.model = real.model.with_document(arriving(real.model, filed))


# --- Nothing is left out

NOT_OPENED_BY_A_DOOR = frozenset({"announce", "state_help", "feeding_wish", "mail", "extract"})
"""Verbs that no door asked here opens a record for: what was held shows by itself, when its time has come, and the
worker extracts facts; what an authority states is entered by a command; what a patient told an organisation, and mail
alone, come by HL7 v2."""


MEASURES = "POST /fhir/Observation"
"""What people's own software sends, as it does to « POST /fhir »: tests/exchange/measures is theirs, and
applications', which open nothing else."""
_FACTS = re.compile(rf"/({'|'.join(FACTS)})(?![A-Za-z])")
"""Resources that share one module of the door: one of them is asked for all (tests/exchange/facts asks for each)."""


def test_no_route_is_missing() -> None:
    asked = {door: {name.removesuffix(" call") for name in names} for door, names in DOORS.items()}
    fhir = {
        _FACTS.sub(f"/{FACTS[0]}", route.name.rstrip("?").rstrip("/"))
        for route in FHIR
        if route.protected and route.name != MEASURES
    }
    assert fhir == asked["mhd"]
    portal = {f"{one} {route.name}" for route in PORTAL if route.purpose for one in route.methods if one != "HEAD"}
    account = {f"{one} {name}" for name in ACCOUNT for one in ("GET", "POST")}
    assert portal - account == asked["portal"]
    shared = {route.name for route in PORTAL if route.purpose and not route.account}
    assert {one for one in portal if one.split()[1] in shared} == asked["helping"]
    desk = {f"{one} {route.name}" for route in WORKSTATION if route.purpose for one in route.methods if one != "HEAD"}
    assert desk == asked["workstation"]


ACCOUNT = frozenset({route.name for route in PORTAL if route.path.startswith(("securite/", "conseiller/"))})
"""How the holder signs in, and where an adviser types a code: these pages open an account and no record;
tests/portal/test_security_*.py and test_advising.py are theirs."""


_RESTRICTED: dict[str, Callable[[Document], bool]] = {
    "MASQUE_PS": lambda one: bool(one.masked_by),
    "INVISIBLE_PATIENT": lambda one: one.held,
    "INVISIBLE_REPRESENTANTS_LEGAUX": lambda one: one.from_parents,
}


def test_no_role_state_verb_or_restriction_is_missing() -> None:
    assert {one.value for one in State} == set(STATES)
    assert {one.value for one in Visibility} == VISIBILITIES
    every = (*DOCUMENTS, *OF_A_MINOR)
    assert all(any(shown(one) for one in every) for shown in _RESTRICTED.values())
    assert set(_RESTRICTED) == VISIBILITIES
    opened = {verb for names in DOORS.values() for one in names.values() for _, verb in one.opens.values()}
    assert {one.value for one in Verb} == opened | NOT_OPENED_BY_A_DOOR
    kinds = {kind for route in FHIR for kind in route.openings}
    assert {one.value for one in kinds} - {"app"} == {one.kind for one in PEOPLE} - {NOBODY}
    assert {one.value for one in ActorKind} - {one.value for one in kinds} == {"system"}
    assert {one.value for one in Helps} == {one.helps for one in HELPERS.values()}
    assert {one.value for one in MandateState} == {one.help for one in HELPERS.values()}
    assert {one.acts for one in HELPERS.values()} == {scope is Scope.ACT for scope in Scope}
    assert {*HELPERS} == {name for names in HELPERS_IN.values() for name in names}
    names = ("consent", "team", "attending", "administrator", "blocked", "emergency", "call", "secret")
    links = {name: {getattr(one, name) for one in PROFESSIONALS} for name in names}
    assert all(len(states) == (2 if True in states else 3) for states in links.values())
    assert {one for link in links.values() for one in link} == {NONE, LAPSED, IN_FORCE, True, False}
