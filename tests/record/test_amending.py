"""What may change of a filed document, by whom: the table of states, and its near-misses one fact at a time."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from cast import AT, Holder, document, entry, holder, organisation, sender, submission
from espace.access import gate
from espace.identity.facts import Organisation
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Amendable, Change, Document, Status, Step
from espace.record.rules.amending import after, amending_problems
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.xds import Author, DocumentEntry

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
        (X, MASKED, MASKED, []),
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
def test_an_author_who_acts_elsewhere_changes_what_another_organisation_deposited() -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE),))
    one = deposit(camille, sender(hospital), written)
    assert amend(camille, doctor(organisation("Cabinet")), one, Change(deleted=True)).status is Status.DELETED


@db
@pytest.mark.parametrize(
    "stranger",
    [
        lambda hospital: sender(organisation("Laboratoire")),
        lambda hospital: doctor(organisation("Cabinet"), national_id="810009999999"),
        lambda hospital: doctor(organisation("Cabinet"), national_id=""),
        lambda hospital: replace(doctor(hospital, national_id=""), organisation=None),
    ],
    ids=["organisation", "professional", "without number", "without organisation"],
)
def test_nobody_else_changes_it_and_it_is_as_if_it_did_not_exist(stranger: Callable[[Organisation], Actor]) -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE),))
    one, before = deposit(camille, sender(hospital), written), rows(camille)
    unknown = refused(camille, stranger(hospital), uuid4(), Change(deleted=True))
    assert refused(camille, stranger(hospital), one, Change(deleted=True)) == unknown == [("not_the_author", "")]
    assert rows(camille) == before
    assert [line.reason for line in lines(camille)[:2]] == ["not_the_author", "not_the_author"]


@db
@pytest.mark.parametrize(
    ("profession", "may"),
    [("10", True), ("60", False), ("98", False), ("ZZ", False), ("", False)],
    ids=["doctor", "nurse", "other", "unknown", "none"],
)
def test_a_colleague_changes_only_what_their_profession_writes(profession: str, may: bool) -> None:
    """A report of biology: a doctor writes some, nobody of a profession that writes none touches it."""
    camille, hospital = holder(), organisation()
    one = deposit(camille, sender(hospital))
    colleague = replace(doctor(hospital, national_id="810009999999"), profession=profession)
    if may:
        assert amend(camille, colleague, one, Change(visibility=MASKED)).visibility == MASKED
        return
    for change in (Change(visibility=MASKED), Change(archived=True), Change(deleted=True)):
        assert refused(camille, colleague, one, change) == [("not_the_author", "")]
    assert own(camille, sender(hospital)) == {one: Status.APPROVED}


@db
@pytest.mark.parametrize("profession", ["60", "ZZ", ""])
def test_an_author_changes_their_own_whatever_their_profession_is_now(profession: str) -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE[1:]),))
    one = deposit(camille, sender(hospital), written)
    anne = replace(doctor(organisation("Cabinet")), profession=profession)
    assert amend(camille, anne, one, Change(archived=True)).status is Status.ARCHIVED


@db
def test_the_ids_of_another_patient_lead_nowhere() -> None:
    camille, paul, hospital = holder(), holder(), sender(organisation())
    one = deposit(camille, hospital)
    assert refused(paul, hospital, one, Change(deleted=True)) == [("not_the_author", "")]
    assert list(listed(camille)) == [one]


@db
def test_the_line_of_a_refusal_is_hidden_as_the_document_is() -> None:
    camille, hospital = holder(), sender(organisation())
    held = deposit(camille, hospital, entry(visibility=HELD))
    refused(camille, sender(organisation("Laboratoire")), held, Change(deleted=True))
    assert lines(camille)[0].hidden_from == HELD


@db
def test_deleting_does_not_bring_back_the_older_version() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, new, Change(deleted=True))
    (seen,) = listed(camille).values()
    assert (seen.id, seen.status, seen.replaced_by) == (old, Status.DEPRECATED, None)
    assert {old, new} <= shown(camille)


@db
def test_deleting_a_version_that_was_held_changes_nothing_for_the_holder() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    before = listed(camille)
    amend(camille, hospital, held, Change(deleted=True))
    assert listed(camille) == before
    assert before[old].status is Status.APPROVED
    assert held not in shown(camille)


@db
def test_the_unique_id_of_a_deleted_document_stays_taken_and_sending_it_again_brings_nothing_back() -> None:
    camille, hospital = holder(), sender(organisation())
    stated = entry()
    one = deposit(camille, hospital, stated)
    amend(camille, hospital, one, Change(deleted=True))
    assert deposit(camille, hospital, stated) == one
    assert (own(camille, hospital), listed(camille)) == ({one: Status.DELETED}, {})
    with pytest.raises(RefusedProblems) as caught:
        deposit(camille, hospital, stated, content=b"autre")
    assert caught.value.reason.code == "unique_id_reused"
    with pytest.raises(RefusedProblems) as caught:
        deposit(camille, hospital, replaces=one)
    assert caught.value.reason.code == "replace_refused"


@db
def test_what_is_deleted_is_read_by_nobody_and_kept_in_the_log() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    amend(camille, hospital, one, Change(deleted=True))
    with (
        pytest.raises(Refused) as caught,
        gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
        ) as grant,
    ):
        queries.content(grant, one)
    assert caught.value.reason.code == "document_unknown"
    amended = next(line for line in lines(camille) if line.verb is Verb.AMEND)
    assert (amended.reason, amended.objects, amended.actor_name) == (
        "author_amends",
        (one,),
        "Hôpital des Remparts",
    )


@db
def test_a_mask_covers_every_version_and_is_taken_off_every_version() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    third = deposit(camille, hospital, replaces=second)
    amend(camille, hospital, second, Change(visibility=MASKED))
    assert {one.restrictions for one in listed(camille).values()} == {MASKED}
    assert amend(camille, hospital, third, Change(visibility=OPEN)).visibility == OPEN
    assert {one.restrictions for one in listed(camille).values()} == {OPEN}


@db
def test_what_was_held_is_shown_once_and_cannot_be_hidden_again() -> None:
    camille, hospital = holder(), sender(organisation())
    held = deposit(camille, hospital, entry(visibility=HELD))
    assert listed(camille) == {}
    assert amend(camille, hospital, held, Change(visibility=OPEN)).visibility == OPEN
    assert list(listed(camille)) == [held]
    assert refused(camille, hospital, held, Change(visibility=HELD)) == [("change_refused", LABELS)]


@db
def test_showing_an_older_version_does_not_show_the_newer_one() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=HELD))
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, old, Change(visibility=OPEN))
    assert list(listed(camille)) == [old]
    amend(camille, hospital, new, Change(visibility=OPEN))
    assert set(listed(camille)) == {old, new}


@db
def test_showing_the_current_version_shows_those_that_it_replaces() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=HELD))
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, new, Change(visibility=OPEN))
    assert set(listed(camille)) == {old, new}


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
