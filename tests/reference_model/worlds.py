"""The worlds of the enumeration, told twice: to the model, and to the platform through its own doors and actions."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import connection

from cast import Holder, caring, document, entry, holder, put_state, sender, submission
from door import holder_token
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Switches
from espace.access.queries import relations
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb, Visibility
from espace.portal.codes import add_authenticator
from espace.record import actions as record
from espace.record.facts import Change, Upload
from espace.wire.nomenclature import CLASSES, class_of
from espace.wire.xds import Author, Coded, NewDocument
from portal.helpers import PASSWORD, SECRET, Member, member
from portal.security import entered
from reference_model.addresses import HOLDER
from reference_model.facts import ARCHIVED, DELETED, Document, World
from reference_model.helping import Helper, help_in
from reference_model.people import BY_NAME, HELPERS, PROFESSIONALS, Cast, link

T = TypeVar("T")


@dataclass
class Real:
    """A world of the platform: the person, the id of each document and set, the words that only they have."""

    model: World
    who: Member
    crew: Cast
    ids: dict[str, UUID] = field(default_factory=dict)
    sets: dict[str, UUID] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """In the title and the content of one document, and nowhere else."""
    folder: UUID = field(default_factory=uuid4)
    topic: UUID = field(default_factory=uuid4)
    """Masked, with nothing in it; in the space of a minor they made it."""
    team: UUID = field(default_factory=uuid4)
    helpers: dict[str, Helper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = entered(self.who, edge.now())
        self.token = holder_token(self.of.patient)

    def token_of(self, name: str) -> str:
        """Of an application that acts for somebody who helps: in their own space."""
        return holder_token(self.helpers[name].who.of.patient)

    @property
    def of(self) -> Holder:
        return self.who.of

    def name_of(self, id: UUID) -> str:
        return next((name for name, one in (*self.ids.items(), *self.sets.items()) if one == id), "")


_MASKED, _HELD = Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT
_DEPOSITOR, _BY_HOLDER = frozenset({"depositor"}), frozenset({"holder"})

DOCUMENTS: tuple[Document, ...] = (
    Document("plain"),
    Document("masked", masked_by=_DEPOSITOR),
    Document("masked_by_holder", masked_by=_BY_HOLDER),
    Document("hidden", hidden_from=frozenset({"agreed", "attending", "emergency", "regulator"})),
    Document("hidden_from_author", author="author", hidden_from=frozenset({"author", "nurse", "attending"})),
    Document("masked_twice", masked_by=_DEPOSITOR | _BY_HOLDER),
    Document("held", held=True),
    Document("psychiatric", kind="68599-0"),
    Document("residence", kind="ATTEST-RESID"),
    Document("written", author="author", masked_by=_BY_HOLDER),
    Document("written_by_nurse", kind="68599-0", author="author_nurse"),
    Document("written_by_stranger", author="author_stranger"),
    Document("written_by_blocked", author="author_blocked", held=True),
    Document("archived", status=ARCHIVED),
    Document("deleted", status=DELETED),
    Document("old"),
    Document("new", replaces="old"),
    Document("kept", set="pair"),
    Document("beside", set="pair", held=True),
    Document("first"),
    Document("second", replaces="first", held=True),
    Document("by_office", by="depositor"),
    Document("own", kind="DOCPAT02", by=HOLDER),
    Document("own_masked", kind="DOCPAT02", by=HOLDER, masked_by=_BY_HOLDER),
    Document("own_removed", kind="DOCPAT02", by=HOLDER, status=DELETED),
)
OF_A_MINOR = (
    Document("from_parents", from_parents=True),
    Document("from_parents_held", from_parents=True, held=True),
    Document("from_parents_written", from_parents=True, author="agreed"),
)
_ORDER = [one.name for one in (*DOCUMENTS, *OF_A_MINOR)]
FEW = tuple(one for one in DOCUMENTS if one.name in ("plain", "masked_by_holder", "hidden", "held", "written", "own"))
"""Enough where nothing may be read, and where a switch is what differs."""


def build(
    model: World, documents: tuple[Document, ...], crew: Cast, people: Collection[str] = frozenset(BY_NAME), *,
    minor: bool = False,
) -> Real:  # fmt: skip
    """The world as the model tells it, with the same documents and the relations of these people of the cast.

    One thing happens each second, in the same order whatever is left out: ids follow the clock.
    """
    who = _minor() if minor or any(one.from_parents for one in documents) else member()
    real = Real(replace(model, documents={one.name: one for one in documents}, people=BY_NAME), who, crew)
    real.model = replace(real.model, helpers={name: one for name, one in HELPERS.items() if name in people})
    base = edge.now()
    for group in _sets(documents):
        with edge.clock_at(base + timedelta(minutes=-100, seconds=_ORDER.index(group[0].name))):
            _file(real, group)
    for number, one in enumerate(PROFESSIONALS):
        if one.name in people:
            with edge.clock_at(base + timedelta(minutes=-5, seconds=number)):
                link(real.of, crew, one)
    with edge.clock_at(base - timedelta(minutes=1)):
        real.folder = _as_holder(real, Verb.ARRANGE, lambda grant: record.make_folder(grant, name="Dossier"))
        real.topic = _as_holder(real, Verb.VISIBILITY, _topic)
    if "team" in people:
        real.team = _as_holder(real, Verb.HISTORY, lambda grant: _team(real, grant))
    for number, name in enumerate(HELPERS):
        if name in people:
            with edge.clock_at(base + timedelta(minutes=-2, seconds=number)):
                real.helpers[name] = help_in(real.of, HELPERS[name])
    _decide(real)
    if model.state:
        put_state(real.of.patient, State(model.state))
    return real


def _topic(grant: Grant) -> UUID:
    topic = record.make_topic(grant, name="Sujet")
    record.mask_topic(grant, topic)
    return topic


def _team(real: Real, grant: Grant) -> UUID:
    """The care team of the person named « team »."""
    founder = real.crew.professionals["team"].id
    return next(one.team.team for one in relations(grant) if one.team and one.professional == founder)


def _minor() -> Member:
    """A child with an account."""
    child = holder(born=edge.now().date() - timedelta(days=4000))
    account, identifier = uuid4(), f"zoe.{uuid4().hex[:10]}"
    identity.add_account(account_id=account, identifier=identifier, password=PASSWORD, email="", patient=child.patient)
    add_authenticator(get_user_model().objects.get(pk=account), SECRET, 0)
    actor = Actor(ActorKind.HOLDER, account, child.actor.name, patient=child.patient)
    return Member(replace(child, actor=actor), account, identifier)


def _sets(documents: tuple[Document, ...]) -> list[tuple[Document, ...]]:
    grouped = itertools.groupby(documents, key=lambda one: one.set or one.name)
    return [tuple(group) for _, group in grouped]


def _file(real: Real, group: tuple[Document, ...]) -> None:
    for one in group:
        real.words[one.name] = f"Mot{one.name.replace('_', '')}Z"
    given = _add(real, group[0]) if group[0].own else _deposit(real, group)
    for one, id in zip(group, given, strict=True):
        real.ids[one.name] = id
    real.sets[group[0].set or group[0].name] = _set_of(given[0])
    for one in group:
        _finish(real, one)


def _set_of(id: UUID) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT submission_id FROM record_entry WHERE id = %s", [id])
        found: UUID = cursor.fetchone()[0]
        return found


def _deposit(real: Real, group: tuple[Document, ...]) -> tuple[UUID, ...]:
    crew, by = real.crew, group[0].by
    actor = caring(crew.professionals[by]) if by in crew.professionals else sender(crew.organisations[by])
    source = "1.2.250.1.999.1.1" if by == "hospital" else actor.national_id
    sent = submission(real.of, *(_document(real, one) for one in group), source_id=source)
    with gate.open_record(
        actor=actor, patient=real.of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=edge.now()
    ) as grant:
        return record.submit(grant, submission=sent, headers=[None] * len(group)).documents


def _document(real: Real, one: Document) -> NewDocument:
    codes = {_MASKED: "depositor" in one.masked_by, _HELD: one.held}
    codes[Visibility.INVISIBLE_REPRESENTANTS_LEGAUX] = one.from_parents
    writer = real.crew.professionals[one.author].national_id if one.author else ""
    stated = replace(
        entry(title=f"Titre {real.words[one.name]}", visibility=frozenset(c for c, is_so in codes.items() if is_so)),
        type=Coded(one.kind, "2.16.840.1.113883.6.1"),
        class_=CLASSES[class_of(one.kind) or "10"],
        authors=(Author(family="Le Goff", given="Lise", person_id=writer, institution="Hôpital des Remparts"),),
    )
    replaced = f"DocumentReference/{real.ids[one.replaces]}" if one.replaces else None
    return document(stated, f"Contenu {real.words[one.name]}".encode(), replaced)


def _add(real: Real, one: Document) -> tuple[UUID, ...]:
    words = real.words[one.name]
    given = record.inspected([Upload("note.txt", f"Contenu {words}".encode(), f"Titre {words}", one.kind, None)])
    return _as_holder(real, Verb.ADD, lambda grant: record.add(grant, uploads=given))


def _as_holder(real: Real, verb: Verb, act: Callable[..., T]) -> T:
    with gate.open_record(
        actor=real.of.actor, patient=real.of.patient, purpose=Purpose.HOLDER, verb=verb, at=edge.now()
    ) as grant:
        return act(grant)


def _finish(real: Real, one: Document) -> None:
    """What happened to a document after it was filed: the holder's mask, the archive, the deletion."""
    id = real.ids[one.name]
    if "holder" in one.masked_by:
        _as_holder(real, Verb.MASK, lambda grant: record.mask(grant, id))
    for who in sorted(one.hidden_from):
        _hide(real, id, real.crew.professionals[who].id)
    if one.own and one.status == DELETED:
        _as_holder(real, Verb.REMOVE, lambda grant: record.remove(grant, documents=(id,)))
    elif one.status != "current":
        change = record_change(one.status)
        with gate.open_record(
            actor=sender(real.crew.organisations["hospital"]),
            patient=real.of.patient,
            purpose=Purpose.FEED,
            verb=Verb.AMEND,
            at=edge.now(),
        ) as grant:
            record.amend(grant, id, change)


def _hide(real: Real, id: UUID, who: UUID) -> None:
    _as_holder(real, Verb.MASK, lambda grant: record.hide_from(grant, id, who))


def record_change(status: str) -> Change:
    return Change(deleted=True) if status == DELETED else Change(archived=True)


def _decide(real: Real) -> None:
    """The holder's three switches, where they differ from those that come with a space."""
    model = real.model
    if (model.emergencies, model.calls, model.masked_in_emergency) != (True, True, False):
        wanted = Switches(model.emergencies, model.calls, model.masked_in_emergency)
        _as_holder(real, Verb.SWITCHES, lambda grant: access.set_switches(grant, wanted))
