"""Sealed bytes, as pure functions: key, nonce and salt are passed in.

An envelope is `algorithm (1) | key version (2, big endian) | nonce (12) | ciphertext and tag`, with
AES-256-GCM (NIST SP 800-38D), one message and one tag whatever its size: contents are far below GCM's 64 GB, and
there is no cut, swapped or repeated piece to think of. Up to `PIECE` it is sealed in one shot. What is larger is
sealed as it is written and opened as it is read, a piece after the other, to the same bytes as in one shot; what was
opened is given out when the tag has proven all of it, never before.
Random 96-bit nonces allow 2^32 messages under one key; a patient's keys never come near. The
platform's own key may, so its messages each get a derived key (`seal_derived`), from a 16-byte salt
that follows the version.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from espace.kernel.ids import PatientId
from espace.keys.facts import KeyKind, SealBroken

Data = bytes | memoryview
Opener = Callable[[bytes, bytes], bytes]
"""From sealed bytes, and what they are bound to, to what was sealed; SealBroken."""
_Decrypt = Callable[[bytes, Data, bytes], bytes]
KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
AES_256_GCM = 1
AES_256_GCM_DERIVED = 2

PIECE = 1024 * 1024
"""Bytes that are sealed or opened at once."""
_HEADER = 3
_TAG = 16
OVERHEAD = _HEADER + NONCE_BYTES + _TAG
"""How many bytes `seal` adds."""
_LABEL = b"espace-seal/v1\x00"


def context(table: str, *ids: UUID) -> bytes:
    """Where sealed bytes live: the table and the row they cannot be moved from."""
    return table.encode() + b"\x00" + b"".join(identifier.bytes for identifier in ids)


def patient_context(patient: PatientId, kind: KeyKind, inner: bytes = b"") -> bytes:
    """`inner` bound to a patient and a kind of key."""
    return patient.bytes + kind.encode() + b"\x00" + inner


def wrap_context(patient: PatientId, kind: KeyKind, version: int) -> bytes:
    """What binds a wrapped key to its row."""
    return patient_context(patient, kind, version.to_bytes(2))


def index_input(domain: str, value: str) -> bytes:
    """What a blind index is computed on: no value of one domain equals a value of another.

    A lone surrogate (JSON allows `"\\ud800"`) is hashed as it is rather than refused.
    """
    name = domain.encode()
    return b"espace-index/v1\x00" + len(name).to_bytes(2) + name + value.encode("utf-8", "surrogatepass")


def derive(key: bytes, purpose: bytes) -> bytes:
    """32 bytes for one purpose, from which neither the key nor those of another purpose can be told."""
    return hmac.digest(key, b"espace-derived-key/v1\x00" + purpose, hashlib.sha256)


def seal(key: bytes, version: int, nonce: bytes, plaintext: Data, bound: bytes) -> bytes:
    """An envelope of `plaintext`; `bound` is authenticated with it and not stored."""
    header = _header(AES_256_GCM, version)
    return _sealed(key, header, nonce, plaintext, bound)


@dataclass(frozen=True, slots=True)
class Sealing:
    """An envelope that is made while it is read, in pieces that are never all in memory: the same bytes each time,
    which are those that `seal` gives. The plaintext must not change."""

    _key: bytes = field(repr=False)
    _version: int
    _nonce: bytes
    _plaintext: Data = field(repr=False)
    _bound: bytes

    def __len__(self) -> int:
        return OVERHEAD + len(self._plaintext)

    def __iter__(self) -> Iterator[bytes]:
        if len(self._plaintext) <= PIECE:
            yield seal(self._key, self._version, self._nonce, self._plaintext, self._bound)
            return
        header, view = _header(AES_256_GCM, self._version), memoryview(self._plaintext)
        encryptor = Cipher(algorithms.AES(self._key), modes.GCM(self._nonce)).encryptor()
        encryptor.authenticate_additional_data(_LABEL + header + self._bound)
        yield header + self._nonce
        for start in range(0, len(view), PIECE):
            yield encryptor.update(view[start : start + PIECE])
        yield encryptor.finalize() + encryptor.tag


def key_version(sealed: bytes) -> int:
    """The version of the key that opens an envelope; SealBroken when this is none."""
    if len(sealed) < _HEADER + NONCE_BYTES + _TAG or sealed[0] not in (AES_256_GCM, AES_256_GCM_DERIVED):
        raise SealBroken("not an envelope")
    return int.from_bytes(sealed[1:_HEADER])


def open_sealed(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What `seal` was given; SealBroken on another key, other bytes or another `bound`."""
    return _opened(AES_256_GCM, key, sealed, _HEADER, bound)


def opener(key: bytes) -> Opener:
    """`open_sealed` with this key, again and again."""
    decrypt = AESGCM(key).decrypt

    def open(sealed: bytes, bound: bytes) -> bytes:
        return _decrypted(decrypt, AES_256_GCM, sealed, _HEADER, bound)

    return open


def open_in_pieces(key_of: Callable[[int], bytes], size: int, pieces: Iterator[bytes], bound: bytes) -> bytes:
    """What `seal` was given, of an envelope of `size` bytes that comes in pieces, the first of `OVERHEAD` at least;
    `key_of` gives the key of a version. SealBroken as `open_sealed`: nothing is given out before its end is proven."""
    first = next(pieces, b"")
    key = key_of(key_version(first))
    if len(first) >= size:
        return open_sealed(key, first, bound)
    if first[0] != AES_256_GCM:
        raise SealBroken("not an envelope of this algorithm")
    header, start = first[:_HEADER], _HEADER + NONCE_BYTES
    decryptor = Cipher(algorithms.AES(key), modes.GCM(first[_HEADER:start])).decryptor()
    decryptor.authenticate_additional_data(_LABEL + header + bound)
    whole, left, tag = BytesIO(bytes(size - OVERHEAD)), size - OVERHEAD, b""
    for piece in chain((first[start:],), pieces):
        sealed = memoryview(piece)[:left]
        whole.write(decryptor.update(sealed))
        left -= len(sealed)
        tag += piece[len(sealed) :][: _TAG + 1 - len(tag)]
    try:
        if left:
            raise SealBroken("an envelope cut short")
        decryptor.finalize_with_tag(tag)
    except (InvalidTag, ValueError):
        raise SealBroken("the seal does not hold") from None
    return whole.getvalue()


def seal_derived(key: bytes, version: int, salt: bytes, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """As `seal`, under a key derived from `key` and `salt` for this message alone."""
    header = _header(AES_256_GCM_DERIVED, version) + salt
    return _sealed(_derived(key, salt), header, nonce, plaintext, bound)


def open_derived(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What `seal_derived` was given; SealBroken on another key, other bytes or another `bound`."""
    salt = sealed[_HEADER : _HEADER + SALT_BYTES]
    return _opened(AES_256_GCM_DERIVED, _derived(key, salt), sealed, _HEADER + SALT_BYTES, bound)


def _sealed(key: bytes, header: bytes, nonce: bytes, plaintext: Data, bound: bytes) -> bytes:
    """The whole envelope, the ciphertext written where it stays: a BytesIO gives its bytes without a copy."""
    start = header + nonce
    whole = BytesIO(bytes(len(start) + len(plaintext) + _TAG))
    with whole.getbuffer() as view:
        view[: len(start)] = start
        AESGCM(key).encrypt_into(nonce, plaintext, _LABEL + header + bound, view[len(start) :])
    return whole.getvalue()


def _header(algorithm: int, version: int) -> bytes:
    return bytes((algorithm,)) + version.to_bytes(2)


def _derived(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(key, b"espace-derive/v1\x00" + salt, hashlib.sha256)


def _opened(algorithm: int, key: bytes, sealed: bytes, header_end: int, bound: bytes) -> bytes:
    return _decrypted(AESGCM(key).decrypt, algorithm, sealed, header_end, bound)


def _decrypted(decrypt: _Decrypt, algorithm: int, sealed: bytes, header_end: int, bound: bytes) -> bytes:
    header, start = sealed[:header_end], header_end + NONCE_BYTES
    if len(sealed) < start + _TAG or header[0] != algorithm:
        raise SealBroken("not an envelope of this algorithm")
    try:
        return decrypt(sealed[header_end:start], memoryview(sealed)[start:], _LABEL + header + bound)
    except InvalidTag:
        raise SealBroken("the seal does not hold") from None
