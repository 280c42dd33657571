"""One question at a real door for each operation of the model, and what came back."""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import Holder, caring
from door import FHIR_JSON, FORM, Answer, call, deposit_of, named
from exchange.hl7_messages import TYPE as HL7
from exchange.hl7_messages import acknowledged, message
from exchange.publishing import IS_ARCHIVED, MERGE_PATCH, frame, report, whole
from portal.helpers import PDF
from reference_model.addresses import HOLDER
from reference_model.model import ARCHIVED, CURRENT, DELETED, SUPERSEDED, Person
from reference_model.worlds import Real
from soap_door import cx, traits
from xdm_made import archive, subset

Json = dict[str, Any]
_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_STATUSES = {"current": CURRENT, "superseded": SUPERSEDED, "entered-in-error": DELETED}


@dataclass(frozen=True)
class Heard:
    """What came back: of a FHIR answer its codes and the resources of a search, of a page its text."""

    status: int
    text: str
    codes: tuple[str, ...] = ()
    location: str = ""
    told: Mapping[UUID, str] | None = None
    """The documents of a search and their status; the ids that a page names, with no status."""


def ask(real: Real, who: Person, door: str, name: str, about: str) -> Heard:
    return _DOORS[door](real, who, name, about)


# --- FHIR


def _fhir(real: Real, who: Person, name: str, about: str) -> Heard:
    method, path = name.split(" ")
    tokens = {"holder": real.token, **real.crew.tokens}
    token = real.token_of(who.name) if who.helps else tokens[who.name]
    if path in ("/fhir", "/fhir/DocumentReference") and method == "POST":
        made = _bundle(real, who) if path == "/fhir" else _published(real.of)
        return _heard(call("POST", path, json.dumps(made).encode(), token=token, kind=FHIR_JSON))
    if path == "/hl7v2":
        return _acknowledged(call("POST", path, _message(real.of), token=token, kind=HL7))
    if path == "/xdm":
        return _registered(call("POST", path, _archive(real, who), token=token, kind="application/zip"))
    if "{id}" in path:
        return _heard(_about(real, method, path, about, token))
    query = urlencode(_patient(real.of, path))
    if method == "POST":
        return _heard(call("POST", path, query.encode(), token=token, kind=FORM))
    return _heard(call("GET", path, token=token, query=query))


def _patient(of: Holder, path: str) -> Mapping[str, str]:
    ins = named(of)["patient.identifier"]
    return {"identifier": ins} if "Patient" in path else {"patient.identifier": ins}


def _bundle(real: Real, who: Person) -> Json:
    """A deposit in the caller's own name."""
    made = deposit_of(real.of, f"Contenu {uuid4()}".encode())
    pro, org = real.crew.professionals.get(who.name), real.crew.organisations.get(who.name)
    source = pro.national_id if pro else org.source_ids[0] if org else ""
    [stated] = [one for one in made["entry"][0]["resource"]["extension"] if one["url"].endswith("sourceId")]
    stated["valueIdentifier"] = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{source}"}
    if pro:
        stated["valueIdentifier"] = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": source}
    return made


def _published(of: Holder) -> Json:
    return whole(of, f"Contenu {uuid4()}".encode(), mime="text/plain")


def _message(of: Holder) -> bytes:
    """A result of biology, as the other deposits are."""
    written = frame(of)
    return message(of, written, content=report(written), code="11502-2")


def _archive(real: Real, who: Person) -> bytes:
    """A deposit in the name of the caller's organisation."""
    pro, org = real.crew.professionals.get(who.name), real.crew.organisations.get(who.name)
    sends_as = caring(pro).sends_as if pro else org.source_ids if org else ()
    own = {"uid": f"urn:uuid:{uuid4()}", "set_uid": f"urn:uuid:{uuid4()}", "cx": cx(real.of), "traits": traits(real.of)}
    made = subset(f"Contenu {uuid4()}".encode(), **own)
    source = next((one for one in sends_as if one.startswith("1.2.250.")), "1.2.250.1.999.1.1")
    made["METADATA.XML"] = made["METADATA.XML"].replace(b'"1.2.250.1.999.1.1"', f'"{source}"'.encode())
    return archive(made)


def _registered(answer: Answer) -> Heard:
    text = answer.body.decode()
    return Heard(answer.status, text, tuple(re.findall(r'codeContext="\[(\w+)\]', text)))


def _acknowledged(answer: Answer) -> Heard:
    said = acknowledged(answer)
    return Heard(said.status, said.text, said.codes)


def _about(real: Real, method: str, path: str, about: str, token: str) -> Answer:
    ids: Mapping[str, UUID] = real.sets if "List" in path else real.ids
    id = real.of.patient if "Patient" in path else ids.get(about) or uuid4()
    address = path.replace("{id}", str(id))
    if method != "PATCH":
        return call(method, address, token=token)
    one = real.model.documents.get(about)
    is_archived = one is not None and one.status == ARCHIVED
    body = {"extension": [{"url": IS_ARCHIVED, "valueBoolean": is_archived}]}
    return call(method, address, json.dumps(body).encode(), token=token, kind=MERGE_PATCH)


def _heard(answer: Answer) -> Heard:
    text = answer.body.decode("utf-8", "replace")
    if answer.status >= 400:
        return Heard(answer.status, text, tuple(answer.codes))
    found = json.loads(text) if text.startswith("{") else {}
    return Heard(answer.status, text, told=_told(found))


def _told(found: Json) -> dict[UUID, str] | None:
    if found.get("resourceType") == "List":
        return {UUID(one["item"]["reference"].split("/")[-1]): "" for one in found.get("entry", [])}
    if found.get("resourceType") != "Bundle" or found.get("type") != "searchset":
        return None
    return {UUID(one["resource"]["id"]): _status(one["resource"]) for one in found.get("entry", [])}


def _status(resource: Json) -> str:
    if resource["resourceType"] != "DocumentReference":
        return ""
    archived = any(one.get("url") == IS_ARCHIVED for one in resource.get("extension", []))
    status = _STATUSES[resource["status"]]
    return ARCHIVED if archived and status == CURRENT else status


# --- Pages


def _page(response: Any) -> Heard:
    body = response.content if not response.streaming else b"".join(response.streaming_content)
    text = html.unescape(_unpacked(body) if body.startswith(b"PK") else body.decode("utf-8", "replace"))
    ids = {UUID(one): "" for one in _IDS.findall(text)}
    return Heard(response.status_code, text, location=response.headers.get("Location", ""), told=ids)


def _unpacked(archive: bytes) -> str:
    """The names and the bytes of its members: compressed, they would hide what they tell."""
    with ZipFile(BytesIO(archive)) as opened:
        return "\n".join(f"{one} {opened.read(one).decode('utf-8', 'replace')}" for one in opened.namelist())


def _portal(real: Real, who: Person, name: str, about: str) -> Heard:
    method, page = name.split(" ")
    path, form = _PAGES[page](real, about)
    return _came(_browser(real, who), method, path, form, follow=page in _FOLLOWED)


def _browser(real: Real, who: Person) -> Client:
    if who.name in real.helpers:
        return real.helpers[who.name].browser
    if who.name == "holder":
        return real.browser
    return real.crew.other_browser if who.name == "other_holder" else real.crew.nobody


def _came(client: Client, method: str, path: str, form: Json, *, follow: bool) -> Heard:
    return _page(client.get(path) if method == "GET" else client.post(path, form, follow=follow))


def _helping(real: Real, who: Person, name: str, about: str) -> Heard:
    """The pages in the space of whom one helps; who does not, at the address of somebody who does."""
    method, page = name.split(" ")
    path, form = _PAGES[page](real, about)
    of = real.helpers.get(who.name) or next(iter(real.helpers.values()))
    return _came(_browser(real, who), method, f"/pour/{of.mandate}{path}", form, follow=page in _FOLLOWED)


_FOLLOWED = frozenset(
    {
        *("fill_topic", "hide_choose", "pro_team", "documents", "professionals", "pro_patient", "pro_secret_patient"),
        *("results", "pro_results", "pro_secret_results"),
    }
)
_Page = Callable[[Real, str], tuple[str, Json]]


def _at(path: str, **form: Any) -> _Page:
    return lambda real, about: (path, form)


def _on(path: str, **form: Any) -> _Page:
    """A page about one document, which its address or its form names."""

    def page(real: Real, about: str) -> tuple[str, Json]:
        id = str(real.ids.get(about) or uuid4())
        return path.format(id=id), {key: id if value == "{id}" else value for key, value in form.items()}

    return page


def _in_folder(path: str, **form: Any) -> _Page:
    return lambda real, about: (path.format(id=real.folder if "folder" in about else uuid4()), form)


def _in_topic(act: str = "", **form: Any) -> _Page:
    """A page of the topic of the world; the document that it may be about is one that everybody helped sees."""

    def page(real: Real, about: str) -> tuple[str, Json]:
        topic, document = real.topic if "topic" in about else uuid4(), str(real.ids.get("plain") or uuid4())
        query = f"?document={document}" if act == "retirer/" else ""
        return f"/partage/visibilite/sujets/{topic}/{act}{query}", {"document": document, **form}

    return page


def _of_topics(real: Real, about: str) -> tuple[str, Json]:
    return f"/documents/{real.ids.get(about) or uuid4()}/sujets/", {"sujet": str(real.topic), "name": ""}


def _of_somebody(path: str, **form: Any) -> _Page:
    def page(real: Real, about: str) -> tuple[str, Json]:
        known = real.crew.professionals.get(about)
        address = path.format(patient=f"/pro/patients/{real.of.patient}", id=known.id if known else uuid4())
        return address, form

    return page


def _at_team(real: Real, about: str) -> tuple[str, Json]:
    """Whoever is added to the team of the person named « team »."""
    known = real.crew.professionals.get(about)
    return f"/partage/professionnels/{known.id if known else uuid4()}/equipe/{real.team}/", {}


def _named(act: str) -> _Page:
    """Hiding a document from the one named « agreed », or showing it to them."""

    def page(real: Real, about: str) -> tuple[str, Json]:
        whom = real.crew.professionals["agreed"].id
        return f"/documents/{real.ids.get(about) or uuid4()}/{act}/{whom}/", {}

    return page


_INVITED = {"address": "quelquun@exemple.fr", "scope": "read", "day": ""}


def _of_helper(act: str) -> _Page:
    def page(real: Real, about: str) -> tuple[str, Json]:
        known = real.helpers.get(about)
        return f"/partage/proches/{known.mandate if known else uuid4()}/{act}/", {}

    return page


def _added(real: Real, about: str) -> tuple[str, Json]:
    file = SimpleUploadedFile("note.txt", f"Note {uuid4()}".encode(), "text/plain")
    return "/documents/ajouter/", {"chosen": [file], "type_code": "DOCPAT02", "title": "", "day": ""}


_PAGES: Mapping[str, _Page] = {
    "home": _at("/"),
    "documents": _at("/documents/", anciennes="1"),
    "add": _added,
    "describe": _on(
        "/documents/modifier/?document={id}", **{"0-type_code": "DOCPAT02", "0-title": "Décrit", "0-day": ""}
    ),
    "choose": _on("/documents/choisis/", acte="epingler", document="{id}"),
    "export": _on("/documents/archive/?document={id}"),
    "arrange": _on("/documents/ranger/?document={id}", dossier="aucun"),
    "remove": _on("/documents/supprimer/?document={id}"),
    "removed": _at("/documents/supprimes/"),
    "restore": _on("/documents/remettre/", document="{id}"),
    "folders": lambda real, about: ("/documents/dossiers/", {"name": f"Dossier {uuid4()}"[:40]}),
    "rename_folder": _in_folder("/documents/dossiers/{id}/renommer/", name="Autre nom"),
    "remove_folder": _in_folder("/documents/dossiers/{id}/supprimer/"),
    "reading": _on("/documents/{id}/"),
    "download": _on("/documents/{id}/telecharger/"),
    "piece": _on("/documents/{id}/pieces/1/"),
    "mask": _on("/documents/{id}/masquer/"),
    "unmask": _on("/documents/{id}/montrer/"),
    "hide_choose": _on("/documents/{id}/masquer/un/", mots="Nomstranger"),
    "hide_from": _named("masquer"),
    "show_to": _named("montrer"),
    "kept_from": _of_somebody("/partage/professionnels/{id}/masques/"),
    "see_as_choose": _at("/partage/voir-comme/"),
    "see_as": _of_somebody("/partage/voir-comme/{id}/"),
    "see_as_helper": _at("/partage/voir-comme/proche/"),
    "see_as_profession": _at("/partage/voir-comme/metier/40/"),
    "entitlements": _at("/partage/habilitations/"),
    "entitlement": _at("/partage/habilitations/40/"),
    "why": lambda real, about: (f"/partage/historique/{uuid4()}/pourquoi/", {}),
    "report": lambda real, about: (f"/partage/historique/{uuid4()}/signaler/", {"kind": "unknown"}),
    "reports": _at("/partage/signalements/"),
    "open_secret": _on("/documents/{id}/ouvrir/"),
    "health": _at("/sante/"),
    "health_extraction": _at("/sante/documents-lus/", extraire="1"),
    "health_targets": _at("/sante/mesures/objectifs/", measure="weight", low="60", high=""),
    "health_section": _at("/sante/mesures/"),
    "health_add": _at("/sante/mesures/ajouter/", measure="weight", value="60", day="2020"),
    "health_choose": _at("/sante/allergies/choisir/", choix="montrer"),
    "health_vaccinations": _at("/sante/vaccinations/"),
    "results": _at("/sante/resultats/", mots="tsh"),
    "analyte": _at("/sante/resultats/aucun/"),
    **{
        page: _at(f"/sante/mesures/{uuid4()}/{act}", measure="weight", value="60", day="2020")
        for page, act in (
            ("health_item", ""), ("health_link", "liens/"), ("health_remove", "supprimer/"),
            ("health_restore", "remettre/"),
        )
    },
    "sharing": _at("/partage/"),
    "history": _at("/partage/historique/"),
    "proof": _at("/partage/historique/preuve/"),
    "line_proof": lambda real, about: (f"/partage/historique/{uuid4()}/preuve/", {}),
    "visibility": _at("/partage/visibilite/", arrivent="masques"),
    "mask_many": _at("/partage/visibilite/tout/masquer/"),
    "unmask_many": _at("/partage/visibilite/tout/montrer/"),
    "make_topic": lambda real, about: ("/partage/visibilite/sujets/creer/", {"name": f"Sujet {uuid4()}"}),
    "topic": _in_topic(),
    "fill_topic": _in_topic("ajouter/", mots="titre"),
    "link_topic": _in_topic("rattacher/"),
    "unlink_topic": _in_topic("retirer/"),
    "mask_topic": _in_topic("masquer/"),
    "show_topic": _in_topic("montrer/"),
    "rename_topic": _in_topic("renommer/", name="Autre sujet"),
    "remove_topic": _in_topic("supprimer/"),
    "topics_of": _of_topics,
    "notifications": _at("/partage/notifications/", courriel="sharing"),
    "notices": _at("/avis/", lu="tout"),
    "copy": _at("/partage/copie/"),
    "ask_copy": _at("/partage/copie/demander/"),
    "drop_copy": _at("/partage/copie/supprimer/"),
    "take_copy": _at("/partage/copie/telecharger/"),
    "emergencies": lambda real, about: ("/partage/urgences/", _switches(real)),
    "professionals": _at("/partage/professionnels/", mots="Nomstranger"),
    "name_administrator": _of_somebody("/partage/professionnels/{id}/administrateur/"),
    "remove_administrator": _of_somebody("/partage/professionnels/{id}/administrateur/retirer/"),
    "give_access": _of_somebody("/partage/professionnels/{id}/acces/", term="toujours"),
    "end_access": _of_somebody("/partage/professionnels/{id}/acces/retirer/"),
    "join_team": _at_team,
    "relatives": _at("/partage/proches/"),
    "invite": _at("/partage/proches/inviter/", **_INVITED),
    "invite_representative": _at("/partage/proches/representant/", **_INVITED),
    "leave_help": _at("/partage/proches/quitter/"),
    "close_space": _at("/partage/fermer/"),
    "reopen_space": _at("/rouvrir/"),
    "advising": _at("/partage/proches/conseiller/"),
    "ask_adviser": _at("/partage/proches/conseiller/code/", scope="read"),
    "end_advising": _at("/partage/proches/conseiller/terminer/"),
    "end_help": _of_helper("terminer"),
    "contest_help": _of_helper("contester"),
    "answer_help": lambda real, about: ("/aider/aucune-invitation/", {"reponse": "accepter", "declared": "on"}),
    "declare_help": lambda real, about: (f"/aider/declaration/{uuid4()}/", {"reponse": "refuser"}),
    "end_team": lambda real, about: (f"/partage/equipes/{real.team if about == 'team' else uuid4()}/terminer/", {}),
    "block": _of_somebody("/partage/professionnels/{id}/bloquer/"),
    "unblock": _of_somebody("/partage/professionnels/{id}/debloquer/"),
    "name_doctor": _of_somebody("/partage/professionnels/{id}/designer/"),
    "remove_doctor": _of_somebody("/partage/professionnels/{id}/retirer/"),
}


def _switches(real: Real) -> Json:
    """The switches as they are."""
    model = real.model
    said = {"urgence": model.emergencies, "samu": model.calls, "masques": model.masked_in_emergency}
    return {name: "1" for name, is_on in said.items() if is_on}


def _workstation(real: Real, who: Person, name: str, about: str) -> Heard:
    method, page, *variant = name.split(" ")
    path, form = _DESK[page](real, about)
    form = {**form, "cause": "call"} if variant else form
    client: Client = real.crew.desks.get(who.name) or _signed_out(real, who)
    return _came(client, method, path, form, follow=page in _FOLLOWED)


def _signed_out(real: Real, who: Person) -> Client:
    """Whoever is no professional: nobody, or a holder in the browser of their own space."""
    return real.browser if who.kind == HOLDER and who.own else real.crew.nobody


def _of_patient(path: str, **form: Any) -> _Page:
    def page(real: Real, about: str) -> tuple[str, Json]:
        id = str(real.ids.get(about) or uuid4())
        return path.format(patient=f"/pro/patients/{real.of.patient}", id=id), form

    return page


def _letter(real: Real, about: str) -> tuple[str, Json]:
    file = SimpleUploadedFile("lettre.pdf", PDF + f"\n% {uuid4()}".encode(), "application/pdf")
    said = {"born": "1985-03-07", "type": "11502-2", "title": "Lettre", "happened": "2026-03-01", "visibility": ""}
    return f"/pro/patients/{real.of.patient}/deposer/", {"file": file, **said}


def _secret_letter(real: Real, about: str) -> tuple[str, Json]:
    path, form = _letter(real, about)
    return path.replace("/deposer/", "/soins-secrets/deposer/"), form


_DESK: dict[str, _Page] = {
    "pro_home": lambda real, about: ("/pro/", {"ins": real.of.ins.number}),
    "pro_hand_over": _at("/pro/ouvrir/aucune-adresse/"),
    "pro_help": _at("/pro/acces/"),
    "pro_patient": _of_patient("{patient}/", anciennes="1"),
    "pro_consent": _of_patient("{patient}/accord/", how="oral", term="visit", informed="on"),
    "pro_withdraw": _of_patient("{patient}/accord/fin/"),
    "pro_history": _of_patient("{patient}/historique/"),
    "pro_stated": _of_patient("{patient}/declare/"),
    "pro_changes": _of_patient("{patient}/changements/"),
    "pro_results": _of_patient("{patient}/resultats/", mots="tsh"),
    "pro_analyte": _of_patient("{patient}/resultats/aucun/"),
    "pro_block": _of_somebody("{patient}/historique/{id}/bloquer/"),
    "pro_team": _of_patient("{patient}/equipe/", mots="Nomstranger"),
    "pro_add_member": _of_somebody("{patient}/equipe/{id}/ajouter/"),
    "pro_emergency": _of_patient("{patient}/urgence/", cause="confused", words="Trouvée confuse", risk="on"),
    "pro_deposit": _letter,
    "pro_reading": _of_patient("{patient}/documents/{id}/"),
    "pro_download": _of_patient("{patient}/documents/{id}/telecharger/"),
    "pro_piece": _of_patient("{patient}/documents/{id}/pieces/1/"),
}

_SECRET = "{patient}/soins-secrets/"
_DESK |= {
    "pro_secret_patient": _of_patient(_SECRET, anciennes="1"),
    "pro_secret_changes": _of_patient(f"{_SECRET}changements/"),
    "pro_secret_results": _of_patient(f"{_SECRET}resultats/", mots="tsh"),
    "pro_secret_analyte": _of_patient(f"{_SECRET}resultats/aucun/"),
    "pro_secret_consent": _of_patient(f"{_SECRET}accord/", how="oral", term="visit", informed="on"),
    "pro_secret_withdraw": _of_patient(f"{_SECRET}accord/fin/"),
    "pro_secret_deposit": _secret_letter,
    "pro_secret_reading": _of_patient(f"{_SECRET}documents/{{id}}/"),
    "pro_secret_download": _of_patient(f"{_SECRET}documents/{{id}}/telecharger/"),
    "pro_secret_piece": _of_patient(f"{_SECRET}documents/{{id}}/pieces/1/"),
    "pro_open_secret": _of_patient(f"{_SECRET}documents/{{id}}/ouvrir/", asked="on"),
}

_DOORS: Mapping[str, Callable[[Real, Person, str, str], Heard]] = {
    "mhd": _fhir,
    "portal": _portal,
    "helping": _helping,
    "workstation": _workstation,
}
