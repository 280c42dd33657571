"""Reading keys. Nothing is kept from one request to the next: a destroyed key is gone at once."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from espace.edge import random_bytes
from espace.kernel.ids import PatientId
from espace.kernel.words import Grant
from espace.keys import rules
from espace.keys.adapters import DATABASE, check_mark, key_service, signing
from espace.keys.facts import KeyKind, KeysDestroyed, KeyServiceUnavailable, KeysMissing, LogKey, SealBroken

Unsealing = Callable[[bytes, UUID], bytes]
"""From the sealed bytes of a row, and its id, to what was sealed; KeysDestroyed or SealBroken."""


@dataclass(frozen=True, slots=True)
class PatientKeys:
    """One patient's keys, by kind and version; None where the key was destroyed.

    `context` says where the sealed bytes live (`rules.context(table, row id)`): bytes moved to another
    row, patient or kind raise SealBroken. A kind that was destroyed raises KeysDestroyed, one that was
    never made KeysMissing.
    """

    patient: PatientId
    _keys: dict[KeyKind, dict[int, bytes | None]] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether every kind was made at some time, destroyed or not."""
        return len(self._keys) == len(KeyKind)

    def destroyed(self, kind: KeyKind) -> bool:
        versions = self._keys.get(kind)
        return versions is not None and not any(versions.values())

    def seal(self, kind: KeyKind, plaintext: bytes, context: bytes) -> bytes:
        """Seal under the newest key of this kind: 31 bytes longer than `plaintext`."""
        version = max(self._versions(kind))
        bound = rules.patient_context(self.patient, kind, context)
        return rules.seal(self._key(kind, version), version, random_bytes(rules.NONCE_BYTES), plaintext, bound)

    def sealing(self, kind: KeyKind, plaintext: rules.Data, context: bytes) -> rules.Sealing:
        """What `seal` gives, in pieces, for what may be large."""
        version = max(self._versions(kind))
        bound = rules.patient_context(self.patient, kind, context)
        return rules.Sealing(
            self._key(kind, version), version, random_bytes(rules.NONCE_BYTES), plaintext, bound
        )

    def open(self, kind: KeyKind, sealed: bytes, context: bytes) -> bytes:
        """What was sealed; KeysDestroyed, KeysMissing or SealBroken."""
        self._versions(kind)
        bound = rules.patient_context(self.patient, kind, context)
        return rules.open_sealed(self._key(kind, rules.key_version(sealed)), sealed, bound)

    def opening(self, kind: KeyKind, table: str) -> Unsealing:
        """`open` for many rows of one table: what is the same for each is made once."""
        self._versions(kind)
        start = rules.patient_context(self.patient, kind, rules.context(table))
        found: dict[int, rules.Opener] = {}

        def open(sealed: bytes, row: UUID) -> bytes:
            version = rules.key_version(sealed)
            opener = found.get(version) or found.setdefault(version, rules.opener(self._key(kind, version)))
            return opener(sealed, start + row.bytes)

        return open

    def open_in_pieces(self, kind: KeyKind, size: int, pieces: Iterator[bytes], context: bytes) -> bytes:
        """What was sealed, of `size` sealed bytes that come in pieces; as `open`."""
        self._versions(kind)
        bound = rules.patient_context(self.patient, kind, context)
        return rules.open_in_pieces(partial(self._key, kind), size, pieces, bound)

    def derived(self, kind: KeyKind, purpose: bytes) -> bytes:
        """32 bytes for one purpose, always the same: of the first key of this kind. It may be told to the patient, and
        leads to no other."""
        return rules.derive(self._key(kind, min(self._versions(kind))), purpose)

    def _versions(self, kind: KeyKind) -> dict[int, bytes | None]:
        if self.destroyed(kind):
            raise KeysDestroyed(kind)
        if kind not in self._keys:
            raise KeysMissing(kind)
        return self._keys[kind]

    def _key(self, kind: KeyKind, version: int) -> bytes:
        versions = self._versions(kind)
        if version not in versions:
            raise SealBroken(f"this patient has no {kind} key of version {version}")
        key = versions[version]
        if key is None:
            raise KeysDestroyed(kind)
        return key


def patient_keys(patient: PatientId) -> PatientKeys:
    """A patient's keys, in one SELECT; empty for somebody for whom none was made."""
    return patient_keys_of((patient,))[patient]


def keys_of(grant: Grant) -> PatientKeys:
    """The keys of an opened record: read at first need, then at hand for the life of the grant."""
    if not isinstance(grant.keys, PatientKeys):
        grant.keys = patient_keys(grant.patient)
    return grant.keys


def patient_keys_of(
    patients: Collection[PatientId], kinds: Collection[KeyKind] = tuple(KeyKind)
) -> dict[PatientId, PatientKeys]:
    """The keys of several patients, in one SELECT; every patient asked for is answered, with these kinds of keys."""
    found = {patient: PatientKeys(patient, {}) for patient in patients}
    service = key_service()
    for patient, kind_code, version, wrapped in _rows(patients, kinds):
        kind = KeyKind(kind_code)
        bound = rules.wrap_context(patient, kind, version)
        key = None if wrapped is None else service.unwrap(bytes(wrapped), bound)
        found[patient]._keys.setdefault(kind, {})[version] = key
    return found


def blind_index(domain: str, value: str) -> bytes:
    """32 bytes by which `value` is looked up and from which it cannot be guessed without the key service.

    `domain` separates uses ("ins", "unique_id", "email"): the same value gives unrelated bytes.
    The caller normalises `value` first.
    """
    return key_service().hmac(rules.index_input(domain, value))


def seal_system(domain: str, data: bytes, context: bytes = b"") -> bytes:
    """Seal what belongs to no patient, for this use (`domain`) and this row (`context`): 47 bytes longer."""
    return key_service().seal(data, _system_context(domain, context))


def open_system(domain: str, sealed: bytes, context: bytes = b"") -> bytes:
    """What `seal_system` was given; SealBroken for other bytes, another domain or context."""
    return key_service().open(sealed, _system_context(domain, context))


def log_keys() -> tuple[LogKey, ...]:
    """The public keys of the log, those that sign first; none before its first checkpoint."""
    return tuple(sorted(signing.public_keys(Path(settings.ESPACE_KEYS_FOLDER)), key=lambda key: key.retired))


def health() -> None:
    """KeyServiceUnavailable unless the service answers and is the one these databases were sealed with."""
    service = key_service()
    service.health()
    check_mark(service)


def _system_context(domain: str, context: bytes) -> bytes:
    name = domain.encode()
    return len(name).to_bytes(2) + name + context


def _rows(
    patients: Collection[PatientId], kinds: Collection[KeyKind]
) -> list[tuple[PatientId, str, int, bytes | None]]:
    try:
        with connections[DATABASE].cursor() as cursor:
            cursor.execute(
                "SELECT patient_id, kind, version, wrapped FROM wrapped_key "
                "WHERE patient_id = ANY(%s) AND kind = ANY(%s)",
                [list[UUID](patients), [kind.value for kind in kinds]],
            )
            return [(PatientId(row[0]), row[1], row[2], row[3]) for row in cursor.fetchall()]
    except (OperationalError, InterfaceError) as error:
        raise KeyServiceUnavailable(f"the keys database: {type(error).__name__}") from None
