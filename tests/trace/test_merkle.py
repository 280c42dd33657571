"""The tree of RFC 6962: published vectors, every proof of small trees, and that forged proofs fail."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.trace.rules.merkle import consistency_proof, consistent, included, inclusion_proof, leaf_hash, root

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_the_published_vectors() -> None:
    assert [root(LEAVES[:size]).hex() for size in range(9)] == ROOTS


def test_an_inclusion_proof_is_that_of_the_published_vectors() -> None:
    assert [step.hex() for step in inclusion_proof(0, LEAVES)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_consistency_proof_is_that_of_the_published_vectors() -> None:
    assert [step.hex() for step in consistency_proof(6, LEAVES)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def _leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(number.to_bytes(4)).digest() for number in range(count)]


def test_every_leaf_of_every_small_tree_is_proved_and_no_other() -> None:
    for size in (*range(1, 34), 63, 64, 65):
        leaves = _leaves(size)
        tree = root(leaves)
        for index in range(size):
            proof = inclusion_proof(index, leaves)
            assert included(leaves[index], index, size, proof, tree)
            assert not included(leaves[index - 1], index, size, proof, tree) or size == 1
            assert not included(leaves[index], (index + 1) % size, size, proof, tree) or size == 1


def test_every_small_tree_is_proved_to_extend_its_beginnings_and_no_other() -> None:
    roots = {size: root(_leaves(size)) for size in range(1, 41)}
    for size in range(1, 41):
        leaves = _leaves(size)
        for old in range(1, size + 1):
            proof = consistency_proof(old, leaves)
            assert consistent(old, roots[old], size, roots[size], proof)
            assert not consistent(old, bytes(32), size, roots[size], proof)
            assert not consistent(old, roots[old], size, bytes(32), proof)


@given(st.integers(2, 200), st.data())
def test_a_proof_with_one_bit_changed_one_step_less_or_more_is_refused(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof, tree = inclusion_proof(index, leaves), root(leaves)
    step = data.draw(st.integers(0, len(proof) - 1))
    altered = bytearray(proof[step])
    altered[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    for forged in (
        (*proof[:step], bytes(altered), *proof[step + 1 :]),
        (*proof[:step], *proof[step + 1 :]),
        (*proof[:step], bytes(32), *proof[step:]),
        (*proof, bytes(32)),
    ):
        assert not included(leaves[index], index, size, forged, tree)


@given(st.integers(2, 200), st.data())
def test_a_consistency_proof_changed_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    old = data.draw(st.integers(1, size - 1))
    proof, before, after = consistency_proof(old, leaves), root(leaves[:old]), root(leaves)
    step = data.draw(st.integers(0, len(proof) - 1))
    altered = bytearray(proof[step])
    altered[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    for forged in (
        (*proof[:step], bytes(altered), *proof[step + 1 :]),
        (*proof[:step], *proof[step + 1 :]),
        (*proof, bytes(32)),
        (),
    ):
        assert not consistent(old, before, size, after, forged)


@given(st.integers(2, 100), st.data())
def test_a_leaf_changed_removed_or_moved_changes_the_root(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    index = data.draw(st.integers(0, size - 2))
    moved = [*leaves[:index], leaves[index + 1], leaves[index], *leaves[index + 2 :]]
    removed = leaves[:index] + leaves[index + 1 :]
    changed = [*leaves[:index], bytes(32), *leaves[index + 1 :]]
    assert len({root(tree) for tree in (leaves, moved, removed, changed)}) == 4


def test_a_node_never_passes_for_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert root([left + right]) != root([b"a", b"b"])


def test_outside_the_tree_there_is_no_proof() -> None:
    for index in (-1, 8):
        with pytest.raises(IndexError, match=str(index)):
            inclusion_proof(index, LEAVES)
    for size in (-1, 0, 9):
        with pytest.raises(IndexError, match=str(size)):
            consistency_proof(size, LEAVES)
    assert not included(LEAVES[0], 8, 8, (), root(LEAVES))
    assert not included(LEAVES[0], 1, 1, (), root(LEAVES[:1]))
    assert not included(LEAVES[0], -1, 8, (), root(LEAVES))
    assert not consistent(0, root([]), 8, root(LEAVES), ())
    assert not consistent(9, root(LEAVES), 8, root(LEAVES), ())
    assert consistent(8, root(LEAVES), 8, root(LEAVES), ())
    assert not consistent(8, root(LEAVES), 8, root(LEAVES), (bytes(32),))
