"""The address and the form of each page of the model, of both doors: what a question about it asks for."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.helpers import PDF
from reference_model.worlds import Real

Json = dict[str, Any]
FOLLOWED = frozenset(
    {
        *("fill_topic", "hide_choose", "pro_team", "documents", "professionals", "pro_patient", "pro_secret_patient"),
        *("results", "pro_results", "pro_secret_results"),
    }
)
"""Pages whose answer to a form is the page that they lead to."""
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


PAGES: Mapping[str, _Page] = {
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
    "emergency_sheet": _at("/sante/fiche-urgence/"),
    "see_as_profession": _at("/partage/voir-comme/metier/40/"),
    "entitlements": _at("/partage/habilitations/"),
    "entitlement": _at("/partage/habilitations/40/"),
    "why": lambda real, about: (f"/partage/historique/{uuid4()}/pourquoi/", {}),
    "report": lambda real, about: (f"/partage/historique/{uuid4()}/signaler/", {"kind": "unknown"}),
    "reports": _at("/partage/signalements/"),
    "open_secret": _on("/documents/{id}/ouvrir/"),
    "health": _at("/sante/"),
    "health_overview": _at("/sante/synthese/"),
    "health_extraction": _at("/sante/documents-lus/", extraire="1"),
    "health_targets": _at("/sante/mesures/objectifs/", measure="weight", low="60", high=""),
    "health_section": _at("/sante/mesures/"),
    "health_add": _at("/sante/mesures/ajouter/", measure="weight", value="60", day="2020"),
    "health_choose": _at("/sante/allergies/choisir/", choix="montrer"),
    "abroad": _at("/sante/resume-etranger/", langue="en"),
    "health_vaccinations": _at("/sante/vaccinations/"),
    "child": _at("/sante/suivi-enfant/"),
    "child_growth": _at("/sante/suivi-enfant/croissance/"),
    "child_exam": _at("/sante/suivi-enfant/a6/", day="2020"),
    "medicines": _at("/sante/medicaments/"),
    "results": _at("/sante/resultats/", mots="tsh"),
    "analyte": _at("/sante/resultats/aucun/"),
    **{
        page: _at(f"/sante/mesures/{uuid4()}/{act}", measure="weight", value="60", day="2020")
        for page, act in (
            ("health_item", ""),
            ("health_link", "liens/"),
            ("health_remove", "supprimer/"),
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
    "applications": _at("/partage/applications/"),
    "end_application": _at("/partage/applications/personne/retirer/"),
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


DESK: dict[str, _Page] = {
    "pro_home": lambda real, about: ("/pro/", {"ins": real.of.ins.number}),
    "pro_hand_over": _at("/pro/ouvrir/aucune-adresse/"),
    "pro_help": _at("/pro/acces/"),
    "pro_patient": _of_patient("{patient}/", anciennes="1"),
    "pro_consent": _of_patient("{patient}/accord/", how="oral", term="visit", informed="on"),
    "pro_withdraw": _of_patient("{patient}/accord/fin/"),
    "pro_history": _of_patient("{patient}/historique/"),
    "pro_stated": _of_patient("{patient}/declare/"),
    "pro_child": _of_patient("{patient}/enfant/"),
    "pro_abroad": _of_patient("{patient}/resume-etranger/", langue="en"),
    "pro_changes": _of_patient("{patient}/changements/"),
    "pro_medicines": _of_patient("{patient}/traitements/"),
    "pro_reconcile": _of_patient("{patient}/conciliation/"),
    "pro_summary": _of_patient("{patient}/synthese/", etape="corriger"),
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
DESK |= {
    "pro_secret_patient": _of_patient(_SECRET, anciennes="1"),
    "pro_secret_changes": _of_patient(f"{_SECRET}changements/"),
    "pro_secret_medicines": _of_patient(f"{_SECRET}traitements/"),
    "pro_secret_abroad": _of_patient(f"{_SECRET}resume-etranger/", langue="en"),
    "pro_secret_child": _of_patient(f"{_SECRET}enfant/"),
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
