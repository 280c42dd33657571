"""Tiles answer as whole lists of leaves do (rules/merkle.py), whatever the size, and read few rows for it."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.trace.rules import merkle, tiles
from espace.trace.rules.tiles import EMPTY_ROOT, WIDTH, Tree, edge, full_tiles_needed, width_of

LEAVES = [sha256(number.to_bytes(4)).digest() for number in range(66_000)]
HASHES = [[merkle.leaf_hash(leaf) for leaf in LEAVES]]
while len(HASHES[-1]) >= WIDTH:
    row = HASHES[-1]
    HASHES.append([tiles.complete_root(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)])


def stored(size: int) -> Tree:
    """The tree of the first `size` leaves, as its full tiles and its edge give it, and nothing more."""

    def fetch(level: int, number: int) -> bytes:
        width = width_of(level, number, size)
        return b"".join(HASHES[level][number * WIDTH : number * WIDTH + width])

    return Tree(size, fetch)


sizes = st.one_of(st.integers(1, 700), st.sampled_from([1, 255, 256, 257, 511, 512, 513, 1024, 1025]))


@given(sizes)
@settings(max_examples=60)
def test_the_root_is_that_of_the_leaves(size: int) -> None:
    assert stored(size).root() == merkle.root(LEAVES[:size])


def test_no_leaf_has_the_root_of_nothing() -> None:
    assert stored(0).root() == EMPTY_ROOT == merkle.root([])


@given(sizes, st.data())
@settings(max_examples=60)
def test_inclusion_proofs_are_those_of_the_leaves(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert stored(size).inclusion(index) == merkle.inclusion_proof(index, LEAVES[:size])


@given(sizes, st.data())
@settings(max_examples=60)
def test_consistency_proofs_are_those_of_the_leaves(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    assert stored(size).consistency(old) == merkle.consistency_proof(old, LEAVES[:size])


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 66_000])
def test_a_tree_of_three_levels_proves_its_leaves_with_few_tiles(size: int) -> None:
    tree = stored(size)
    for index in (0, 255, 256, size // 2, size - 1):
        assert merkle.included(LEAVES[index], index, size, tree.inclusion(index), tree.root())
        asked = full_tiles_needed(size, lambda one, at=index: one.inclusion(at))
        assert len(asked) <= 4
    for old in (1, 256, 257, 65_535):
        proof = tree.consistency(old)
        assert merkle.consistent(old, stored(old).root(), size, tree.root(), proof)
        assert len(full_tiles_needed(size, lambda one, at=old: one.consistency(at))) <= 8


def test_a_hash_is_made_once_however_often_a_tree_is_asked() -> None:
    fetched: list[tuple[int, int]] = []
    whole = stored(600)

    def fetch(level: int, number: int) -> bytes:
        fetched.append((level, number))
        return whole.fetch(level, number)

    tree = Tree(600, fetch)
    assert tree.root() == tree.root() == merkle.root(LEAVES[:600])
    assert sorted(set(fetched)) == [(0, 2), (1, 0)] and len(fetched) == 4


def test_the_full_tiles_of_a_proof_are_known_before_any_is_read() -> None:
    assert full_tiles_needed(600, lambda one: one.inclusion(3)) == {(0, 0)}
    assert full_tiles_needed(600, lambda one: one.inclusion(520)) == set()
    assert full_tiles_needed(66_000, lambda one: one.inclusion(300)) == {(0, 1), (1, 0)}


def test_the_edge_is_what_no_full_tile_holds() -> None:
    assert edge(0) == []
    assert edge(1) == [(0, 0)]
    assert edge(256) == [(1, 0)]
    assert edge(300) == [(0, 1), (1, 0)]
    assert edge(65_536 + 256 + 3) == [(0, 257), (1, 1), (2, 0)]


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_nothing_outside_the_tree_is_proved(index: int) -> None:
    with pytest.raises(IndexError) as caught:
        stored(5).inclusion(index)
    assert caught.value.args == (index,)


@pytest.mark.parametrize("old", [-1, 0, 6])
def test_no_consistency_with_nothing_or_with_more(old: int) -> None:
    with pytest.raises(IndexError) as caught:
        stored(5).consistency(old)
    assert caught.value.args == (old,)
