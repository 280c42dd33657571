"""« Voir comme… » shows what others get at their own doors, of what the holder sees; it leaves them nothing."""

import json
import random
import re
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import Holder, blocks, caring, consents, names_doctor, professional
from door import call, named, professional_token
from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause, Switches
from espace.identity import actions as identity
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Eyes, Kinds, Purpose, Sight, Verb, Visibility
from espace.record import actions as record
from espace.record.facts import Document, Status, Unseen
from espace.record.rules import seen_as, seen_by_professional, unseen_because
from espace.wire.xds import Author, Coded
from portal.helpers import Member, member, signed_in
from portal.test_reading_pages import text
from record.test_amending import lines
from record.test_rules_seeing import document as plain
from workstation.desk import Desk, file

OWN_LINK = re.compile(r'<h3 class="doc-title"><a href="/documents/([0-9a-f-]{36})/"')
DESK_LINK = re.compile(r"/documents/([0-9a-f-]{36})/")
KINDS = ("11502-2", "68599-0", "ATTEST-RESID", "96349-6")
HELD = frozenset({Visibility.INVISIBLE_PATIENT})
ANNE = "899700218896"


def with_eyes_of(camille: Member, path: str) -> set[UUID]:
    """The documents of the list; what is not shown stands in a list of its own."""
    content = signed_in(camille).get(f"/partage/voir-comme/{path}").content.decode()
    return {UUID(one) for one in OWN_LINK.findall(content)}


def at_the_desk(who: Professional, of: Holder) -> set[UUID]:
    content = Desk(who).get(f"/pro/patients/{of.patient}/").content.decode()
    return {UUID(one) for one in DESK_LINK.findall(content)}


def over_fhir(who: Professional, of: Holder) -> set[UUID]:
    answer = call("GET", "/fhir/DocumentReference", query=urlencode(named(of)), token=professional_token(who))
    if answer.status != 200:
        return set()
    return {UUID(one["resource"]["id"]) for one in json.loads(answer.body).get("entry", ())}


def act(of: Holder, verb: Verb, entry_id: UUID, who: UUID | None = None) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=edge.now()
    ) as grant:
        if who:
            record.hide_from(grant, entry_id, who)
        else:
            record.mask(grant, entry_id)


def declares(of: Holder, who: Professional, *, masked_shows: bool) -> None:
    """An emergency, in a record whose holder decided whether masked documents show in one."""
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.SWITCHES, at=edge.now()
    ) as grant:
        access.set_switches(grant, Switches(masked=masked_shows))
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=edge.now()
    ) as grant:
        access.break_glass(grant, cause=Cause.CONFUSED, words="Trouvée confuse")


@pytest.mark.parametrize("seed", [5])
def test_the_list_is_what_they_get_at_the_workstation_and_over_fhir(seed: int) -> None:
    """Over random restrictions: kinds, authors, masks for all and by name, results held, consent, block, naming."""
    chance = random.Random(seed)
    camille, cast = member(), [professional(f"Nom{seed}", profession=code) for code in ("10", "10", "40", "60")]
    for who in cast:
        consents(camille.of, who, at=edge.now())
    names_doctor(camille.of, cast[0], at=edge.now())
    urgent = professional("Urgent")
    declares(camille.of, urgent, masked_shows=seed % 2 == 1)
    cast.append(urgent)
    held = set()
    for number in range(6):
        author = chance.choice(["", *(who.national_id for who in cast)])
        hides = HELD if number == 0 or chance.random() < 0.2 else frozenset()
        one = file(
            camille.of, f"Lettre {number}", type_code=chance.choice(KINDS), author=author, visibility=hides
        )
        if hides:
            held.add(one)
            continue
        if chance.random() < 0.3:
            act(camille.of, Verb.MASK, one)
        for who in chance.sample(cast, chance.choice((0, 0, 1, 2))):
            act(camille.of, Verb.MASK, one, who.id)
    blocks(camille.of, cast[1], at=edge.now())
    seen = []
    for who in cast:
        mine = with_eyes_of(camille, f"{who.id}/")
        seen.append(len(mine))
        assert mine == over_fhir(who, camille.of) - held
        assert mine == (at_the_desk(who, camille.of) - held if who is not cast[1] else set())
    assert held and len(set(seen)) > 1 and 0 < max(seen) <= 6 - len(held)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_with_others_eyes_the_record_is_the_one_in_which_nothing_is_held(seed: int) -> None:
    """Whatever the labels, the kinds, the authors, the versions and what was deleted: as in a world without them."""
    found = some_record(random.Random(seed))
    sight = Sight(Kinds(frozenset(KINDS[:2])), masked=seed % 2 == 0, author=ANNE, reader=UUID(int=70))
    held = {one.id for one in found if Visibility.INVISIBLE_PATIENT in one.restrictions}
    world = [_without(one, held) for one in found if one.id not in held]
    seen = seen_as(found, Eyes(sight))
    assert seen == seen_by_professional(world, sight)
    assert seen_as(found, Eyes(sight, shut=True)) == ()
    shown = {one.id for one in seen}
    assert all((unseen_because(one, Eyes(sight)) is None) is (one.id in shown) for one in world if there(one))


def there(one: Document) -> bool:
    return one.status is not Status.DELETED


def _without(one: Document, gone: set[UUID]) -> Document:
    """A document of the world in which those that are gone never were."""
    after = None if one.replaced_by in gone else one.replaced_by
    return replace(one, replaced_by=after, replaces=None if one.replaces in gone else one.replaces)


def some_record(chance: random.Random) -> list[Document]:
    """Documents one after the other, some of which replace the one before."""
    found: list[Document] = []
    for number in range(1, chance.randint(2, 6)):
        one = plain(
            number,
            restrictions=frozenset(label for label in Visibility if chance.random() < 0.3),
            status=chance.choice([Status.APPROVED, Status.ARCHIVED, Status.DELETED]),
            kept_from=frozenset(UUID(int=who) for who in (70, 71) if chance.random() < 0.3),
        )
        author = (Author(person_id=chance.choice(["", "", ANNE])),)
        one = replace(one, entry=replace(one.entry, type=Coded(chance.choice(KINDS)), authors=author))
        if found and chance.random() < 0.5:
            found[-1] = replace(found[-1], replaced_by=one.id)
            one = replace(one, replaces=found[-1].id)
        found.append(one)
    return found


def test_the_reasons_why_something_is_not_shown() -> None:
    eyes = Eyes(Sight(Kinds(frozenset({"11502-2"})), reader=UUID(int=7)))
    letter = replace(plain(1).entry, type=Coded("96349-6"))
    analysis = replace(plain(1).entry, type=Coded("11502-2"))
    one = plain(1, entry=analysis)
    masked = frozenset({Visibility.MASQUE_PS})
    parents = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
    assert unseen_because(one, eyes) is None
    assert unseen_because(replace(one, entry=letter), eyes) is Unseen.KIND
    assert unseen_because(replace(one, restrictions=masked), eyes) is Unseen.MASKED
    assert unseen_because(replace(one, kept_from=frozenset({UUID(int=7)})), eyes) is Unseen.NAMED
    assert unseen_because(replace(one, kept_from=frozenset({UUID(int=8)})), eyes) is None
    assert unseen_because(replace(one, restrictions=parents), Eyes()) is Unseen.REPRESENTATIVES
    assert unseen_because(replace(one, restrictions=masked), Eyes()) is None
    assert unseen_because(one, Eyes(shut=True)) is Unseen.REFUSED


def test_the_page_says_whose_eyes_why_and_what_is_not_shown() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel, at=edge.now())
    shown, hidden = file(camille.of, "Visible"), file(camille.of, "Cachée")
    act(camille.of, Verb.MASK, hidden, morel.id)
    browser = signed_in(camille)
    chosen = browser.get("/partage/voir-comme/").content.decode()
    assert f'href="/partage/voir-comme/{morel.id}/"' in chosen
    page = text(browser.get(f"/partage/voir-comme/{morel.id}/"))
    for words in (
        "Vous regardez avec les yeux de : Anne Morel",
        "Peut lire votre espace. Vous avez donné votre accord à ce professionnel.",
        "Ce qui ne lui est pas montré",
        "Vous l’avez masqué à cette personne.",
    ):
        assert words in page
    assert with_eyes_of(camille, f"{morel.id}/") == {shown}
    assert with_eyes_of(camille, "metier/10/") == {shown, hidden}
    assert with_eyes_of(camille, "proche/") == {shown, hidden}


def test_who_may_not_read_sees_nothing_and_what_a_consent_would_change_is_shown_apart() -> None:
    camille, morel = member(), professional()
    one = file(camille.of, "Visible")
    page = text(signed_in(camille).get(f"/partage/voir-comme/{morel.id}/"))
    assert "Ne peut pas lire votre espace." in page and "Voir ce que cette personne verrait avec votre accord" in page
    assert with_eyes_of(camille, f"{morel.id}/") == set()
    assert with_eyes_of(camille, f"{morel.id}/?accord=1") == {one}
    blocks(camille.of, morel, at=edge.now())
    assert with_eyes_of(camille, f"{morel.id}/?accord=1") == set()


def test_who_acts_nowhere_any_more_cannot_sign_in() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel, at=edge.now())
    file(camille.of, "Visible")
    identity.put_professional(replace(morel, active=False))
    page = text(signed_in(camille).get(f"/partage/voir-comme/{morel.id}/"))
    assert "cette personne n’exerce plus nulle part" in page and "Visible" not in page


def test_it_is_the_holder_s_own_act_and_leaves_the_professional_nothing() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel, at=edge.now())
    one, masked = file(camille.of, "Visible"), file(camille.of, "Tue", visibility=HELD)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_seen WHERE professional_id = %s", [morel.id])
    signed_in(camille).get(f"/partage/voir-comme/{morel.id}/")
    line = lines(camille.of)[0]
    assert (line.verb, line.purpose, line.actor_id) == (Verb.SEE_AS, Purpose.HOLDER, camille.account)
    assert (line.objects, line.asked) == ((one,), {"professional": "Anne Morel"})
    assert masked not in line.objects
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_seen WHERE professional_id = %s", [morel.id])
        assert cursor.fetchone() == (0,)
    assert "Vous avez regardé quels documents verrait Anne Morel" in text(
        signed_in(camille).get("/partage/historique/")
    )
    assert "Aucun accès récent." in text(signed_in(camille).get("/partage/"))


@pytest.mark.parametrize("path", ["metier/99/", "metier/nope/", "930ffc24-9433-43e2-b395-50cb42b32c5a/"])
def test_nobody_s_eyes_are_no_page(path: str) -> None:
    assert signed_in(member()).get(f"/partage/voir-comme/{path}").status_code == 404
