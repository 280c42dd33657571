"""Steps that several scenarios of FHIR take."""

from collections.abc import Callable
from urllib.parse import urlencode

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.expecting import filed, location, resource, status, total, value
from espace.site.conform.facts import Door, Request, Step, Who
from espace.site.conform.making.bundles import FHIR_JSON, Json, bundle, encoded
from espace.site.conform.staging import Stage

Spoil = Callable[[Json], None]
DEPOSIT_FIX = Sentence(
    "Comparez votre réponse avec le profil « Provide Document Bundle Response » de MHD : une entrée par ressource "
    "reçue, dans l’ordre, avec son statut et son adresse.",
    "Compare your answer with the profile « Provide Document Bundle Response » of MHD: one entry for each resource "
    "received, in order, with its status and its location.",
)
STORED_FIX = Sentence(
    "Un refus ne doit rien enregistrer : tout le lot, ou rien.", "A refusal must store nothing: the whole set, or none."
)


def provide(stage: Stage, name: str = "first", *, replaces: str = "", spoil: Spoil | None = None) -> Request:
    """ITI-65, spoiled or not, in the name of the feeder."""
    made = bundle(stage, name, replaces=replaces)
    if spoil:
        spoil(made)
    return Request(Door.FHIR, "POST", body=encoded(made), kind=FHIR_JSON, by=Who.FEEDER)


def deposited(name: str = "first", *, replaces: str = "") -> Step:
    """A deposit that must be accepted; the id of the document is kept."""
    return Step(
        Sentence("Déposer un document (ITI-65)", "Deposit a document (ITI-65)"),
        lambda stage: provide(stage, name, replaces=replaces),
        (status(200), resource("Bundle"), value("transaction-response", "type"), filed("201")),
        DEPOSIT_FIX,
        keep=location,
    )


def search(stage: Stage, kind: str, by: Who, **said: str) -> Request:
    """A search in the record of the patient."""
    patient = stage.kit.patient
    query = urlencode({"patient.identifier": f"urn:oid:{patient.authority}|{patient.ins}", **said})
    return Request(Door.FHIR, path=f"/{kind}?{query}", by=by, headers={"Accept": FHIR_JSON})


def follow(wanted: int, *, name: str = "first", current: str = "") -> Step:
    """The feeder looks for its own deposit; as many must be found. Taken where the server announces searching."""
    more = {"status": current} if current else {}
    return Step(
        Sentence("Chercher ce dépôt par son identifiant (ITI-67)", "Search for this deposit by identifier (ITI-67)"),
        lambda stage: search(stage, "DocumentReference", Who.FEEDER, identifier=stage.letter(name).name, **more),
        (total(wanted),),
        STORED_FIX if wanted == 0 else Sentence(
            "Ce qui est accepté doit se retrouver par `identifier`, avec son `status`.",
            "What is accepted must be found by `identifier`, with its `status`.",
        ),
        asks=announcing.SEARCH,
    )  # fmt: skip
