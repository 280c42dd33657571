"""« Proches »: inviting, answering, ending, contesting; by the pages, as people do it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cast import represents
from espace import edge
from espace.access import gate
from espace.edge import now
from espace.identity.actions import mandates
from espace.identity.facts.mandates import Helps
from espace.identity.queries.mandates import contested
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from portal.helpers import Member, member, signed_in
from portal.test_spaces import BORN, Family, places, words

RELATIVES = "/partage/proches/"
INVITE = f"{RELATIVES}inviter/"


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made, hashed = list[str](), mandates.token_hash

    def token_hash(token: str) -> bytes:
        made.append(token)
        return hashed(token)

    monkeypatch.setattr(mandates, "token_hash", token_hash)
    return made


@pytest.fixture(autouse=True)
def confirmed_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second factor was given lately; that it is asked for is the first test's."""
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: True)


def addressed(given: str = "MARIE") -> Member:
    """Somebody with an account and its address."""
    return member(given=given, email=f"{uuid4().hex}@exemple.fr")


def address(who: Member) -> str:
    return str(get_user_model().objects.get(pk=who.account).email)


def invited(browser: Client, to: str, path: str = INVITE, **said: str) -> Any:
    return browser.post(path, {"address": to, "scope": "read", "day": "", **said}, follow=True)


def accepts(browser: Client, path: str) -> Any:
    return browser.post(path, {"reponse": "accepter", "declared": "on"}, follow=True)


def test_inviting_asks_for_a_second_factor_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: False)
    camille = member()
    asked = signed_in(camille).get(INVITE)
    assert asked["Location"] == "/securite/confirmer/?suite=%2Fpartage%2Fproches%2Finviter%2F"
    marie, leo = member(given="MARIE"), member(given="LÉO", born=BORN)
    root = f"/pour/{represents(marie.of, leo.of)}"
    asked = signed_in(marie).get(f"{root}{RELATIVES}representant/")
    assert asked["Location"].startswith("/securite/confirmer/?suite=%2Fpour%2F")


def test_a_carer_is_invited_accepts_helps_and_leaves(tokens: list[str]) -> None:
    camille, marie = member(), addressed()
    browser, hers = signed_in(camille), signed_in(marie)
    assert "Personne pour l’instant." in words(browser.get(RELATIVES))
    assert "Inviter un aidant" in words(browser.get(INVITE))
    done = invited(browser, address(marie))
    assert f"une invitation part vers {address(marie)}" in words(done)
    assert "N’ont pas encore répondu" in words(done) and "Annuler l’invitation" in words(done)
    asked = hers.get(f"/aider/{tokens[0]}/")
    assert "Camille Duval vous demande de l’aider dans son espace de santé." in words(asked)
    assert "Je certifie aider Camille Duval avec son accord" in words(asked)
    unsaid = hers.post(f"/aider/{tokens[0]}/", {"reponse": "accepter"})
    assert unsaid.status_code == 422 and "cochez la déclaration" in words(unsaid)
    there = accepts(hers, f"/aider/{tokens[0]}/")
    assert "Vous aidez Camille Duval" in words(there) and there.redirect_chain[0][0].startswith("/pour/")
    shown = words(browser.get(RELATIVES))
    assert "Marie Duval Proche aidant" in shown and "Peut lire les documents" in shown
    mine = hers.get(RELATIVES)
    leave = next(one for one in places(mine) if one.endswith("/quitter/"))
    assert "Ne plus aider Camille Duval ?" in words(hers.get(leave))
    left = hers.post(leave, follow=True)
    assert left.redirect_chain[0][0].startswith("/partage/proches/")
    assert "vous n’aidez plus Camille Duval." in words(left)
    assert "N’aident plus Marie Duval" in words(browser.get(RELATIVES))
    told = words(browser.get("/partage/historique/"))
    assert "Marie Duval (proche aidant) a mis fin à l’aide de Marie Duval" in told
    assert "Vous avez invité quelqu’un à aider ici" in told


def test_the_holder_takes_an_invitation_back_and_ends_a_help(tokens: list[str]) -> None:
    camille, marie = member(), addressed()
    browser, hers = signed_in(camille), signed_in(marie)
    for accepted in (False, True):
        page = invited(browser, address(marie), scope="act")
        if accepted:
            accepts(hers, f"/aider/{tokens[-1]}/")
            page = browser.get(RELATIVES)
        end = next(one for one in places(page) if one.endswith("/terminer/"))
        assert browser.get(end).status_code == 200
        browser.post(end)
        refused = hers.get(f"/aider/{tokens[-1]}/")
        assert refused.status_code == 404 and "Cette invitation n’est pas valable, ou ne l’est plus." in words(refused)
    assert "Vous avez mis fin à l’aide de Marie Duval" in words(browser.get("/partage/historique/"))


def test_an_invitation_is_for_one_address_and_for_who_is_signed_in(tokens: list[str]) -> None:
    camille, marie, thief = member(), addressed(), addressed("EVE")
    invited(signed_in(camille), address(marie))
    path = f"/aider/{tokens[0]}/"
    assert Client().get(path)["Location"] == f"/connexion/?next={path}"
    foreign, forged = signed_in(thief).get(path), signed_in(thief).get("/aider/nulle-part/")
    assert (foreign.status_code, forged.status_code) == (404, 404)
    assert words(foreign) == words(forged) and "Camille" not in words(foreign)
    assert accepts(signed_in(thief), path).status_code == 404
    declined = signed_in(marie).post(path, {"reponse": "refuser"}, follow=True)
    assert "vous n’aidez pas Camille Duval." in words(declined)
    assert "A refusé le" in words(signed_in(camille).get(RELATIVES))


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"address": "nulle part"}, "Écrivez une adresse électronique entière"),
    ({"address": ""}, "Écrivez une adresse électronique."),
    ({"scope": ""}, "Choisissez ce que cette personne pourra faire."),
    ({"scope": "tout"}, "Sélectionnez un choix valide"),
    ({"day": "hier"}, "Écrivez une date"),
    ({"day": "2020-01-01"}, "Choisissez une date à venir"),
    ({"day": "9999-12-31"}, "Choisissez une date à venir"),
)


def test_what_is_typed_wrong_is_said_and_kept() -> None:
    browser = signed_in(member())
    for said, told in WRONG:
        page = invited(browser, **{"to": "marie@exemple.fr", **said})
        assert page.status_code == 422 and told in words(page), said


def test_what_an_authority_stated_is_answered_from_home_and_the_second_parent_is_invited(tokens: list[str]) -> None:
    marie, leo, yann = member(given="MARIE"), member(given="LÉO", born=BORN), addressed("YANN")
    authority = Actor(ActorKind.SYSTEM, uuid4(), "Assurance maladie")
    with gate.open_record(
        actor=authority, patient=leo.of.patient, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=now()
    ) as grant:
        stated = mandates.state_mandate(grant, helper=marie.of.patient, kind=Helps.PARENT)
    hers = signed_in(marie)
    path = f"/aider/declaration/{stated.id}/"
    assert path in places(hers.get("/"))
    assert "Je certifie être le représentant légal de Léo Duval." in words(hers.get(path))
    assert hers.get(f"/pour/{stated.id}/").status_code == 403
    there = accepts(hers, path)
    assert "Vous aidez Léo Duval" in words(there) and path not in places(hers.get("/"))
    near = f"/pour/{stated.id}{RELATIVES}"
    assert "Qui aide Léo Duval" in words(hers.get(near)) and f"{near}representant/" in places(hers.get(near))
    invited(hers, address(yann), f"{near}representant/")
    second = signed_in(yann)
    assert "Marie Duval vous demande d’aider Léo Duval" in words(second.get(f"/aider/{tokens[0]}/"))
    accepts(second, f"/aider/{tokens[0]}/")
    assert f"{near}representant/" not in places(hers.get(near))
    refused = invited(hers, address(yann), f"{near}representant/")
    assert refused.status_code == 409 and "deux représentants légaux" in words(refused)
    assert f"{near}terminer/" not in str(places(signed_in(leo).get(RELATIVES)))


def test_a_child_contests_a_parent_once() -> None:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=BORN)
    one = Family(marie, leo, represents(marie.of, leo.of))
    his = signed_in(leo)
    contest = next(path for path in places(his.get(RELATIVES)) if path.endswith("/contester/"))
    assert "Son accès continue en attendant" in words(his.get(contest))
    done = his.post(contest, follow=True)
    assert "l’exploitant va regarder l’accès de Marie Duval" in words(done)
    assert contest not in places(done) and "Accès contesté le" in words(done)
    assert one.mandate in {found.reference for found in contested()}
    assert signed_in(marie).get(f"{one.root}/documents/").status_code == 200


def test_nobody_ends_or_contests_what_is_not_there() -> None:
    browser = signed_in(member())
    for act in ("terminer", "contester"):
        path = f"{RELATIVES}{uuid4()}/{act}/"
        assert [browser.get(path).status_code, browser.post(path).status_code] == [404, 404]
    assert browser.get(f"{RELATIVES}quitter/").status_code == 404


def test_it_is_over_on_its_last_day(tokens: list[str]) -> None:
    camille, marie = member(), addressed()
    yesterday = now() - timedelta(days=1)
    with edge.clock_at(now() - timedelta(days=3)):
        invited(signed_in(camille), address(marie), day=yesterday.date().isoformat())
        there = accepts(signed_in(marie), f"/aider/{tokens[0]}/")
    assert "Vous aidez Camille Duval" in words(there)
    root = re.match(r"/pour/[^/]+", there.redirect_chain[0][0])
    assert root
    over = signed_in(marie).get(f"{root[0]}/documents/")
    assert over.status_code == 403 and "Votre accès à cet espace a pris fin à la date prévue." in words(over)
