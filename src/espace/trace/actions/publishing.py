"""Signing the tree, for everybody outside: a checkpoint when there is something new, at most one a second."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from espace.keys.actions import log_origin, sign_log
from espace.trace.actions.sequencing import locked
from espace.trace.facts import Checkpoint
from espace.trace.queries.published import LogBroken, checkpoint, leaf_count, tree
from espace.trace.rules.notes import checkpoint_text, signed_note
from espace.trace.rules.tiles import Tree

SHORTEST = timedelta(seconds=1)
_INSERT = "INSERT INTO trace_checkpoint (size, root, note, at) VALUES (%s, %s, %s, %s)"


def publish(*, at: datetime, origin: str) -> bool:
    """Sign a checkpoint of all leaves, and say whether it was: not when there are no new ones, when the last one is
    younger than a second, or when a sequencer is at work.

    `origin` names the log at its very first checkpoint. Raises LogBroken when the tree does not extend what was signed
    last: no signature covers up a change; KeyServiceUnavailable when the log's keys are gone.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if not locked(cursor):
            return False
        last, size = checkpoint(), leaf_count()
        if size == (last.size if last else 0) or (last and timedelta(0) <= at - last.at < SHORTEST):
            return False
        root = _root_extending(last, size)
        text = checkpoint_text(log_origin(origin, first=last is None), size, root)
        cursor.execute(_INSERT, [size, root, signed_note(text, sign_log(text)), at])
    return True


def _root_extending(last: Checkpoint | None, size: int) -> bytes:
    if last is None:
        return tree(size, Tree.root).root()
    if size < last.size:
        raise LogBroken(f"{size} leaves, and {last.size} were signed")
    if tree(last.size, Tree.root).root() != last.root:
        raise LogBroken(f"the first {last.size} leaves are not those that were signed")
    return tree(size, Tree.root).root()
