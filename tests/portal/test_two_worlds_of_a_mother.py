"""A mother in her child's space: with and without all that secret care leaves there, every page is the same to the byte
once random ids are canonical, and so are the mails to anybody; the child reads all of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from cast import AT, names_doctor, professional, represents
from espace import edge
from espace.access import actions as access
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Step
from espace.identity.facts import Professional
from espace.kernel.words import Verb, Visibility
from espace.record import actions as record
from espace.record import queries
from espace.site import worker
from portal.helpers import member, signed_in
from portal.test_reading_pages import text
from record.secret import BORN, agrees, as_holder, as_professional
from record.test_secret_care import files

pytestmark = pytest.mark.usefixtures("db")
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
PAGES = (
    "", "documents/", "documents/supprimes/", "partage/", "partage/historique/", "partage/visibilite/",
    "documents/dossiers/", "documents/?dossier=aucun", "partage/professionnels/", "avis/", "partage/signalements/",
    "partage/voir-comme/", "partage/proches/",
)  # fmt: skip
ABOUT_ONE = ("", "masquer/", "ouvrir/")
OF_A_FOLDER = ("?dossier={}", "dossiers/{}/renommer/", "dossiers/{}/supprimer/")
FEW_LINES = (*(f"portal.pages.{page}.RECENT" for page in ("home", "documents", "lines")), "trace.queries.MOST_LINES")
OF_ANNE = ("bloquer/", "debloquer/", "masques/")


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    """What other tests left to the worker is no part of these worlds."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")


class World:
    """A child with an account, a mother, an attending doctor; and, or not, secret care by somebody else."""

    def __init__(self, people: tuple[Professional, Professional], *, secret: bool) -> None:
        self.anne, self.paul = people
        self.addresses = [f"{uuid4().hex}@exemple.fr" for _ in range(2)]
        self.child = member(given="LÉO", born=BORN, email=self.addresses[0])
        self.mother = member(given="MARIE", email=self.addresses[1])
        for who in (self.child, self.mother):
            assert enrolment.move(patient=who.of.patient, step=Step.ACTIVATE, at=AT)
        self.kept: UUID = uuid4()
        self.folders = {"Contraception": uuid4(), "Gynéco": uuid4()}
        self.mandate = represents(self.mother.of, self.child.of, at=AT)
        self._settle(AT)
        names_doctor(self.child.of, self.paul, at=AT + timedelta(minutes=1))
        self._settle(AT + timedelta(minutes=1))
        self.shown = files(self.child.of, self.paul, "Vaccins", secret=False, at=AT + timedelta(minutes=2))
        self._settle(AT + timedelta(minutes=2))
        if secret:
            self._secretly(AT + timedelta(minutes=3))
        later = AT + timedelta(minutes=9)
        as_professional(self.child.of, self.paul, Verb.LIST, queries.documents, secret=False, at=later)
        for day in (0, 15, 32):  # a result that is held: when the law would have them invited to consult, and its end
            self._settle(later + timedelta(days=day))

    def _settle(self, at: datetime) -> None:
        with edge.clock_at(at):
            worker.run_until_idle()

    def _secretly(self, at: datetime) -> None:
        """All that it may leave: consent, documents, a hold, readings, refusals, folders, a topic, an end, a block."""
        leo, anne, paul = self.child.of, self.anne, self.paul
        agrees(leo, anne, at=at)
        self.kept = files(leo, anne, "Contraception", at=at)
        for name, one in (("Contraception", self.kept), ("Gynéco", self.shown)):  # in the second, what she sees
            self.folders[name] = as_holder(leo, Verb.ARRANGE, partial(record.make_folder, name=name), at=at)
            put = partial(record.arrange, documents=[one], folder=self.folders[name])
            as_holder(leo, Verb.ARRANGE, put, at=at)
        files(leo, anne, "Contraception, corrigé", replaces=self.kept, at=at)
        files(leo, anne, "Résultat", labels=HELD, at=at)
        as_professional(leo, anne, Verb.LIST, queries.documents, at=at)
        as_professional(leo, anne, Verb.DOWNLOAD, lambda grant: queries.content(grant, self.kept), at=at)
        as_professional(leo, paul, Verb.READ, lambda grant: queries.document(grant, self.kept), secret=False, at=at)
        agrees(leo, paul, at=at)
        topic = as_holder(leo, Verb.VISIBILITY, lambda grant: record.make_topic(grant, name="Contraception"), at=at)
        as_holder(leo, Verb.VISIBILITY, lambda grant: record.link(grant, topic, [self.kept]), at=at)
        as_holder(leo, Verb.VISIBILITY, lambda grant: record.mask_topic(grant, topic), at=at)
        self._settle(at)
        as_holder(leo, Verb.BLOCK, lambda grant: access.block(grant, anne), at=at)

    def mailed(self, every: list[EmailMessage]) -> list[tuple[int, str]]:
        """To the child (0) and to the mother (1), what."""
        return sorted((n, one.subject) for n, to in enumerate(self.addresses) for one in every if one.to == [to])

    def page(self, browser: Client, path: str) -> tuple[int, str]:
        answer = browser.get(f"/pour/{self.mandate}/{path}")
        return answer.status_code, self._canonical(f"{answer.headers.get('Location', '')} {_body(answer)}")

    def _canonical(self, said: str) -> str:
        ins = self.child.of.ins.number
        for number, word in ((ins, "INS"), (self.mother.of.ins.number, "INS"), (str(self.mandate), "MANDATE")):
            said = said.replace(number, word)
        said = re.sub(r'(csrfmiddlewaretoken" value="|envoi" value="|filtre=|fait=)[^"&]+', r"\1TOKEN", said)
        known: dict[str, str] = {}
        ids = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
        return re.sub(ids, lambda found: known.setdefault(found[0], f"<{len(known)}>"), said)


def _body(answer: Any) -> str:
    data: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode(errors="replace")


def test_every_page_of_a_mother_is_the_same(mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch) -> None:
    people = professional("Morel", "Anne"), professional("Petit", "Paul")
    worlds = [World(people, secret=secret) for secret in (True, False)]
    sent = [world.mailed(mailoutbox) for world in worlds]
    assert sent[0] == sent[1] and len(sent[1]) >= 3
    browsers = [signed_in(world.mother) for world in worlds]
    asked: list[Callable[[World], str]] = [lambda _, path=path: path for path in PAGES]  # type: ignore[misc]
    asked += [lambda world, act=act: f"documents/{world.kept}/{act}" for act in ABOUT_ONE]  # type: ignore[misc]
    asked += [lambda world: f"documents/{world.shown}/", lambda world: f"documents/ranger/?document={world.shown}"]
    asked += [lambda world, path=path, name=name: f"documents/{path.format(world.folders[name])}"  # type: ignore[misc]
              for path in OF_A_FOLDER for name in ("Contraception", "Gynéco")]  # fmt: skip
    asked += [lambda world, act=act: f"partage/professionnels/{people[0].id}/{act}" for act in OF_ANNE]  # type: ignore[misc]
    different, read = [], 0
    start = edge.now().replace(microsecond=0) + timedelta(seconds=2)  # after every line that is there
    for where in FEW_LINES:
        monkeypatch.setattr(f"espace.{where}", 5)  # fewer than secret care left
    for number, path in enumerate(asked):
        with edge.clock_at(start + timedelta(seconds=number)):
            answers = [world.page(browser, path(world)) for world, browser in zip(worlds, browsers, strict=True)]
        read += answers[0][0] == 200
        assert all(word not in answers[0][1] for word in ("Contraception", "Résultat", "Gynéco"))
        if answers[0] != answers[1]:
            different.append((path(worlds[1]), *_first(answers[0][1], answers[1][1])))
    monkeypatch.undo()
    assert not different, "\n".join(map(str, different))
    assert read >= len(PAGES)
    assert "Morel" not in worlds[0].page(browsers[0], "partage/historique/")[1]
    own = signed_in(worlds[0].child)
    for path in ("partage/historique/", "avis/"):  # the month of the law has passed too
        told = text(own.get(f"/{path}"))
        assert all(words in told for words in ("Anne Morel", "Contraception", "Résultat"))


def _first(one: str, other: str) -> tuple[str, str]:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 80) : at + 120], other[max(0, at - 80) : at + 120]
