"""What documents said that were replaced since: what was known before, and no more."""

from collections.abc import Collection, Iterable
from datetime import datetime

from espace.clinical.facts import Kind, Sourced
from espace.clinical.queries.blocks import SOME
from espace.clinical.queries.extracted import facts_among
from espace.clinical.rules.changes import replaced_since
from espace.kernel.words import Grant
from espace.record.facts import Document


def said_then(
    grant: Grant, documents: Iterable[Document], since: datetime, kinds: Collection[Kind]
) -> tuple[Sourced, ...]:
    """The facts of those that were current at that moment and no longer are, among these documents, which the reader
    may see. One statement, where there is any."""
    replaced = replaced_since(documents, since)
    return facts_among(grant, replaced, kinds, statement=SOME).facts if replaced else ()
