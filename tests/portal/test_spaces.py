"""The space of somebody whom one helps: the same pages at an address of their own, by whose right, and no other's."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cast import cares, represents
from espace.access import gate
from espace.edge import now
from espace.identity.actions import mandates
from espace.identity.facts.mandates import Scope
from espace.kernel.words import Purpose, Verb, Visibility
from espace.looks import cards
from portal.helpers import Member, file, member, signed_in
from portal.own import documents_of, text_file
from portal.test_statements import statements

TEXT = b"Rien d'anormal."
BORN = date(2011, 3, 22)
FOLDERS = "/documents/dossiers/"


@dataclass(frozen=True)
class Family:
    """Marie, her son Léo, and the way from her space to his."""

    marie: Member
    leo: Member
    mandate: UUID

    @property
    def root(self) -> str:
        return f"/pour/{self.mandate}"


@pytest.fixture
def family() -> Family:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=BORN)
    return Family(marie, leo, represents(marie.of, leo.of))


def carer(of: Member, *, scope: Scope = Scope.ACT) -> tuple[Member, str]:
    """Somebody who cares for this holder, and where they do."""
    email = f"{uuid4().hex}@exemple.fr"
    paul = member(given="PAUL", email=email)
    return paul, f"/pour/{cares(paul.of, of.of, address=email, scope=scope)}"


def words(answer: Any) -> str:
    """What is read on a page."""
    body = re.sub(r"<(script|style|template).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def places(answer: Any) -> set[str]:
    """The addresses of a page: links, and where its forms go."""
    found = re.findall(r'(?:href|action)="(/[^"#?]*)', answer.content.decode())
    return {one for one in found if not one.startswith("/static/")}


def ended(one: Family) -> None:
    with gate.open_record(
        actor=one.marie.of.actor, patient=one.leo.of.patient, purpose=Purpose.PROXY, verb=Verb.END_HELP, at=now()
    ) as grant:
        mandates.end_help(grant, one.mandate)


def test_every_page_says_whose_space_it_is_and_leads_nowhere_else(family: Family) -> None:
    browser = signed_in(family.marie)
    name = file(family.leo.of, TEXT, title="Radio du poignet")
    own = {"/", "/langue/", "/deconnexion/"}
    for path in ("/", "/documents/", f"/documents/{name}/", "/partage/", "/partage/historique/", "/documents/ajouter/"):
        page = browser.get(family.root + path)
        assert page.status_code == 200, path
        assert "Vous aidez Léo Duval" in words(page) and "Marie Duval" in words(page)
        assert {one for one in places(page) if not one.startswith(f"{family.root}/")} == own, path
    assert "Radio du poignet" in words(browser.get(f"{family.root}/"))
    assert "Les documents de Léo Duval" in words(browser.get(f"{family.root}/documents/"))


def test_one_goes_from_one_s_own_space_to_theirs_and_back(family: Family) -> None:
    browser = signed_in(family.marie)
    home = browser.get("/")
    assert f"{family.root}/" in places(home) and "Vous aidez" not in words(home)
    assert "Mon espace" in words(home) and "Léo Duval" in words(home)
    assert "Mon espace" not in words(signed_in(family.leo).get("/"))


def test_who_helps_nobody_pays_nothing_for_it_and_who_does_two_statements(family: Family) -> None:
    alone = len(statements(signed_in(member()), "/documents/"))
    both = signed_in(family.marie)
    assert len(statements(both, "/documents/")) == alone + 2
    there = statements(both, f"{family.root}/documents/")
    assert len(there) <= 16
    written = [sql for sql in there if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
    assert {sql.split()[2].strip('"') for sql in written} <= {"trace_event", "outbox_event", "trace_pending"}


def test_a_form_of_one_space_never_changes_another_whatever_other_tabs_show(family: Family) -> None:
    browser = signed_in(family.marie)
    browser.get(f"{family.root}{FOLDERS}")
    browser.get("/documents/")  # another tab, in her own space
    done = browser.post(f"{family.root}{FOLDERS}", {"name": "Orthodontie"})
    assert done.status_code == 302 and done["Location"].startswith(f"{family.root}{FOLDERS}")
    assert "Orthodontie" in words(signed_in(family.leo).get(FOLDERS))
    assert "Orthodontie" not in words(browser.get(FOLDERS))


def test_who_added_a_document_is_named_to_each(family: Family) -> None:
    browser = signed_in(family.marie)
    form = {"chosen": [text_file()], "type_code": "DOCPAT02", "title": "Carnet", "day": ""}
    browser.post(f"{family.root}/documents/ajouter/", form)
    assert "Ajouté par vous" in words(browser.get(f"{family.root}/documents/"))
    assert "Ajouté par Marie Duval, qui vous aide" in words(signed_in(family.leo).get("/documents/"))
    (added,) = documents_of(family.leo)
    assert cards.marks(added, to_others=True) == ("Ajouté par Marie Duval, qui aide le patient",)


NOT_THERE = (
    "/securite/",
    "/securite/confirmer/",
    "/securite/mot-de-passe/",
    "/connexion/",
    "/connexion/perdu/",
    "/langue/",
    "/deconnexion/",
    "/transparency/",
    "/demo/",
    "/pro/",
    "/console/",
    "/healthz",
    "/fhir/metadata",
    "/static/looks/site.css",
    "/pour/{mandate}/documents/",
    "/nulle-part/",
    "",
)


def test_what_is_no_page_of_a_space_is_not_under_it(family: Family) -> None:
    browser = signed_in(family.marie)
    for path in NOT_THERE:
        assert browser.get(family.root + path.format(mandate=family.mandate)).status_code == 404, path
    assert browser.post(f"{family.root}/deconnexion/").status_code == 404
    assert browser.get("/").status_code == 200


def test_the_mandate_of_another_and_none_are_one_answer(family: Family) -> None:
    stranger = signed_in(member())
    others = stranger.get(f"{family.root}/documents/")
    nothing = uuid4()
    none = stranger.get(f"/pour/{nothing}/documents/")
    assert others.status_code == none.status_code == 404
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    bodies = [token.sub(b"", one.content) for one in (others, none)]
    assert bodies[0].replace(str(family.mandate).encode(), str(nothing).encode()) == bodies[1]
    assert "Léo" not in words(others)
    # her own mandate is none in his account
    assert signed_in(family.leo).get(f"{family.root}/documents/").status_code == 404


def test_who_is_not_signed_in_signs_in_first(family: Family) -> None:
    for path in ("/", "/documents/"):
        asked = Client().get(family.root + path)
        assert (asked.status_code, asked["Location"]) == (302, f"/connexion/?next={family.root}{path}")


def test_what_is_kept_from_parents_is_nowhere(family: Family) -> None:
    plain = file(family.leo.of, TEXT, title="Radio du poignet")
    secret = file(
        family.leo.of,
        b"Consultation.",
        title="Consultation",
        visibility=frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}),
    )
    browser = signed_in(family.marie)
    listed = words(browser.get(f"{family.root}/documents/"))
    assert "Radio du poignet" in listed and "Consultation" not in listed and "1 document" in listed
    absent = browser.get(f"{family.root}/documents/{uuid4()}/")
    hidden = browser.get(f"{family.root}/documents/{secret}/")
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert browser.get(f"{family.root}/documents/{plain}/").status_code == 200
    told = words(browser.get(f"{family.root}/partage/historique/"))
    assert told.count("a déposé un document") == 1
    assert words(signed_in(family.leo).get("/partage/historique/")).count("a déposé un document") == 2


def test_the_log_names_both_each_in_their_own_words(family: Family) -> None:
    browser = signed_in(family.marie)
    name = file(family.leo.of, TEXT, title="Radio du poignet")
    browser.get(f"{family.root}/documents/{name}/")
    his, hers = signed_in(family.leo).get("/partage/historique/"), browser.get(f"{family.root}/partage/historique/")
    assert "Marie Duval (parent) a lu un document Radio du poignet" in words(his)
    assert "Vous avez lu un document Radio du poignet" in words(hers)
    signed_in(family.leo).get("/documents/")
    assert "Léo Duval a consulté la liste des documents" in words(browser.get(f"{family.root}/partage/historique/"))


def test_it_ends_in_mid_session(family: Family) -> None:
    browser = signed_in(family.marie)
    assert browser.get(f"{family.root}/documents/").status_code == 200
    ended(family)
    over = browser.get(f"{family.root}/documents/")
    assert over.status_code == 403 and "Vous n’aidez plus cette personne." in words(over)
    assert family.root not in str(places(over)) and "Vous aidez" not in words(over)
    assert browser.post(f"{family.root}{FOLDERS}", {"name": "Orthodontie"}).status_code == 403
    assert "Orthodontie" not in words(signed_in(family.leo).get(FOLDERS))


def test_a_carer_reads_and_arranges_and_decides_nothing() -> None:
    camille = member()
    name = file(camille.of, TEXT, title="Bilan")
    paul, root = carer(camille)
    browser = signed_in(paul)
    home = browser.get(f"{root}/")
    assert "L’espace de Camille Duval" in words(home) and "Bilan" in words(home)
    assert "Partage et accès" not in words(home) and "Qui a utilisé" not in words(home)
    page = browser.get(f"{root}/documents/{name}/")
    assert "Masquer" not in words(page)
    for path in ("/partage/", "/partage/historique/", "/partage/notifications/", f"/documents/{name}/masquer/"):
        refused = browser.post(root + path) if "masquer" in path else browser.get(root + path)
        assert refused.status_code == 403, path
        assert "elle seule décide de cela" in words(refused)


def test_who_may_only_read_adds_nothing() -> None:
    camille = member()
    paul, root = carer(camille, scope=Scope.READ)
    browser = signed_in(paul)
    assert browser.get(f"{root}/documents/").status_code == 200
    refused = browser.post(f"{root}{FOLDERS}", {"name": "Orthodontie"})
    assert refused.status_code == 403 and "Vous pouvez lire cet espace, mais rien y changer." in words(refused)


def test_it_is_said_in_english_too(family: Family) -> None:
    browser = signed_in(family.marie)
    browser.post("/langue/", {"langue": "en"})
    for path in ("/", "/documents/", "/partage/proches/", "/partage/historique/"):
        page = words(browser.get(family.root + path))
        assert "You help Léo Duval" in page and "My space" in page
        assert "Vous" not in page and " de " not in page, path
