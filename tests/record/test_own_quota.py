"""A holder has room for so many documents of their own and so many bytes; what they removed counts while it is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from cast import AT, Holder, document, entry, holder, organisation
from espace.access import gate
from espace.edge import clock_at
from espace.kernel.words import RefusedProblems
from espace.record import rules
from espace.record.actions.forgetting import forget_removed
from record.filing import deposit
from record.owning import add, listed, refusing, remove, restore, upload

pytestmark = pytest.mark.django_db
FULL = [("own_full", "files")]


def words(size: int) -> bytes:
    """So many bytes that nobody added before."""
    return uuid4().hex.encode().ljust(size, b".")


@pytest.fixture
def three(settings: Any) -> None:
    settings.ESPACE_OWN_DOCUMENTS = 3


def refused(to: Holder, *sizes: int) -> None:
    before = listed(to)
    with refusing() as found:
        add(to, *(upload(words(size)) for size in sizes))
    assert found == FULL
    assert listed(to) == before


def test_the_default_is_a_thousand_documents_and_two_gigabytes(settings: Any) -> None:
    assert (settings.ESPACE_OWN_DOCUMENTS, settings.ESPACE_OWN_BYTES) == (1000, 2_000_000_000)


@pytest.mark.parametrize(
    ("count", "size", "room"), [(0, 0, True), (3, 100, True), (4, 100, False), (3, 101, False), (4, 101, False)]
)
def test_the_bounds_themselves_are_allowed(count: int, size: int, room: bool) -> None:
    assert rules.has_room(count, size, most=3, most_bytes=100) is room


@pytest.mark.usefixtures("three")
def test_the_last_one_that_fits_is_added_and_the_next_refused() -> None:
    camille = holder()
    add(camille, upload(words(40)), upload(words(40)))
    refused(camille, 40, 40)
    add(camille, upload(words(40)))
    refused(camille, 40)
    add(holder(), upload(words(40)))


def test_bytes_are_counted_to_the_last(settings: Any) -> None:
    settings.ESPACE_OWN_BYTES = 100
    camille = holder()
    add(camille, upload(words(60)))
    refused(camille, 41)
    add(camille, upload(words(40)))
    refused(camille, 32)


@pytest.mark.usefixtures("three")
def test_the_same_bytes_and_what_others_deposited_take_no_room() -> None:
    camille, same = holder(), words(40)
    for _n in range(2):
        deposit(camille, organisation(), document(entry()))
    (one,) = add(camille, upload(same))
    assert add(camille, upload(same), upload(same), upload(words(40)), upload(words(40)))[:2] == (one, one)
    assert add(camille, upload(same)) == (one,)
    refused(camille, 40)


@pytest.mark.usefixtures("three")
def test_what_is_removed_keeps_its_room_until_it_is_forgotten() -> None:
    """Otherwise whoever adds and removes would fill the store all the same."""
    camille = holder()
    one, two, _three = add(camille, upload(words(40)), upload(words(40)), upload(words(40)))
    remove(camille, one, two)
    refused(camille, 40)
    restore(camille, two)
    later = AT + timedelta(days=40)
    with clock_at(later):
        while forget_removed(at=later, limit=1000):
            pass
    (four,) = add(camille, upload(words(40)), days=40)
    assert four in listed(camille)
    refused(camille, 40)


@pytest.mark.usefixtures("three")
def test_two_at_once_do_not_pass_the_bound_together() -> None:
    camille = holder()
    add(camille, upload(words(40)), upload(words(40)))

    def one() -> bool:
        try:
            gate.run_again(lambda: add(camille, upload(words(40))))
        except RefusedProblems:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as people:
        assert sorted(future.result() for future in [people.submit(one) for _n in range(4)]) == [False] * 3 + [True]
    assert len(listed(camille)) == 3
