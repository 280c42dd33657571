"""The sealed blocks of a record, opened part by part. One that was altered says nothing: what it said is in its
document still."""

import logging
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar
from uuid import UUID

from espace.clinical import rules
from espace.clinical.facts import Fact
from espace.kernel.words import Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken

PARTS = HEADS, FEW, MANY, TEXT = tuple(f"clinical_block{part}" for part in ("_heads", "", "_many", "_text"))
"""Where each part of a block is sealed for, in the order of `rules.Parts`."""

_OF_THE_RECORD = """
FROM clinical_block b WHERE b.patient_id = %(patient)s
  AND NOT EXISTS (SELECT FROM clinical_choice c WHERE c.patient_id = b.patient_id)
"""
_UNLESS = "UNION ALL SELECT patient_id, NULL, NULL, NULL FROM clinical_choice WHERE patient_id = %(patient)s"
_SELECT = "SELECT b.entry_id, b.sealed, CASE WHEN %(many)s THEN b.many END, NULL"
EVERY = f"{_SELECT} {_OF_THE_RECORD} {_UNLESS}"
"""Of a document that was read and states nothing, a row where all is null; where the holder wants nothing to be
extracted, one such row in the name of the patient."""
SEARCHED = f"""
SELECT b.entry_id, b.sealed, CASE WHEN %(many)s THEN b.many END,
  CASE WHEN b.entry_id = ANY(%(entries)s) AND b.text IS NOT NULL THEN
    CASE WHEN sum(octet_length(b.text)) FILTER (WHERE b.entry_id = ANY(%(entries)s)) OVER (ORDER BY b.entry_id DESC)
      <= %(most)s THEN b.text ELSE ''::bytea END END
{_OF_THE_RECORD} {_UNLESS}
"""
"""The same with the texts of these documents, the last ones deposited first, as long as they are so many bytes in all;
one that is beyond is empty. Others of the record count for nothing: what is hidden shortens no search."""
SOME = f"{_SELECT} {_OF_THE_RECORD} AND b.sealed IS NOT NULL AND b.entry_id = ANY(%(entries)s)"
"""Of a few documents: to look up a thousand one by one takes longer than to read all of a record."""
TOLD_APART = f"SELECT b.entry_id, b.heads{_OF_THE_RECORD} AND b.heads IS NOT NULL"

Read = Callable[[bytes, rules.Many | None], tuple[Fact, ...]]
"""The facts of a block, out of its parts: the few and the frequent."""
T = TypeVar("T")
_integrity = logging.getLogger("espace.integrity")


class Opening:
    """The blocks of one patient, opened one after the other; `altered`: one of them was."""

    def __init__(self, grant: Grant) -> None:
        self.altered = False
        self._unseal = cache(partial(keys.keys_of(grant).opening, KeyKind.METADATA))

    def part(self, part: str, entry: UUID, sealed: bytes, read: Callable[[bytes], T], instead: T) -> T:
        try:
            return read(self._unseal(part)(sealed, entry))
        except SealBroken:
            self.altered = True
            _integrity.error("a block of facts was altered", extra={"entry": str(entry)})
            return instead

    def facts(self, entry: UUID, few: bytes, many: bytes | None, read: Read) -> tuple[Fact, ...]:
        frequent = partial(self._unseal(MANY), many, entry) if many else None
        return self.part(FEW, entry, few, lambda plain: read(plain, frequent), ())
