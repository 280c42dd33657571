"""Health topics: the documents that the holder links are masked and shown in one act, and nobody else learns of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cast import AT, Holder, consents, entry, holder, names_doctor, organisation, professional, sender
from espace.access import gate
from espace.kernel.words import Grant, Purpose, Verb
from espace.record import actions, queries
from espace.record.facts import Change, Extent
from record.owning import add, opened, refusing, remove, upload
from record.secret import as_holder, as_proxy, minor, mother_of
from record.test_amending import HELD, MASKED, amend, deposit, elsewhere, lines, listed
from record.test_masking import mask, restrictions, unmask
from record.test_masking_rules import BIOLOGY, decides, entry_by, masked, report, seen_by
from record.test_secret_care import told

pytestmark = pytest.mark.django_db
T = TypeVar("T")


def does(of: Holder, act: Callable[..., T], *said: object) -> T:
    with opened(of, Verb.VISIBILITY) as grant:
        return act(grant, *said)


def make(of: Holder, name: str = "Santé mentale") -> UUID:
    return does(of, lambda grant: actions.make_topic(grant, name=name))


def link(of: Holder, topic: UUID, *documents: UUID) -> int:
    return does(of, actions.link, topic, documents)


def unlink(of: Holder, topic: UUID, *documents: UUID) -> int:
    return does(of, actions.unlink, topic, documents)


def hide(of: Holder, topic: UUID) -> int:
    return does(of, actions.mask_topic, topic)


def show(of: Holder, topic: UUID) -> int:
    return does(of, actions.show_topic, topic)


def topics(of: Holder) -> list[tuple[str, bool, Extent]]:
    with opened(of, Verb.HISTORY) as grant:
        return [(one.name, one.masked, one.extent) for one in queries.topics(grant)]


def links(of: Holder) -> dict[UUID, frozenset[UUID]]:
    return {one.id: one.topics for one in listed(of).values() if one.topics}


def test_what_is_linked_is_masked_and_shown_in_one_act_each_and_nothing_else() -> None:
    camille, hospital = holder(), sender(organisation())
    one, letter, other = deposit(camille, hospital), deposit(camille, hospital, report()), deposit(camille, hospital)
    mind = make(camille)
    assert link(camille, mind, one, letter) == 0
    assert topics(camille) == [("Santé mentale", False, Extent(2, 2, 0))]
    assert masked(camille) == set()
    assert hide(camille, mind) == 2
    assert masked(camille) == {one, letter}
    assert topics(camille) == [("Santé mentale", True, Extent(2, 0, 2))]
    assert (hide(camille, mind), restrictions(camille)) == (0, 2)
    assert show(camille, mind) == 2
    assert (masked(camille), restrictions(camille)) == (set(), 0)
    assert (show(camille, mind), links(camille)) == (0, {one: {mind}, letter: {mind}})
    assert other in listed(camille)


def test_linking_to_a_masked_topic_masks_at_once_and_taking_off_it_shows() -> None:
    camille, hospital = holder(), sender(organisation())
    one, mind = deposit(camille, hospital), make(camille)
    hide(camille, mind)
    assert link(camille, mind, one) == 1
    assert masked(camille) == {one}
    assert (link(camille, mind, one), restrictions(camille)) == (0, 1)
    assert unlink(camille, mind, one) == 1
    assert (masked(camille), links(camille), restrictions(camille)) == (set(), {}, 0)


def test_what_something_else_masks_stays_masked() -> None:
    camille, by = holder(), sender(organisation())
    alone, theirs = deposit(camille, by), deposit(camille, by, entry(visibility=MASKED))
    kind, twice = deposit(camille, by, content=b"kind"), deposit(camille, by, report())
    mind, blood = make(camille), make(camille, "Addictions")
    link(camille, mind, alone, theirs, kind, twice)
    link(camille, blood, twice)
    mask(camille, alone)
    assert decides(camille, BIOLOGY) == 1
    assert (hide(camille, mind), hide(camille, blood)) == (1, 0)
    assert show(camille, mind) == 0
    assert masked(camille) == {alone, theirs, kind, twice}
    assert does(camille, actions.remove_topic, blood) == 1
    assert masked(camille) == {alone, theirs, kind}
    assert topics(camille) == [("Santé mentale", False, Extent(4, 1, 0))]


def test_one_that_the_holder_masks_after_its_topic_stays_masked_when_that_ends() -> None:
    camille, by = holder(), sender(organisation())
    one, other, mind = deposit(camille, by), deposit(camille, by, content=b"other"), make(camille)
    link(camille, mind, one, other)
    hide(camille, mind)
    mask(camille, one)
    assert show(camille, mind) == 1
    assert masked(camille) == {one}


def test_every_version_follows_those_to_come_and_those_that_are_held() -> None:
    camille, hospital = holder(), sender(organisation())
    first, mind = deposit(camille, hospital), make(camille)
    second = deposit(camille, hospital, replaces=first)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=second)
    link(camille, mind, second)
    assert hide(camille, mind) == 1
    last = deposit(camille, hospital, content=b"last", replaces=held)
    amend(camille, hospital, last, Change(visibility=frozenset()))
    assert masked(camille) == {first, second, held, last}
    assert set(links(camille)) == {first, second, held, last}
    assert unlink(camille, mind, first) == 1
    assert (masked(camille), links(camille), restrictions(camille)) == (set(), {}, 0)


def test_one_that_the_holder_shows_stays_shown_until_the_topic_is_masked_again() -> None:
    camille, by = holder(), sender(organisation())
    one, mind = deposit(camille, by), make(camille)
    link(camille, mind, one)
    hide(camille, mind)
    unmask(camille, one)
    two = deposit(camille, by, content=b"two", replaces=one)
    assert masked(camille) == set()
    assert topics(camille) == [("Santé mentale", True, Extent(1, 1, 0))]
    does(camille, actions.choose_topics, one, [mind])
    assert masked(camille) == set()
    assert hide(camille, mind) == 1
    assert masked(camille) == {one, two}


def test_who_sees_what_a_topic_masks() -> None:
    """C30: its author and the attending doctor."""
    camille, author, attending, other = holder(), professional(), professional("Zola"), professional("Petit")
    for who in (author, other):
        consents(camille, who)
    names_doctor(camille, attending)
    one, mind = deposit(camille, sender(organisation()), entry_by(author)), make(camille)
    link(camille, mind, one)
    hide(camille, mind)
    assert [seen_by(who, camille) for who in (author, attending, other)] == [{one}, {one}, set()]


def test_what_is_held_is_not_there_and_counts_nowhere() -> None:
    """Two worlds: with and without what is held, alone or as the new version of what is linked."""
    worlds = []
    for hiding in (True, False):
        camille, hospital = holder(), sender(organisation())
        shown, mind = deposit(camille, hospital), make(camille)
        held = uuid4()
        if hiding:
            deposit(camille, hospital, entry(visibility=HELD), content=b"2", replaces=shown)
            held = deposit(camille, hospital, entry(visibility=HELD), content=b"alone")
        answers: list[object] = []
        for act in (actions.link, actions.unlink):
            with refusing() as found:
                does(camille, act, mind, [shown, held])
            answers.append(list(found))
        answers += [links(camille), link(camille, mind, shown), hide(camille, mind), topics(camille)]
        answers += [(one.asked, len(one.objects)) for one in lines(camille) if one.verb is Verb.VISIBILITY]
        answers += [show(camille, mind), topics(camille)]
        worlds.append(answers)
    assert worlds[0] == worlds[1]
    assert worlds[0][0] == [("document_unknown", "")]


def test_all_or_none_and_absent_like_somebody_else_s() -> None:
    camille, stranger = holder(), holder()
    (own,), (strange,) = add(camille, upload()), add(stranger, upload())
    mine, theirs = make(camille), make(stranger)
    for other in (strange, uuid4()):
        with refusing() as found:
            link(camille, mine, own, other)
        assert found == [("document_unknown", "")]
    acts: list[Callable[[Grant, UUID], object]] = [
        lambda grant, topic: actions.link(grant, topic, [own]),
        lambda grant, topic: actions.unlink(grant, topic, [own]),
        lambda grant, topic: actions.choose_topics(grant, own, [mine, topic]),
        lambda grant, topic: actions.rename_topic(grant, topic, name="Autre"),
        actions.mask_topic,
        actions.show_topic,
        actions.remove_topic,
    ]
    for act in acts:
        for topic in (theirs, uuid4()):
            with refusing() as found:
                does(camille, act, topic)
            assert found == [("topic_unknown", "")]
    assert links(camille) == {}
    with refusing() as found:
        link(camille, mine, *(uuid4() for _ in range(101)))
    assert found == [("too_many_at_once", "")]


def test_names_are_one_each_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.record.rules.TOPICS_AT_MOST", 2)
    camille = holder()
    mind, other = make(camille, "  Santé\n mentale "), make(camille, "Addictions")
    assert make(camille, "SANTÉ MENTALE") == mind
    with refusing() as found:
        does(camille, lambda grant: actions.rename_topic(grant, other, name="santé mentale"))
    assert found == [("topic_exists", "name")]
    with refusing() as found:
        make(camille, "Fertilité")
    assert found == [("topics_too_many", "")]
    for name in ("", " \t", "\u202e\u200b", "x" * 81):
        with refusing() as found:
            make(camille, name)
        assert found == [("topic_name_refused", "name")]
    does(camille, lambda grant: actions.rename_topic(grant, other, name="x" * 80))
    assert [name for name, _, _ in topics(camille)] == ["Santé mentale", "x" * 80]


def test_a_minor_s_own_topics_are_nothing_to_who_stands_for_them() -> None:
    leo = minor()
    mother, (one,) = mother_of(leo), add(leo, upload())
    own = as_holder(leo, Verb.VISIBILITY, lambda grant: actions.make_topic(grant, name="Contraception"))
    as_holder(leo, Verb.VISIBILITY, lambda grant: actions.link(grant, own, [one]))
    as_holder(leo, Verb.VISIBILITY, lambda grant: actions.mask_topic(grant, own))
    assert as_proxy(leo, mother, Verb.HISTORY, queries.topics) == ()
    assert as_proxy(leo, mother, Verb.HISTORY, queries.topic_names) == {}
    assert [one for one in told(leo, mother) if one.verb is Verb.VISIBILITY] == []
    with refusing() as found:
        as_proxy(leo, mother, Verb.VISIBILITY, lambda grant: actions.show_topic(grant, own))
    assert found == [("topic_unknown", "")]
    hers = as_proxy(leo, mother, Verb.VISIBILITY, lambda grant: actions.make_topic(grant, name="Contraception"))
    assert hers != own
    as_proxy(leo, mother, Verb.VISIBILITY, lambda grant: actions.choose_topics(grant, one, [hers]))
    as_proxy(leo, mother, Verb.VISIBILITY, lambda grant: actions.choose_topics(grant, one, []))
    assert listed(leo)[one].topics == {own}
    assert [line.asked["act"] for line in told(leo, mother) if line.verb is Verb.VISIBILITY and line.asked][::-1] == [
        "made", "chosen", "chosen"
    ]  # fmt: skip
    seen = as_holder(leo, Verb.HISTORY, queries.topics)
    assert [(one.id, one.masked) for one in seen] == [(own, True), (hers, False)]


def test_folders_pins_and_topics_do_not_undo_one_another() -> None:
    camille = holder()
    (own,), mind = add(camille, upload()), make(camille)
    link(camille, mind, own)
    with opened(camille, Verb.ARRANGE) as grant:
        foot = actions.make_folder(grant, name="Pied")
        actions.arrange(grant, documents=[own], folder=foot, pinned=True)
    other = make(camille, "Addictions")
    link(camille, other, own)
    with opened(camille, Verb.ARRANGE) as grant:
        actions.remove_folder(grant, folder=foot)
    one = listed(camille)[own]
    assert (one.folder, one.pinned, one.topics) == (None, True, {mind, other})
    remove(camille, own)
    hide(camille, mind)
    with opened(camille, Verb.RESTORE) as grant:
        actions.restore(grant, documents=[own])
    assert masked(camille) == {own}


def test_a_deleted_document_keeps_no_link() -> None:
    camille, hospital = holder(), sender(organisation())
    one, mind = deposit(camille, hospital), make(camille)
    link(camille, mind, one)
    amend(camille, hospital, one, Change(deleted=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_arrangement WHERE patient_id = %s", [camille.patient])
        assert cursor.fetchone()[0] == 0
    assert topics(camille) == [("Santé mentale", False, Extent(0, 0, 0))]


def test_lines_say_how_many_and_never_which_topic() -> None:
    camille, hospital = holder(), sender(organisation())
    one, mind = deposit(camille, hospital), make(camille, "Addictions")
    link(camille, mind, one)
    hide(camille, mind)
    does(camille, actions.remove_topic, mind)
    said = [line.asked for line in lines(camille) if line.verb is Verb.VISIBILITY][::-1]
    assert said == [
        {"rule": "topic", "act": act, "count": count}
        for act, count in (("made", "0"), ("linked", "1"), ("on", "1"), ("gone", "1"))
    ]


def test_nothing_of_a_topic_is_in_clear_nor_told_by_a_length() -> None:
    lengths: dict[str, set[int]] = {"record_topic": set(), "record_arrangement": set(), "record_restriction": set()}
    for names in (["Sida"], ["Maladie \"rare\" é" * 4, *map(str, range(11))]):
        camille = holder()
        (own,) = add(camille, upload())
        with opened(camille, Verb.VISIBILITY) as grant:
            made = [actions.make_topic(grant, name=name) for name in names]
            actions.choose_topics(grant, own, made)
        hide(camille, next(iter(links(camille)[own])))
        for table, found in lengths.items():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT length(sealed), sealed FROM {table} WHERE patient_id = %s", [camille.patient])
                for length, sealed in cursor.fetchall():
                    found.add(length)
                    assert all(name.encode() not in bytes(sealed) for name in names if len(name) > 3)
    assert all(len(found) == 1 for found in lengths.values()), lengths


def test_a_topic_that_was_altered_has_no_name_and_masks_what_is_linked() -> None:
    camille = holder()
    (own,), mind = add(camille, upload()), make(camille)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_topic SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE patient_id = %s",
            [camille.patient],
        )
    assert topics(camille) == [("", True, Extent(0, 0, 0))]
    assert link(camille, mind, own) == 1
    assert masked(camille) == {own}
    does(camille, lambda grant: actions.rename_topic(grant, mind, name="Genou"))
    assert show(camille, mind) == 1
    assert topics(camille) == [("Genou", False, Extent(1, 1, 0))]


def late(of: Holder) -> AbstractContextManager[Grant]:
    return gate.open_record(
        actor=of.actor,
        patient=of.patient,
        purpose=Purpose.HOLDER,
        verb=Verb.VISIBILITY,
        at=AT + timedelta(seconds=1),
    )


def test_a_link_under_way_while_the_topic_is_masked_runs_again() -> None:
    camille, hospital = holder(), sender(organisation())
    one, mind = deposit(camille, hospital), make(camille)
    with pytest.raises(Exception, match="could not serialize"), late(camille) as grant:
        elsewhere(lambda: hide(camille, mind))
        actions.link(grant, mind, [one])
    assert link(camille, mind, one) == 1
    assert masked(camille) == {one}


def test_a_new_version_that_is_filed_while_its_document_is_linked_has_the_link() -> None:
    camille, hospital = holder(), sender(organisation())
    one, mind = deposit(camille, hospital), make(camille)
    hide(camille, mind)
    with pytest.raises(Exception, match="could not serialize"), late(camille) as grant:
        queries.stored(grant)
        elsewhere(lambda: deposit(camille, hospital, content=b"two", replaces=one))
        actions.link(grant, mind, [one])
    link(camille, mind, one)
    assert len(masked(camille)) == 2


def test_an_act_on_many_costs_no_more_statements() -> None:
    counts = []
    for size in (1, 5):
        camille, hospital = holder(), sender(organisation())
        every, mind = [deposit(camille, hospital, content=bytes([n])) for n in range(size)], make(camille)
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            link(camille, mind, *every)
            hide(camille, mind)
            unlink(camille, mind, *every[:1])
            show(camille, mind)
        counts.append((len(main), len(keys)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("verb", [Verb.HISTORY, Verb.MASK, Verb.ARRANGE])
def test_each_act_needs_its_verb(verb: Verb) -> None:
    camille = holder()
    with pytest.raises(TypeError), opened(camille, verb) as grant:
        actions.make_topic(grant, name="Genou")
    with pytest.raises(TypeError), opened(camille, verb) as grant:
        actions.mask_topic(grant, uuid4())
