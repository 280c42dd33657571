"""FHIR: searching, reading, changing what was deposited."""

import json

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.answers import Answer, at, listed
from espace.site.conform.expecting import bytes_of_letter, has, location_id, outcome, resource, status, total, value
from espace.site.conform.facts import Door, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.letters import new_uuid
from espace.site.conform.making.bundles import Json
from espace.site.conform.scenarios.fhir_common import deposited, follow, search
from espace.site.conform.staging import Stage

_ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"
_MASKED = {"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}
_CHANGE = "PDSm 3.1.1, mise à jour des métadonnées (ITI-57 de XDS)"


def _patch(kind: str, body: object) -> Step:
    return Step(
        Sentence("Modifier le document (PATCH)", "Change the document (PATCH)"),
        lambda stage: Request(
            Door.FHIR, "PATCH", f"/DocumentReference/{stage.kept['id']}", json.dumps(body).encode(), kind, Who.FEEDER
        ),
        (status(200, 204),),
        Sentence(
            "Appliquez la modification à un document de la structure qui l’a déposé.",
            "Apply the change to a document of the structure that deposited it.",
        ),
    )


def _content(stage: Stage, answer: Answer) -> None:
    """Notes the id of the Binary to which the one document found leads."""
    found = [at(one, "resource") for one in listed(answer.json.get("entry"))]
    stage.kept["binary"] = location_id(str(at(found, 0, "content", 0, "attachment", "url")))


def _is_archived(said: Json) -> bool:
    stated = listed(at(said, "entry", 0, "resource", "extension"))
    return any(at(one, "url") == _ARCHIVED and at(one, "valueBoolean") is True for one in stated)


def _seen(wanted: int) -> Step:
    """As many documents as this the reader finds under the identifier."""
    return Step(
        Sentence("Chercher comme lecteur (ITI-67)", "Search as the reader (ITI-67)"),
        lambda stage: search(stage, "DocumentReference", Who.READER, identifier=stage.letter().name),
        (total(wanted),),
        Sentence(
            "Un professionnel qui n’est ni l’auteur ni le médecin traitant ne voit pas ce qui est masqué.",
            "A professional who is neither the author nor the attending doctor does not see what is masked.",
        ),
    )


SCENARIOS = (
    Scenario(
        "fhir-iti67-read",
        Family.FHIR,
        Sentence("Un lecteur trouve le document et lit ses octets", "A reader finds the document and reads its bytes"),
        Rule(
            Sentence(
                "Ce qu’ITI-67 trouve, ITI-68 le rend, octet pour octet.",
                "What ITI-67 finds, ITI-68 gives, byte for byte.",
            ),
            "IHE MHD 4.2.2, 2:3.67, 2:3.68",
        ),
        (Need.BEARER, Need.READER),
        (
            deposited(),
            Step(
                Sentence("Chercher comme lecteur (ITI-67)", "Search as the reader (ITI-67)"),
                lambda stage: search(stage, "DocumentReference", Who.READER, identifier=stage.letter().name),
                (total(1), value("DocumentReference", "entry", 0, "resource", "resourceType")),
                Sentence(
                    "Un searchset avec le document, et `attachment.url` qui mène à son contenu.",
                    "A searchset with the document, and `attachment.url` leading to its content.",
                ),
                keep=_content,
            ),
            Step(
                Sentence("Lire le contenu (ITI-68)", "Read the content (ITI-68)"),
                lambda stage: Request(
                    Door.FHIR, path=f"/Binary/{stage.kept['binary']}", by=Who.READER, headers={"Accept": "text/xml"}
                ),
                (status(200), bytes_of_letter()),
                Sentence("Rendez le contenu tel qu’il est venu.", "Give the content as it came."),
            ),
        ),
        (announcing.TRANSACTION, announcing.SEARCH, announcing.CONTENTS),
    ),
    Scenario(
        "fhir-iti66-find",
        Family.FHIR,
        Sentence("Les lots se cherchent (ITI-66)", "Sets are searched for (ITI-66)"),
        Rule(
            Sentence("Un lot est une List du dossier.", "A set is a List of the record."), "IHE MHD 4.2.2, 2:3.66"
        ),
        (Need.BEARER, Need.READER),
        (
            deposited(),
            Step(
                Sentence("Chercher le lot (ITI-66)", "Search for the set (ITI-66)"),
                lambda stage: search(stage, "List", Who.READER, identifier=stage.kept["set first"]),
                (total(1), value("List", "entry", 0, "resource", "resourceType")),
                Sentence("Une List par lot, trouvée par `identifier`.", "One List a set, found by `identifier`."),
            ),
        ),
        (announcing.TRANSACTION, announcing.LISTS),
    ),
    Scenario(
        "fhir-search-strict",
        Family.FHIR,
        Sentence("Un paramètre inconnu ne passe pas inaperçu", "An unknown parameter does not pass unnoticed"),
        Rule(
            Sentence(
                "Avec `Prefer: handling=strict`, un paramètre inconnu refuse.",
                "With `Prefer: handling=strict` an unknown parameter refuses.",
            ),
            "FHIR R4, search.html#errors",
        ),
        (Need.BEARER,),
        (
            Step(
                Sentence("Chercher avec un paramètre inconnu", "Search with an unknown parameter"),
                lambda stage: Request(
                    Door.FHIR, path=search(stage, "DocumentReference", Who.FEEDER, **{"sans-objet": "1"}).path,
                    by=Who.FEEDER, headers={"Prefer": "handling=strict"},
                ),
                (status(400), outcome()),
                Sentence(
                    "Refusez (400) ce que vous ne connaissez pas.", "Refuse (400) what you do not know."
                ),
            ),
        ),
        (announcing.SEARCH,),
    ),
    Scenario(
        "fhir-read-unknown",
        Family.FHIR,
        Sentence("Un document qui n’existe pas répond 404", "A document that does not exist is answered 404"),
        Rule(
            Sentence("Absent et interdit ont la même réponse.", "Absent and forbidden are answered alike."),
            "FHIR R4, http.html#read",
        ),
        (Need.READER,),
        (
            Step(
                Sentence("Lire un contenu au hasard", "Read a content at random"),
                lambda _: Request(Door.FHIR, path=f"/Binary/{new_uuid()[9:]}", by=Who.READER),
                (status(404), outcome()),
                Sentence("Répondez 404 et un OperationOutcome.", "Answer 404 and an OperationOutcome."),
            ),
        ),
        (announcing.CONTENTS,),
    ),
    Scenario(
        "fhir-patch-archive",
        Family.FHIR,
        Sentence("Le déposant archive son document", "The depositor archives their document"),
        Rule(Sentence("L’extension `isArchived` dit l’archivage.", "The extension `isArchived` tells it."), _CHANGE),
        (Need.BEARER,),
        (
            deposited(),
            _patch("application/merge-patch+json", {"extension": [{"url": _ARCHIVED, "valueBoolean": True}]}),
            Step(
                Sentence("Chercher le document (ITI-67)", "Search for the document (ITI-67)"),
                lambda stage: search(stage, "DocumentReference", Who.FEEDER, identifier=stage.letter().name),
                (
                    total(1),
                    has(
                        Sentence("`isArchived` est vrai", "`isArchived` is true"),
                        lambda _, said: _is_archived(said),
                    ),
                ),
                Sentence("Une recherche dit l’état présent.", "A search tells the present state."),
                asks=announcing.SEARCH,
            ),
        ),
        (announcing.TRANSACTION, announcing.PATCH),
    ),
    Scenario(
        "fhir-patch-mask",
        Family.FHIR,
        Sentence("Le déposant masque son document", "The depositor masks their document"),
        Rule(
            Sentence("`MASQUE_PS` cache aux professionnels.", "`MASQUE_PS` hides from professionals."),
            f"{_CHANGE} ; NOS, JDV_J58",
        ),
        (Need.BEARER, Need.READER),
        (
            deposited(),
            _seen(1),
            _patch(
                "application/json-patch+json",
                [{"op": "add", "path": "/securityLabel/-", "value": {"coding": [_MASKED]}}],
            ),
            _seen(0),
        ),
        (announcing.TRANSACTION, announcing.PATCH, announcing.SEARCH),
    ),
    Scenario(
        "fhir-delete",
        Family.FHIR,
        Sentence("Le déposant supprime son document", "The depositor deletes their document"),
        Rule(
            Sentence("Un document supprimé est `entered-in-error`.", "A deleted document is `entered-in-error`."),
            _CHANGE,
        ),
        (Need.BEARER,),
        (
            deposited(),
            Step(
                Sentence("Supprimer (PATCH de `status`)", "Delete (PATCH of `status`)"),
                lambda stage: Request(
                    Door.FHIR, "PATCH", f"/DocumentReference/{stage.kept['id']}",
                    b'{"status": "entered-in-error"}', "application/merge-patch+json", Who.FEEDER,
                ),
                (status(200, 204),),
                Sentence("Acceptez la suppression par le déposant.", "Accept the deletion by the depositor."),
            ),
            follow(0, current="current"),
        ),
        (announcing.TRANSACTION, announcing.PATCH),
    ),
    Scenario(
        "fhir-media-type",
        Family.FHIR,
        Sentence("Un autre type de contenu est refusé", "Another content type is refused"),
        Rule(Sentence("Un dépôt est du JSON de FHIR.", "A deposit is JSON of FHIR."), "FHIR R4, http.html"),
        (Need.BEARER,),
        (
            Step(
                Sentence("Envoyer du texte", "Send text"),
                lambda _: Request(Door.FHIR, "POST", body=b"bonjour", kind="text/plain", by=Who.FEEDER),
                (status(415, 400), resource("OperationOutcome")),
                Sentence("Répondez 415 et un OperationOutcome.", "Answer 415 and an OperationOutcome."),
            ),
        ),
        (announcing.TRANSACTION,),
    ),
)
