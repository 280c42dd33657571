"""Facts of every kind, hidden in each way there is: no page and no answer made of facts tells whoever may not see them,
and no document made of facts quotes them for whoever may."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from cast import Holder, consents, holder, names_doctor, organisation, professional
from clinical.scene import as_holder, deposit, frame, results, stated
from clinical.test_results_pages import searched, worlds
from clinical.test_words_searched import bare
from door import call, professional_token
from espace import edge
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Grant, Verb, Visibility
from espace.record import actions as record
from espace.wire.cda_writing import (
    DRUG_ALLERGY,
    ORAL,
    Allergy,
    Delivery,
    Injection,
    Medicine,
    Problem,
    Procedure,
    Summary,
    dispensation,
    prescription,
    synthesis,
    vaccination,
)
from espace.wire.xds import Coded, NewDocument
from wire.files_made import pdf_saying
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
ODD = "Zorglub"
DAY = date(2026, 3, 1)
ICD10 = "2.16.840.1.113883.6.3"
QUOTING = ("synthese/", "conciliation/", "resume-etranger/", "resume-etranger/?langue=en")
READING = ("", "traitements/", "enfant/", "resultats/", "changements/?depuis=2020-01-01&jusqua=2027-01-01")
TYPES = (
    *("AllergyIntolerance", "Condition", "Consent", "Immunization", "ImmunizationRecommendation", "MedicationDispense"),
    *("MedicationRequest", "MedicationStatement", "Observation", "Procedure", "Provenance"),
)


def odd(word: str, system: str = ICD10, code: str = "E10") -> Coded:
    return Coded(code, system, f"{ODD} {word}")


def medicine(word: str) -> Medicine:
    name, dose = f"{ODD} {word}", Decimal(1)
    return Medicine(name, "A10BA02", f"{ODD} acide", dose, "comprimé", 12, f"{ODD} le soir", ORAL, DAY, reason=ODD)


def told_of(of: Holder) -> Iterator[NewDocument]:
    """A document of each model, with the word wherever there are words; and a file that has words alone."""
    whose = frame(of)
    author = replace(whose.author, family=ODD)
    known = Summary(
        problems=(Problem(odd("maladie"), DAY), Problem(odd("grossesse", code="Z33"), DAY)),
        history=(Problem(odd("maladie passée", code="J18"), DAY, DAY),),
        procedures=(Procedure(odd("acte", "1.2.250.1.213.2.5", "HHFA001"), DAY),),
        allergies=(Allergy(DRUG_ALLERGY, odd("agent", "2.16.840.1.113883.6.96", "764146007"), ODD, DAY),),
        habits=(ODD,),
        family=(ODD,),
        attention=(ODD,),
        treatments=(medicine("traitement"),),
    )
    yield stated(synthesis(replace(whose, author=author), known))
    yield stated(prescription(replace(frame(of), author=author), (medicine("prescrit"),)))
    yield stated(dispensation(replace(frame(of), author=author), (Delivery(medicine("délivré"), ODD),)))
    injection = Injection(f"{ODD} vaccin", "J07AM01", DAY, ODD, 1, author)
    yield stated(vaccination(replace(frame(of), author=author), injection))
    yield bare(pdf_saying(f"{ODD} dans un fichier"), "application/pdf")


def filed(of: Holder, hidden: frozenset[Visibility] = frozenset()) -> list[UUID]:
    there = organisation()
    return [
        id
        for one in told_of(of)
        for id in deposit(of, there, replace(one, entry=replace(one.entry, visibility=hidden)))
    ]


def masked_as_it_came(of: Holder, who: Professional) -> None:
    filed(of, frozenset({Visibility.MASQUE_PS}))


def masked_by_the_holder(of: Holder, who: Professional) -> None:
    _each(of, filed(of), Verb.MASK, record.mask)


def masked_with_a_topic(of: Holder, who: Professional) -> None:
    topic = as_holder(of, lambda grant: record.make_topic(grant, name="Sujet"), Verb.VISIBILITY)
    as_holder(of, lambda grant: record.mask_topic(grant, topic), Verb.VISIBILITY)
    _each(of, filed(of), Verb.VISIBILITY, lambda grant, one: record.choose_topics(grant, one, [topic]))


def hidden_by_name(of: Holder, who: Professional) -> None:
    _each(of, filed(of), Verb.MASK, lambda grant, one: record.hide_from(grant, one, who.id))


def _each(of: Holder, ids: list[UUID], verb: Verb, act: Callable[[Grant, UUID], object]) -> None:
    for one in ids:
        as_holder(of, lambda grant, one=one: act(grant, one), verb)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def previews(desk: Client, base: str, summary: str, reconciliation: str) -> Iterator[str]:
    """Of all that is proposed, and one thing more."""
    ticked = re.findall(r'name="garder" value="(\w+)" id="[^"]*" checked', summary)
    kept = {f"d-{name}": "garder" for name in re.findall(r'id="t-(\w+)"', reconciliation)}
    for place, said in (
        (f"{base}synthese/", {"etape": "voir", "garder": ticked, "plus-vigilance": "Vit seule"}),
        (f"{base}conciliation/", {"etape": "apercu", "nom-1": "Ventoline", **kept}),
    ):
        sending = field(summary if "voir" in said.values() else reconciliation, "envoi")
        answer = desk.post(place, {"envoi": sending, **said})
        assert answer.status_code == 200 and 'name="choix"' in answer.content.decode()
        yield answer.content.decode()


def quoted(of: Holder, who: Professional) -> list[str]:
    """All that a document quotes, or would."""
    desk, base = Desk(who), f"/pro/patients/{of.patient}/"
    pages = [desk.get(f"{base}{one}").content.decode() for one in QUOTING]
    answer = call("GET", f"/fhir/Patient/{of.patient}/$summary", token=professional_token(who))
    assert answer.status == 200
    return [*pages, *previews(desk, base, pages[0], pages[1]), answer.body.decode()]


def read(of: Holder, who: Professional) -> list[str]:
    desk, base, token = Desk(who), f"/pro/patients/{of.patient}/", professional_token(who)
    pages = [desk.get(f"{base}{one}").content.decode() for one in READING]
    found = [call("GET", f"/fhir/{one}", token=token, query=f"patient=Patient/{of.patient}") for one in TYPES]
    assert {one.status for one in found} == {200}
    words = ("cide", "soir", "fichier", "vaccin", "maladie")
    return [*pages, *(searched(desk, base, one) for one in words), *(one.body.decode() for one in found)]


_OF_A_FORM = re.compile(r'((?:csrfmiddlewaretoken|envoi|choix)" value="|filtre=)[^"&]*')
_OF_THE_MOMENT = re.compile(r"\d\d[:h ]+\d\d(?::\d\d(?:\.\d+)?)?|1\.2\.250\.1\.999\.77[\d.]+|probleme-[\w-]+")


def canonical(page: str) -> str:
    return _OF_THE_MOMENT.sub("…", worlds(_OF_A_FORM.sub(r"\1", page)))


def test_what_is_hidden_in_whatever_way_is_told_nowhere_and_quoted_for_nobody() -> None:
    camille, anne, paul = holder(), professional(), professional("Petit", "Paul")
    consents(camille, anne, at=edge.now())
    names_doctor(camille, paul)
    deposit(camille, organisation(), stated(results(camille)))
    before = [canonical(page) for page in (*read(camille, anne), *quoted(camille, anne))]
    for hide in (masked_as_it_came, masked_by_the_holder, masked_with_a_topic, hidden_by_name):
        hide(camille, anne)
    after = [*read(camille, anne), *quoted(camille, anne)]
    assert [canonical(page) for page in after] == before
    assert not [page for page in after if ODD in page]
    # The attending doctor sees all of it: three pages, five searches, nine types.
    assert len([page for page in read(camille, paul) if ODD in page]) == 17
    assert not [page for page in quoted(camille, paul) if ODD in page]
