"""A professional at their desk: signed in without the detour by a provider, for the tests of pages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from cast import AT, Holder, document, entry, organisation, sender, submission
from espace import edge
from espace.access import gate
from espace.identity.actions.sessions import begin_professional_session
from espace.identity.facts import Professional
from espace.identity.facts.sessions import ProviderNames
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import actions as record
from espace.wire.nomenclature import CLASSES, class_of
from espace.wire.xds import Author, Coded
from espace.workstation.sessions import SIGNED_IN
from reading import reading_only


class Desk(Client):
    """A browser in which this professional is signed in; a GET writes nothing but its trace."""

    def __init__(self, who: Professional, *, regulates: bool = False) -> None:
        super().__init__()
        at = edge.now()
        session_id = begin_professional_session(
            professional=who.id,
            organisation=who.activities[0].organisation,
            names=ProviderNames("https://psc.exemple.fr", str(who.id), ""),
            at=at,
            until=at + timedelta(hours=8),
            regulates=regulates,
        )
        session = self.session
        session[SIGNED_IN] = {"session": str(session_id), "seen": at.isoformat(), "id_token": "", "leave": ""}
        session.save()

    def get(self, *words: Any, **named: Any) -> Any:
        with reading_only():
            return super().get(*words, **named)


def file(
    of: Holder,
    title: str,
    *,
    visibility: frozenset[Visibility] = frozenset(),
    type_code: str = "11502-2",
    author: str = "",
    content: bytes = b"Bilan",
) -> UUID:
    """A plain document in the record, deposited by a hospital; `author` is the national id of who wrote it."""
    by = organisation()
    stated = entry(title=title, visibility=visibility)
    stated = replace(
        stated,
        type=Coded(type_code),
        class_=CLASSES[class_of(type_code) or "10"],
        authors=(Author(family="Le Goff", given="Lise", person_id=author, institution=by.name),),
    )
    with gate.open_record(
        actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        return record.submit(grant, submission=submission(of, document(stated, content)), headers=[None]).documents[0]
