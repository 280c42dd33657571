"""Masking many documents in one act, and those to come; and showing them again, exactly those."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import AT, Holder, caring, consents, document, entry, holder, names_doctor, organisation, professional, sender
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, Purpose, Refused, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Change, Extent
from espace.record.rules.masking import EVERYTHING, NEW
from espace.wire.nomenclature import KINDS, class_of
from espace.wire.xds import Coded, DocumentEntry
from record.owning import add, upload
from record.test_amending import HELD, MASKED, OPEN, amend, deposit, elsewhere, lines, listed, own
from record.test_masking import mask, restrictions, unmask

pytestmark = pytest.mark.django_db

BIOLOGY, REPORTS = "biology", "reports"


def of_kind(type_code: str, *, visibility: frozenset[Visibility] = OPEN, author: str = "") -> DocumentEntry:
    stated = entry(visibility=visibility)
    authors = tuple(replace(one, person_id=author) for one in stated.authors) if author else stated.authors
    return replace(stated, type=Coded(type_code), class_=Coded(class_of(type_code)), authors=authors)


def report(**said: object) -> DocumentEntry:
    return of_kind("11488-4", **said)  # type: ignore[arg-type]  # the words of of_kind


def decides(of: Holder, rule: str, *, on: bool = True) -> int:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
    ) as grant:
        return (actions.mask_by_rule if on else actions.end_rule)(grant, rule)


def shows_arrived(of: Holder) -> int:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
    ) as grant:
        return actions.show_arrived(grant)


def extents(of: Holder) -> dict[str, Extent]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return dict(queries.extents(grant))


def in_force(of: Holder) -> frozenset[str]:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        return queries.masking_rules(grant).rules


def masked(of: Holder) -> set[UUID]:
    return {one for one, found in listed(of).items() if Visibility.MASQUE_PS in found.restrictions}


def seen_by(who: Professional, of: Holder) -> set[UUID]:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id for one in queries.documents(grant)}


def test_a_kind_is_masked_and_shown_again_in_one_act_each() -> None:
    camille, hospital = holder(), sender(organisation())
    blood = [deposit(camille, hospital, content=bytes([n])) for n in range(3)]
    other = deposit(camille, hospital, report())
    assert extents(camille)[BIOLOGY] == Extent(3, 3, 0)
    assert decides(camille, BIOLOGY) == 3
    assert masked(camille) == set(blood)
    assert extents(camille)[BIOLOGY] == Extent(3, 0, 3)
    kept = restrictions(camille)
    assert decides(camille, BIOLOGY) == 0
    assert restrictions(camille) == kept == 3
    assert decides(camille, BIOLOGY, on=False) == 3
    assert (masked(camille), restrictions(camille)) == (set(), 0)
    assert decides(camille, BIOLOGY, on=False) == 0
    assert other in listed(camille)


def test_what_arrives_later_of_a_masked_kind_is_masked_too_until_the_rule_is_lifted() -> None:
    camille, hospital = holder(), sender(organisation())
    decides(camille, BIOLOGY)
    blood, other = deposit(camille, hospital), deposit(camille, hospital, report())
    assert masked(camille) == {blood}
    decides(camille, BIOLOGY, on=False)
    assert masked(camille) == set()
    later = deposit(camille, hospital, content=b"later")
    assert masked(camille) == set() and {blood, other, later} == set(listed(camille))


def test_everything_is_masked_with_what_arrives_and_what_the_holder_adds() -> None:
    camille, hospital = holder(), sender(organisation())
    before = {deposit(camille, hospital), deposit(camille, hospital, report())}
    assert decides(camille, EVERYTHING) == 2
    (mine,) = add(camille, upload())
    later = deposit(camille, hospital, content=b"later")
    assert masked(camille) == before | {mine, later}
    assert decides(camille, EVERYTHING, on=False) == 4
    assert masked(camille) == set()


def test_masked_by_default_looks_ahead_only_both_ways() -> None:
    camille, hospital = holder(), sender(organisation())
    before = deposit(camille, hospital)
    assert decides(camille, NEW) == 0
    (mine,) = add(camille, upload())
    during = deposit(camille, hospital, content=b"during")
    assert masked(camille) == {mine, during}
    assert decides(camille, NEW, on=False) == 0
    after = deposit(camille, hospital, content=b"after")
    assert masked(camille) == {mine, during}
    assert {before, after} <= set(listed(camille))
    assert shows_arrived(camille) == 2
    assert masked(camille) == set()


def test_ending_a_rule_leaves_what_something_else_masks() -> None:
    camille, by = holder(), sender(organisation())
    alone, theirs = deposit(camille, by), deposit(camille, by, entry(visibility=MASKED))
    both = deposit(camille, by, content=b"both")
    mask(camille, alone)
    assert extents(camille)[BIOLOGY] == Extent(3, 1, 0)
    assert decides(camille, BIOLOGY) == 1
    assert decides(camille, EVERYTHING) == 0
    assert extents(camille)[BIOLOGY] == Extent(3, 0, 0)
    assert decides(camille, BIOLOGY, on=False) == 0
    assert masked(camille) == {alone, theirs, both}
    assert decides(camille, EVERYTHING, on=False) == 1
    assert masked(camille) == {alone, theirs}


@pytest.mark.parametrize("rule", [BIOLOGY, EVERYTHING])
def test_one_that_a_rule_masks_and_that_the_holder_masks_too_stays_masked_when_the_rule_ends(rule: str) -> None:
    """Near miss: the other, which they did not mask, shows again; asked again, no more masks; shown, none is left."""
    camille, hospital = holder(), sender(organisation())
    one, other = deposit(camille, hospital), deposit(camille, hospital, content=b"other")
    decides(camille, rule)
    for _ in range(2):
        mask(camille, one)
        assert (masked(camille), restrictions(camille)) == ({one, other}, 3)
    assert decides(camille, rule, on=False) == 1
    assert (masked(camille), restrictions(camille)) == ({one}, 1)
    decides(camille, rule)
    unmask(camille, one)
    assert (masked(camille), restrictions(camille)) == ({other}, 1)


def test_one_that_the_holder_shows_stays_shown_with_its_next_versions() -> None:
    camille, by = holder(), sender(organisation())
    one = deposit(camille, by)
    decides(camille, BIOLOGY)
    unmask(camille, one)
    two = deposit(camille, by, content=b"two", replaces=one)
    assert masked(camille) == set() and two in listed(camille)


def test_every_version_is_masked_and_shown_with_its_document() -> None:
    camille, by = holder(), sender(organisation())
    one = deposit(camille, by)
    two = deposit(camille, by, report(), replaces=one)
    assert extents(camille)[BIOLOGY] == Extent(1, 1, 0)
    assert decides(camille, BIOLOGY) == 1
    three = deposit(camille, by, report(), content=b"3", replaces=two)
    assert masked(camille) == {one, two, three}
    assert decides(camille, BIOLOGY, on=False) == 1
    assert masked(camille) == set()


def test_who_sees_what_arrives_masked() -> None:
    """C30: its author and the attending doctor; its depositor follows it as before."""
    camille, hospital, author = holder(), organisation(), professional()
    attending, other = professional("Zola"), professional("Petit")
    for who in (author, other):
        consents(camille, who)
    names_doctor(camille, attending)
    decides(camille, NEW)
    one = deposit(camille, sender(hospital), entry_by(author))
    assert [seen_by(who, camille) for who in (author, attending, other)] == [{one}, {one}, set()]
    assert set(own(camille, sender(hospital))) == {one}
    assert amend(camille, sender(hospital), one, Change()).visibility == OPEN


def entry_by(author: Professional) -> DocumentEntry:
    stated = entry()
    return replace(stated, authors=(replace(stated.authors[0], person_id=author.national_id),))


def _answers(of: Holder, by: Actor) -> list[object]:
    """All that a depositor is told of a deposit, of a new version, and of what they may change."""
    one = deposit(of, by)
    two = deposit(of, by, content=b"two", replaces=one)
    told = [amend(of, by, it, change) for it in (one, two) for change in (Change(), Change(visibility=MASKED))]
    statuses = list(own(of, by).values())
    return [statuses, [(one.status, one.visibility, one.changed_at) for one in told]]


@pytest.mark.parametrize("rule", [NEW, BIOLOGY])
def test_the_depositor_learns_nothing_and_costs_as_many_statements(rule: str) -> None:
    """Two worlds: with and without a rule, and with one that is about something else."""
    by, worlds = sender(organisation()), []
    for chosen in (rule, REPORTS, ""):
        camille = holder()
        decides(camille, chosen or NEW, on=bool(chosen))
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            told = _answers(camille, by)
        worlds.append((told, len(main), len(keys)))
    assert worlds[0] == worlds[1] == worlds[2]


@pytest.mark.parametrize("rule", [NEW, BIOLOGY])
def test_the_holder_learns_nothing_of_what_is_held_from_them(rule: str) -> None:
    """Two worlds: held alone, held as a new version, and a held version of another kind than what it replaces."""
    worlds = []
    for hiding in (True, False):
        camille, by = holder(), sender(organisation())
        shown = [deposit(camille, by, report()), deposit(camille, by)]
        if hiding:
            deposit(camille, by, entry(visibility=HELD), content=b"alone")
            deposit(camille, by, entry(visibility=HELD), content=b"version", replaces=shown[0])
            deposit(camille, by, report(visibility=HELD), content=b"version", replaces=shown[1])
        told: list[object] = [extents(camille), decides(camille, rule), extents(camille)]
        told.append([one in masked(camille) for one in shown])
        line = next(one for one in lines(camille) if one.verb is Verb.VISIBILITY)
        told.append(([shown.index(one) for one in line.objects], line.asked))
        told += [decides(camille, rule, on=False), shows_arrived(camille), extents(camille)]
        worlds.append(told)
    assert worlds[0] == worlds[1]


def test_what_is_held_is_masked_with_its_kind_when_it_shows() -> None:
    camille, hospital = holder(), sender(organisation())
    there = deposit(camille, hospital, entry(visibility=HELD))
    decides(camille, BIOLOGY)
    later = deposit(camille, hospital, entry(visibility=HELD), content=b"later")
    for one in (there, later):
        assert amend(camille, hospital, one, Change(visibility=OPEN)).visibility == OPEN
    assert masked(camille) == {there, later}


def test_one_line_says_it_and_names_the_newest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.record.rules.NOTED_AT_MOST", 2)
    camille, hospital = holder(), sender(organisation())
    every = [deposit(camille, hospital, content=bytes([n])) for n in range(4)]
    decides(camille, BIOLOGY)
    (line,) = [one for one in lines(camille) if one.verb is Verb.VISIBILITY]
    assert (line.objects, line.count) == (tuple(sorted(every, reverse=True)[:2]), 2)
    assert line.asked == {"rule": BIOLOGY, "act": "on", "count": "4"}


def test_an_act_on_many_costs_no_more_statements() -> None:
    counts = []
    for size in (1, 12):
        camille, hospital = holder(), sender(organisation())
        for number in range(size):
            deposit(camille, hospital, content=bytes([number]))
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            decides(camille, EVERYTHING)
            decides(camille, EVERYTHING, on=False)
        counts.append((len(main), len(keys)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("rule", ["", "nothing", "NEW", "biology ", "11502-2"])
def test_a_rule_that_does_not_exist_is_refused(rule: str) -> None:
    camille = holder()
    for on in (True, False):
        with pytest.raises(Refused) as caught:
            decides(camille, rule, on=on)
        assert caught.value.reason.code == "masking_unknown"
    assert in_force(camille) == frozenset()


def test_nobody_else_decides() -> None:
    camille, other = holder(), holder()
    for actor, purpose in ((other.actor, Purpose.HOLDER), (caring(professional()), Purpose.CARE)):
        with (
            pytest.raises(Refused),
            gate.open_record(actor=actor, patient=camille.patient, purpose=purpose, verb=Verb.VISIBILITY, at=AT),
        ):
            raise AssertionError("opened")


def test_rules_that_were_altered_mask_whatever_arrives() -> None:
    camille, hospital = holder(), sender(organisation())
    decides(camille, REPORTS)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_masking SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE patient_id = %s",
            [camille.patient],
        )
    one = deposit(camille, hospital)
    assert masked(camille) == {one}


def test_a_deposit_under_way_while_the_holder_decides_runs_again_and_arrives_masked() -> None:
    camille, hospital = holder(), sender(organisation())
    decides(camille, REPORTS)
    late = gate.open_record(
        actor=hospital, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT + timedelta(seconds=1)
    )
    with pytest.raises(Exception, match="could not serialize"), late as grant:
        elsewhere(lambda: decides(camille, BIOLOGY))
        from cast import submission

        actions.submit(grant, submission=submission(camille, document(entry())), headers=[None])
    one = deposit(camille, hospital)
    assert masked(camille) == {one}


@pytest.mark.parametrize("kept", ["rules", "restrictions"])
def test_the_length_of_what_is_sealed_tells_nothing(kept: str) -> None:
    lengths = set()
    for rule in (NEW, BIOLOGY, KINDS[12].slug):
        camille = holder()
        decides(camille, rule)
        one = deposit(camille, sender(organisation()))
        mask(camille, one)
        table = {"rules": "record_masking", "restrictions": "record_restriction"}[kept]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT length(sealed) FROM {table} WHERE patient_id = %s", [camille.patient])
            lengths |= {length for (length,) in cursor.fetchall()}
    assert len(lengths) == 1
