"""Copies of whole spaces, for the tests: asked for, made by the worker, taken apart."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client

from cast import Holder
from espace import edge
from espace.outbox.actions import done, lease
from espace.outbox.rules import registry
from espace.portal.copies.making import make_copy
from espace.record.events import CopyGoesOn
from portal.helpers import Member
from portal.security import entered

PAGE, ASK, TAKE, DROP = (f"/partage/copie/{word}" for word in ("", "demander/", "telecharger/", "supprimer/"))
LATER = timedelta(minutes=6)
"""When a copy that waits for the content store is gone on with."""


def row(of: Holder) -> Any:
    """State, step, done, total and id of the last copy of this space; None without one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, step, done, total, id FROM record_copy WHERE patient_id = %s ORDER BY id DESC",
            [of.patient],
        )
        return cursor.fetchone()


def waiting(of: Holder, at: datetime | None = None) -> list[CopyGoesOn]:
    """The steps that are due, taken off the queue."""
    found = lease(worker="test", at=at or edge.now(), limit=1000, known=registry((CopyGoesOn,)))
    done(*found)
    events = [one.event for one in found if isinstance(one.event, CopyGoesOn)]
    return [one for one in events if one.patient == of.patient]


def make(of: Member | Holder, steps: int = 100, *, at: datetime | None = None) -> int:
    """Take so many steps of this space's copy, or all that are due; how many there were."""
    whose = of.of if isinstance(of, Member) else of
    taken = 0
    while taken < steps and (events := waiting(whose, at)):
        for event in events:
            make_copy(event)
            taken += 1
    return taken


def browser_of(who: Member) -> Client:
    """Signed in with two factors just now."""
    return entered(who, edge.now())


def taken_by(browser: Client, path: str = TAKE) -> zipfile.ZipFile:
    answer: Any = browser.get(path)
    assert answer.status_code == 200, answer
    data = b"".join(answer.streaming_content)
    assert int(answer.headers["Content-Length"]) == len(data)
    answer.close()
    return zipfile.ZipFile(io.BytesIO(data))


def parts(copy: UUID) -> list[UUID]:
    """The names of its parts in the content store, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_copy_part WHERE copy_id = %s ORDER BY number", [copy])
        return [one for (one,) in cursor.fetchall()]
