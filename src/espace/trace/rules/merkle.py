"""The tree of RFC 6962, section 2.1: one root over all leaves, and proofs about it.

Leaves are given as their data (here the commitments). A proof is a tuple of 32-byte hashes.
"""

import hashlib
from collections.abc import Sequence

Proof = tuple[bytes, ...]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle Tree Hash; that of no leaf is SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _root([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> Proof:
    """The audit path of leaf `index` (from 0) in the tree of `leaves`; IndexError outside it."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return _path(index, [leaf_hash(leaf) for leaf in leaves])


def consistency_proof(size: int, leaves: Sequence[bytes]) -> Proof:
    """That the tree of `leaves` only adds to its own first `size` leaves; IndexError outside it."""
    if not 0 < size <= len(leaves):
        raise IndexError(size)
    return _subproof(size, [leaf_hash(leaf) for leaf in leaves], whole=True)


def included(leaf: bytes, index: int, size: int, proof: Proof, tree_root: bytes) -> bool:
    """Whether `leaf` is number `index` of the tree of `size` leaves with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf_hash(leaf)
    for step in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(step, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    return last == 0 and found == tree_root


def consistent(old_size: int, old_root: bytes, size: int, tree_root: bytes, proof: Proof) -> bool:
    """Whether the tree of `size` leaves extends that of `old_size` (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == tree_root
    steps = (old_root, *proof) if old_size & (old_size - 1) == 0 else proof
    if not steps:
        return False
    number, last = old_size - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, step)
        number, last = number >> 1, last >> 1
    return last == 0 and old == old_root and new == tree_root


def _split(count: int) -> int:
    """The largest power of two below `count` (two or more)."""
    return 1 << (count - 1).bit_length() - 1


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    middle = _split(len(hashes))
    return node_hash(_root(hashes[:middle]), _root(hashes[middle:]))


def _path(index: int, hashes: Sequence[bytes]) -> Proof:
    if len(hashes) == 1:
        return ()
    middle = _split(len(hashes))
    if index < middle:
        return (*_path(index, hashes[:middle]), _root(hashes[middle:]))
    return (*_path(index - middle, hashes[middle:]), _root(hashes[:middle]))


def _subproof(size: int, hashes: Sequence[bytes], *, whole: bool) -> Proof:
    if size == len(hashes):
        return () if whole else (_root(hashes),)
    middle = _split(len(hashes))
    if size <= middle:
        return (*_subproof(size, hashes[:middle], whole=whole), _root(hashes[middle:]))
    return (*_subproof(size - middle, hashes[middle:], whole=False), _root(hashes[:middle]))
