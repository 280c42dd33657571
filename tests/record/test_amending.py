"""What may change of a filed document: the table of states, and its steps through the gate."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from cast import AT, Holder, document, holder, organisation, sender, submission
from espace.access import gate
from espace.identity.facts import Organisation
from espace.identity.rules import sends_as
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Amendable, Change, Document, Status, Step
from espace.record.rules.amending import after, amending_problems
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.xds import DocumentEntry

MASKED = frozenset({Visibility.MASQUE_PS})
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
FROM_PARENTS = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
OPEN: frozenset[Visibility] = frozenset()
ANNE = "810001288385"


def doctor(of: Organisation, *, national_id: str = ANNE) -> Actor:
    return Actor(
        ActorKind.PROFESSIONAL,
        uuid4(),
        "Anne Le Goff",
        organisation=of.id,
        organisation_name=of.name,
        profession="10",
        national_id=national_id,
        sends_as=sends_as(of, national_id),
    )


def deposit(
    to: Holder,
    by: Actor,
    stated: DocumentEntry | None = None,
    *,
    content: bytes = b"Bonne nouvelle.",
    replaces: UUID | None = None,
) -> UUID:
    old = f"DocumentReference/{replaces}" if replaces else None
    sent = submission(to, document(stated, content, replaces=old))
    with gate.open_record(actor=by, patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT) as grant:
        return actions.submit(grant, submission=sent, headers=[None]).documents[0]


def amend(to: Holder, by: Actor, entry_id: UUID, change: Change) -> Amendable:
    with gate.open_record(actor=by, patient=to.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT) as grant:
        return actions.amend(grant, entry_id, change)


def refused(to: Holder, by: Actor, entry_id: UUID, change: Change) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        amend(to, by, entry_id, change)
    found = caught.value.problems if isinstance(caught.value, RefusedProblems) else [caught.value]
    return [(one.reason.code, one.place) for one in found]


def listed(of: Holder) -> dict[UUID, Document]:
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=AT) as grant:
        return {one.id: one for one in queries.documents(grant)}


def own(of: Holder, by: Actor) -> dict[UUID, Status]:
    with gate.open_record(
        actor=by, patient=of.patient, purpose=Purpose.FEED, verb=Verb.OWN_DEPOSITS, at=AT
    ) as grant:
        return {one.id: one.status for one in queries.own_deposits(grant).found}


def lines(of: Holder) -> list[TraceEvent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return [line.event for line in trace.history(grant)]


def shown(of: Holder) -> frozenset[UUID]:
    """Whose lines the holder reads in the access log."""
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return queries.visible_ids(grant)


# --- the table --------------------------------------------------------------------------------------------

A, R, D, X = Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED, Status.DELETED


@pytest.mark.parametrize(
    ("status", "replaced", "archived", "unarchived", "deleted"),
    [(A, D, R, A, X), (R, D, R, A, X), (D, None, None, D, X), (X, None, None, None, X)],
)
def test_every_step_from_every_status(
    status: Status, replaced: Status | None, archived: Status | None, unarchived: Status | None, deleted: Status | None
) -> None:
    steps = (Step.REPLACE, Step.ARCHIVE, Step.UNARCHIVE, Step.DELETE)
    assert tuple(after(status, step) for step in steps) == (replaced, archived, unarchived, deleted)


LABELS = "DocumentReference.securityLabel"


@pytest.mark.parametrize(
    ("status", "now", "wanted", "expected"),
    [
        (A, OPEN, MASKED, []),
        (A, MASKED, OPEN, []),
        (A, HELD, OPEN, []),
        (A, HELD, HELD, []),
        (A, FROM_PARENTS, OPEN, []),
        (A, HELD, MASKED, []),
        (A, FROM_PARENTS, FROM_PARENTS | MASKED, []),
        (D, OPEN, MASKED, []),
        (A, OPEN, HELD, [("change_refused", LABELS)]),
        (A, OPEN, FROM_PARENTS, [("change_refused", LABELS)]),
        (A, MASKED, HELD, [("change_refused", LABELS)]),
        (A, HELD, HELD | MASKED, [("visibility_refused", LABELS)]),
        (X, OPEN, MASKED, [("change_refused", LABELS)]),
        (X, MASKED, OPEN, [("change_refused", LABELS)]),
        (X, MASKED, MASKED, [("change_refused", LABELS)]),
    ],
)
def test_which_labels_may_follow_which(
    status: Status, now: frozenset[Visibility], wanted: frozenset[Visibility], expected: list[tuple[str, str]]
) -> None:
    one = Amendable(uuid4(), "1.2.3", status, AT, None, "N", now)
    found = amending_problems(one, Change(visibility=wanted))
    assert [(problem.reason.code, problem.place) for problem in found] == expected


@pytest.mark.parametrize(
    ("status", "change", "refused_at"),
    [
        (D, Change(archived=True), ["DocumentReference.extension"]),
        (X, Change(archived=True), ["DocumentReference.extension"]),
        (X, Change(archived=False), ["DocumentReference.extension"]),
        (D, Change(archived=False), []),
        (D, Change(deleted=True), []),
        (X, Change(deleted=True, archived=True), []),
        (X, Change(), []),
    ],
)
def test_which_states_may_follow_which(status: Status, change: Change, refused_at: list[str]) -> None:
    found = amending_problems(Amendable(uuid4(), "1.2.3", status, AT, None, "N", OPEN), change)
    assert [(one.reason.code, one.place) for one in found] == [("change_refused", place) for place in refused_at]


# --- through the gate -------------------------------------------------------------------------------------

db = pytest.mark.django_db


@db
def test_a_document_is_archived_taken_back_and_deleted_by_its_depositor() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    assert amend(camille, hospital, one, Change(archived=True)).status is Status.ARCHIVED
    assert listed(camille)[one].status is Status.ARCHIVED
    assert amend(camille, hospital, one, Change(archived=False)).status is Status.APPROVED
    deleted = amend(camille, hospital, one, Change(deleted=True))
    assert (deleted.status, deleted.changed_at) == (Status.DELETED, AT)
    assert listed(camille) == {}
    assert own(camille, hospital) == {one: Status.DELETED}


@db
@pytest.mark.parametrize(
    "change", [Change(archived=True), Change(deleted=True), Change(visibility=MASKED), Change(), Change(archived=False)]
)
def test_what_is_asked_twice_is_done_once(change: Change) -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    first = amend(camille, hospital, one, change)
    before = rows(camille)
    assert amend(camille, hospital, one, change) == first
    assert rows(camille) == before


def rows(of: Holder) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.status, e.changed_at, r.id FROM record_entry e"
            " LEFT JOIN record_restriction r ON r.patient_id = e.patient_id AND r.entry_id = e.id"
            " WHERE e.patient_id = %s ORDER BY e.id, r.id",
            [of.patient],
        )
        return list(cursor.fetchall())


@db
def test_two_changes_at_once_follow_each_other() -> None:
    """The second finds that the first was committed in between, and is done again on what it left."""
    camille, hospital = holder(), sender(organisation())
    one, asked = deposit(camille, hospital), []

    def archive() -> Amendable:
        with gate.open_record(
            actor=hospital, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT
        ) as grant:
            now = queries.amendable(grant, one)
            asked.append(now.visibility)
            if len(asked) == 1:
                elsewhere(lambda: amend(camille, hospital, one, Change(visibility=MASKED)))
            return actions.amend(grant, one, Change(archived=True))

    done = gate.run_again(archive)
    assert asked == [OPEN, MASKED]
    assert (done.status, done.visibility) == (Status.ARCHIVED, MASKED)


def elsewhere(work: Callable[[], object]) -> None:
    """Done in another connection, while this one's transaction is open."""
    here = connections["default"]
    other = here.copy()
    connections["default"] = other
    try:
        work()
    finally:
        other.close()
        connections["default"] = here
