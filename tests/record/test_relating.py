"""Documents that append or transform others: who may, what they inherit, what is masked and outdated with them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from cast import AT, Holder, caring, consents, document, entry, holder, organisation, professional, sender, submission
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Change, Document, Linked, Status
from espace.wire.xds import Coded, Folder, Linking, NewDocument, Related
from record.test_amending import amend, listed, own
from record.test_hiding import hide, show
from record.test_masking import mask, unmask

pytestmark = pytest.mark.django_db

MASKED, HELD = frozenset({Visibility.MASQUE_PS}), frozenset({Visibility.INVISIBLE_PATIENT})
A, X = Linking.APPENDS, Linking.TRANSFORMS


def related(*to: tuple[Linking, UUID | str], labels: frozenset[Visibility] = frozenset()) -> NewDocument:
    targets = ((kind, f"DocumentReference/{one}" if isinstance(one, UUID) else one) for kind, one in to)
    made = document(entry(visibility=labels), str(to).encode())
    return replace(made, related=tuple(Related(kind, target) for kind, target in targets))


def file(to: Holder, by: Actor, *documents: NewDocument) -> tuple[UUID, ...]:
    with gate.open_record(actor=by, patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT) as grant:
        return actions.submit(
            grant, submission=submission(to, *documents), headers=[None] * len(documents)
        ).documents


def one(to: Holder, by: Actor, made: NewDocument | None = None) -> UUID:
    return file(to, by, made or document())[0]


def refused(to: Holder, by: Actor, *documents: NewDocument) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        file(to, by, *documents)
    assert isinstance(caught.value, RefusedProblems)
    return [(problem.reason.code, problem.place) for problem in caught.value.problems]


def reader(of: Holder) -> Professional:
    who = professional()
    consents(of, who)
    return who


def read(of: Holder, who: Professional) -> dict[UUID, Document]:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {each.id: each for each in queries.documents(grant)}


def test_relations_are_told_of_both_ends() -> None:
    camille, hospital = holder(), sender(organisation())
    letter, scan = one(camille, hospital), one(camille, hospital)
    added = one(camille, hospital, related((A, letter), (X, scan)))
    found = listed(camille)
    assert found[added].related == (Linked(A, letter), Linked(X, scan))
    assert (found[letter].related_by, found[scan].related_by) == ((Linked(A, added),), (Linked(X, added),))
    assert {each.status for each in found.values()} == {Status.APPROVED}
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
    ) as grant:
        assert queries.document(grant, added).related == found[added].related


def test_documents_of_one_submission_may_be_related_in_any_order() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = document(entry(visibility=MASKED))
    added = related((A, letter.entry.unique_id))
    last = related((X, added.entry.unique_id))
    ids = file(camille, hospital, last, added, letter)
    found = listed(camille)
    assert found[ids[0]].related == (Linked(X, ids[1]),) and found[ids[1]].related == (Linked(A, ids[2]),)
    assert [found[each].restrictions for each in ids] == [MASKED] * 3
    assert file(camille, hospital, letter) == (ids[2],)


def test_replacing_by_transforming_replaces() -> None:
    camille, hospital = holder(), sender(organisation())
    old = one(camille, hospital)
    made = replace(document(replaces=f"DocumentReference/{old}"), by_transforming=True)
    new = one(camille, hospital, made)
    found = listed(camille)
    assert (found[new].replaces, found[new].by_transforming, found[new].related) == (old, True, ())
    assert (found[old].status, found[old].replaced_by_transforming) == (Status.DEPRECATED, True)
    assert one(camille, hospital, made) == new
    again = replace(made, by_transforming=False)
    assert refused(camille, hospital, again) == [("unique_id_reused", "e0.relatesTo")]
    assert refused(camille, hospital, document(replaces=f"DocumentReference/{old}"))[0][0] == "replace_refused"


def test_a_deposit_repeated_adds_no_relation() -> None:
    camille, hospital = holder(), sender(organisation())
    letter, other = one(camille, hospital), one(camille, hospital)
    made = related((A, letter))
    added = one(camille, hospital, made)
    assert one(camille, hospital, made) == added
    assert one(camille, hospital, replace(made, related=())) == added
    more = replace(made, related=(*made.related, Related(A, f"DocumentReference/{other}")))
    assert refused(camille, hospital, more) == [("unique_id_reused", "e0.relatesTo")]


def _ring(_: Holder, __: Actor) -> list[NewDocument]:
    first, second = related(), related()
    return [
        replace(first, related=(Related(A, second.entry.unique_id),)),
        replace(second, related=(Related(X, first.entry.unique_id),)),
    ]


def _itself(_: Holder, __: Actor) -> list[NewDocument]:
    made = related()
    return [replace(made, related=(Related(A, made.entry.unique_id),))]


def _twice(to: Holder, by: Actor) -> list[NewDocument]:
    letter = one(to, by)
    return [related((A, letter), (X, letter))]


def _replaced_too(to: Holder, by: Actor) -> list[NewDocument]:
    letter = one(to, by)
    return [replace(related((A, letter)), replaces=f"DocumentReference/{letter}")]


def _replaced_beside(to: Holder, by: Actor) -> list[NewDocument]:
    letter = one(to, by)
    return [related((A, letter)), document(replaces=f"DocumentReference/{letter}")]


def _outdated(to: Holder, by: Actor) -> list[NewDocument]:
    letter = one(to, by)
    one(to, by, document(replaces=f"DocumentReference/{letter}"))
    return [related((A, letter))]


def _deleted(to: Holder, by: Actor) -> list[NewDocument]:
    letter = one(to, by)
    amend(to, by, letter, Change(deleted=True))
    return [related((X, letter))]


def _somebody_elses(to: Holder, _: Actor) -> list[NewDocument]:
    return [related((A, one(to, sender(organisation("Laboratoire")))))]


def _another_patients(_: Holder, by: Actor) -> list[NewDocument]:
    return [related((A, one(holder(), by)))]


def _somebody_elses_hidden(to: Holder, _: Actor) -> list[NewDocument]:
    return [related((X, one(to, sender(organisation("Laboratoire")), document(entry(visibility=HELD)))))]


NEAR: list[tuple[str, Callable[[Holder, Actor], list[NewDocument]], int]] = [
    ("relation_refused", _ring, 2),
    ("relation_refused", _itself, 1),
    ("relation_refused", _twice, 1),
    ("relation_refused", _replaced_too, 1),
    ("relation_outdated", _replaced_beside, 1),
    ("relation_outdated", _outdated, 1),
    ("relation_outdated", _deleted, 1),
    ("relation_unresolved", _somebody_elses, 1),
    ("relation_unresolved", _somebody_elses_hidden, 1),
    ("relation_unresolved", _another_patients, 1),
    ("relation_unresolved", lambda _, __: [related((A, UUID(int=7)))], 1),
    ("relation_unresolved", lambda _, __: [related((A, "1.2.3.nothing"))], 1),
]


@pytest.mark.parametrize(("reason", "sent", "count"), NEAR)
def test_what_is_refused(reason: str, sent: Callable[[Holder, Actor], list[NewDocument]], count: int) -> None:
    camille, hospital = holder(), sender(organisation())
    made = sent(camille, hospital)
    before = len(listed(camille))
    assert refused(camille, hospital, *made) == [(reason, "e0.relatesTo")] * count
    assert len(listed(camille)) == before


def test_the_database_keeps_one_relation_of_a_known_kind_a_pair() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    added = one(camille, hospital, related((A, letter)))
    for kind in ("XFRM", "APPENDS"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO record_association VALUES (%s, gen_random_uuid(), %s, %s, %s)",
                [camille.patient, kind, added if kind == "XFRM" else letter, letter],
            )


# --- restrictions -------------------------------------------------------------------------------------------


def test_what_is_restricted_hands_down_all_of_it_and_lifts_its_own_masks() -> None:
    camille, hospital = holder(), sender(organisation())
    letter, luc, anne = one(camille, hospital), reader(camille), reader(camille)
    mask(camille, letter)
    hide(camille, letter, anne)
    added = one(camille, hospital, related((A, letter)))
    version = one(camille, hospital, document(replaces=f"DocumentReference/{added}"))
    assert (read(camille, luc), read(camille, anne)) == ({}, {})
    unmask(camille, letter)
    assert set(read(camille, luc)) == {letter, added, version} and read(camille, anne) == {}
    show(camille, letter, anne)
    assert set(read(camille, anne)) == {letter, added, version}


@pytest.mark.parametrize("kind", [A, X])
def test_a_mask_takes_what_follows_with_it_and_leaves_what_was_masked_by_itself(kind: Linking) -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    added = one(camille, hospital, related((kind, letter)))
    deep = one(camille, hospital, related((A, added)))
    alone = one(camille, hospital, related((A, letter)))
    mask(camille, alone)
    luc = reader(camille)
    assert set(read(camille, luc)) == {letter, added, deep}
    mask(camille, letter)
    assert read(camille, luc) == {}
    unmask(camille, letter)
    assert set(read(camille, luc)) == {letter, added, deep}
    mask(camille, added)
    assert set(read(camille, luc)) == ({letter} if kind is A else set())
    unmask(camille, added)
    assert set(read(camille, luc)) == {letter, added, deep}


def test_the_depositor_masks_and_shows_all_of_it_too_and_never_the_holders_mask() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    added = one(camille, hospital, related((X, letter)))
    luc = reader(camille)
    assert amend(camille, hospital, letter, Change(visibility=MASKED)).visibility == MASKED
    assert read(camille, luc) == {}
    amend(camille, hospital, letter, Change(visibility=frozenset()))
    assert set(read(camille, luc)) == {letter, added}
    mask(camille, letter)
    amend(camille, hospital, letter, Change(visibility=MASKED))
    amend(camille, hospital, letter, Change(visibility=frozenset()))
    assert read(camille, luc) == {}


def test_a_transformation_filed_masked_masks_what_it_transforms() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    one(camille, hospital, related((X, letter), labels=MASKED))
    assert read(camille, reader(camille)) == {}


def test_what_nobody_could_announce_is_refused() -> None:
    camille, hospital = holder(), sender(organisation())
    held = one(camille, hospital, document(entry(visibility=HELD)))
    place = [("visibility_refused", "e0.securityLabel")]
    assert refused(camille, hospital, related((A, held), labels=MASKED)) == place
    letter = document(entry(visibility=HELD))
    assert refused(camille, hospital, letter, related((A, letter.entry.unique_id), labels=MASKED)) == place
    one(camille, hospital, related((A, held)))
    assert listed(camille) == {}


def test_rules_and_topics_cover_what_follows() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    before = one(camille, hospital, related((A, letter)))
    luc = reader(camille)
    for act, seen in ((actions.mask_by_rule, set()), (actions.end_rule, {letter, before})):
        with gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
        ) as grant:
            act(grant, "all")
        assert set(read(camille, luc)) == seen


# --- replacement --------------------------------------------------------------------------------------------


def test_what_follows_a_document_is_outdated_with_it_for_whoever_knows() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    added = one(camille, hospital, related((A, letter)))
    deep = one(camille, hospital, related((X, added)))
    held = one(
        camille, hospital, document(entry(visibility=HELD), replaces=f"DocumentReference/{letter}")
    )
    told = {each: found.status for each, found in listed(camille).items()}
    assert told == {letter: Status.APPROVED, added: Status.APPROVED, deep: Status.APPROVED}
    outdated = {letter: Status.DEPRECATED, added: Status.DEPRECATED, deep: Status.DEPRECATED, held: Status.APPROVED}
    assert {each: found.status for each, found in read(camille, reader(camille)).items()} == outdated
    assert own(camille, hospital) == outdated
    assert refused(camille, hospital, related((A, letter))) == [("relation_outdated", "e0.relatesTo")]


def test_one_document_read_alone_is_as_in_the_list() -> None:
    camille, hospital = holder(), sender(organisation())
    letter = one(camille, hospital)
    added = one(camille, hospital, related((A, letter)))
    deep = one(camille, hospital, related((X, added)))
    one(camille, hospital, document(replaces=f"DocumentReference/{letter}"))
    found = listed(camille)
    for each in (letter, added, deep):
        with gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
        ) as grant:
            alone = queries.document(grant, each)
        assert (alone.status, alone.related, alone.replaced_by) == (
            Status.DEPRECATED, found[each].related, found[each].replaced_by,
        )  # fmt: skip


def _without(found: dict[UUID, Document], names: dict[UUID, str]) -> list[tuple[object, ...]]:
    def told(links: tuple[Linked, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((link.kind, names.get(link.other, "?")) for link in links)

    return sorted(
        (names.get(each.id, "?"), each.status, told(each.related), told(each.related_by), each.restrictions)
        for each in found.values()
    )


@pytest.mark.parametrize("labels", [HELD, MASKED])
def test_two_worlds_a_hidden_end_is_nowhere(labels: frozenset[Visibility]) -> None:
    """With and without an addendum that its reader may not see: the same of everything else."""
    worlds = []
    for with_it in (True, False):
        camille, hospital = holder(), sender(organisation())
        letter = one(camille, hospital)
        shown = one(camille, hospital, related((A, letter)))
        if with_it:
            one(camille, hospital, related((A, letter), (A, shown), labels=labels))
        names = {letter: "letter", shown: "shown"}
        read_by = listed(camille) if labels == HELD else read(camille, reader(camille))
        worlds.append(_without(read_by, names))
    assert worlds[0] == worlds[1]


def test_what_a_folder_states_has_bounds() -> None:
    camille, hospital = holder(), sender(organisation())
    long = Folder("f0", "1.2.3.5", "x" * 501, (Coded("SUIVI"),))
    sent = replace(submission(camille, document()), folders=(long,))
    with gate.open_record(
        actor=hospital, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant, pytest.raises(RefusedProblems) as caught:
        actions.submit(grant, submission=sent, headers=[None])
    assert [(one.reason.code, one.place) for one in caught.value.problems] == [("value_invalid", "f0.title")]


def test_documents_lean_on_each_other_no_further_than_anybody_needs() -> None:
    camille, hospital = holder(), sender(organisation())
    last = one(camille, hospital)
    for _ in range(9):
        last = one(camille, hospital, related((A, last)))
    tenth = related((X, last))
    further = related((A, tenth.entry.unique_id))
    assert refused(camille, hospital, further, tenth) == [("relation_refused", "e0.relatesTo")]
    tenth_id = one(camille, hospital, tenth)
    assert refused(camille, hospital, related((X, tenth_id))) == [("relation_refused", "e0.relatesTo")]
    assert one(camille, hospital, tenth) == tenth_id


def test_nothing_of_what_is_there_by_its_condition_is_looked_at() -> None:
    """A conditional document that says that it appends itself, or what is nowhere."""
    camille, hospital = holder(), sender(organisation())
    there = document()
    there_id = one(camille, hospital, there)
    for target in ("itself", "1.2.3.nothing"):
        again = related((A, target))
        itself = replace(again, related=(Related(A, again.entry.unique_id),)) if target == "itself" else again
        sent = submission(camille, document(entry(title="Autre"), b"autre"), itself)
        with gate.open_record(
            actor=hospital, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant:
            filed = actions.submit(
                grant, submission=sent, headers=[None, None], unless=[(), (there.entry.unique_id,)]
            )
        assert (filed.documents[1], filed.repeated) == (there_id, (False, True))
