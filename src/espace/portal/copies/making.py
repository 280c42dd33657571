"""The worker makes a copy: one step for each event, in the name of whoever asked for it."""

import logging
from collections.abc import Sequence
from functools import partial

from espace import edge
from espace.access import gate
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Refused, Verb
from espace.portal.copies.data import bundle, choices, proofs
from espace.portal.copies.files import files
from espace.portal.copies.history import history_data, history_page
from espace.portal.copies.index import index
from espace.record.actions.copying import Last, end_copy, go_on, wait_for_store
from espace.record.adapters import content_store
from espace.record.events import CopyGoesOn

LAST: Sequence[Last] = (
    partial(history_page, language="fr"),
    partial(history_page, language="en"),
    history_data,
    bundle,
    choices,
    proofs,
    partial(index, language="fr"),
    partial(index, language="en"),
)
"""What comes after the documents, in this order: a step that is cut short goes on with the next one."""

_log = logging.getLogger("espace.worker")


def make_copy(event: CopyGoesOn) -> None:
    """One step. Whoever may not have the copy any more, for the space was closed or their mandate ended, gets none;
    while the content store does not answer, it waits, and nothing is noted."""
    at = edge.now()
    try:
        content_store().check()
    except OSError:
        wait_for_store(event, at=at)
        return
    try:
        gate.run_again(partial(_step, event))
    except Refused as refused:
        _log.info("a copy is given up", extra={"code": refused.reason.code})
        end_copy(event, at=at)


def _step(event: CopyGoesOn) -> None:
    actor = Actor(ActorKind.HOLDER, event.account, event.name, patient=PatientId(event.own))
    with gate.open_record(
        actor=actor,
        patient=PatientId(event.patient),
        purpose=event.purpose,
        verb=Verb.COPY,
        at=edge.now(),
        channel="portal",
    ) as grant:
        go_on(grant, event=event, files=files, last=LAST)
