"""A minor shows to their representatives what was kept secret from them, and reads who may give them secret care."""

from uuid import uuid4

import pytest

from cast import professional
from espace import edge
from espace.kernel.words import Verb
from espace.record import queries as record
from portal.helpers import Member, member, signed_in
from portal.test_reading_pages import text
from record.secret import BORN, FROM_PARENTS, agrees, as_holder, as_proxy, mother_of
from record.test_secret_care import files

pytestmark = pytest.mark.usefixtures("db")


def leo() -> Member:
    """A minor with an account of their own."""
    return member(given="LÉO", born=BORN)


def test_the_page_says_that_it_is_for_good_then_shows_it() -> None:
    child, anne = leo(), professional()
    mother = mother_of(child.of)
    one, kept = files(child.of, anne, "Contraception"), files(child.of, anne, "Entretien")
    browser = signed_in(child)
    page = browser.get(f"/documents/{one}/")
    assert f'href="/documents/{one}/ouvrir/"' in page.content.decode()
    assert "Caché aux représentants légaux" in text(page)
    asked = text(browser.get(f"/documents/{one}/ouvrir/"))
    assert "C’est définitif : vous ne pourrez plus le leur cacher." in asked
    done = browser.post(f"/documents/{one}/ouvrir/", follow=True)
    assert "C’est fait : vos représentants légaux voient ce document." in text(done)
    assert f"/documents/{one}/ouvrir/" not in done.content.decode()
    assert browser.post(f"/documents/{one}/ouvrir/").status_code == 302
    labels = {it.id: it.restrictions for it in as_holder(child.of, Verb.LIST, record.documents, at=edge.now())}
    assert labels == {one: frozenset(), kept: FROM_PARENTS}
    seen = as_proxy(child.of, mother, Verb.LIST, record.documents, at=edge.now())
    assert [it.id for it in seen] == [one]
    assert browser.get(f"/documents/{uuid4()}/ouvrir/").status_code == 404
    assert browser.post(f"/documents/{uuid4()}/ouvrir/").status_code == 404
    assert "avez montré à vos représentants légaux un document qui leur était caché" in text(
        browser.get("/partage/historique/")
    )


def test_the_minor_reads_who_may_give_them_secret_care() -> None:
    child, anne = leo(), professional()
    agrees(child.of, anne, at=edge.now())
    page = text(signed_in(child).get("/partage/"))
    assert anne.name in page and "Votre accord pour des soins cachés à vos représentants légaux" in page
    assert "Retirer son accès" in page
