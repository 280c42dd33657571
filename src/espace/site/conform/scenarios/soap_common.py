"""Steps that several scenarios of SOAP take."""

from collections.abc import Callable

from espace.kernel.reasons import Sentence
from espace.site.conform.answers import Answer
from espace.site.conform.expecting import entry_of_letter, listing, names_it, objects, responded
from espace.site.conform.facts import Door, Request, Step, Who
from espace.site.conform.making import ebxml
from espace.site.conform.making.envelopes import send
from espace.site.conform.staging import Stage
from espace.wire.xml import Element

Spoil = Callable[[Stage, str], str]
ACCEPT_FIX = Sentence(
    "Lisez `codeContext` et `location` : la demande est conforme et devait être acceptée.",
    "Read `codeContext` and `location`: the request is right and was to be accepted.",
)


def provide(stage: Stage, name: str = "first", *, spoil: Spoil | None = None, inline: bool = True) -> Request:
    """ITI-41, spoiled or not, in the name of the feeder. `entry` kept is the entryUUID that it replaces, but for the
    first document."""
    target = stage.kept.get("entry", "") if name != "first" else ""
    body = ebxml.provide(stage, name, target=target, inline=inline)
    body = spoil(stage, body) if spoil else body
    beside = None if inline else stage.letter(name).content
    return send(stage, Door.REPOSITORY, ebxml.PROVIDE, body, beside=beside)


def deposited(name: str = "first", *, inline: bool = True) -> Step:
    """A deposit that must be accepted."""
    return Step(
        Sentence("Déposer un document (ITI-41)", "Deposit a document (ITI-41)"),
        lambda stage: provide(stage, name, inline=inline),
        (responded("Success"),),
        ACCEPT_FIX,
    )


FILE = Step(
    Sentence("Déposer un document dans un dossier (ITI-41)", "Deposit a document in a folder (ITI-41)"),
    lambda stage: send(
        stage, Door.REPOSITORY, ebxml.PROVIDE, ebxml.provide(stage, more=ebxml.folder(stage))
    ),
    (responded("Success"),),
    ACCEPT_FIX,
)


def got(status: str, name: str = "first", by: Who = Who.FEEDER) -> Step:
    """GetDocuments finds the document in this status; its entryUUID and its repository are kept."""
    return Step(
        Sentence("Chercher ce document (ITI-18, GetDocuments)", "Look for this document (ITI-18, GetDocuments)"),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.get(stage, name), by=by),
        (
            responded("Success"),
            entry_of_letter(
                name,
                lambda one: one.get("status") == status,
                f"le document, avec le statut {status}",
                f"the document, with the status {status}",
            ),
        ),
        Sentence(
            "Ce qui est accepté se retrouve par son uniqueId, avec son statut.",
            "What is accepted is found by its uniqueId, with its status.",
        ),
        keep=lambda stage, answer: _keep(stage, answer, name),
    )


def absent(name: str = "first") -> Step:
    """GetDocuments finds nothing: what was refused is not there."""
    return Step(
        Sentence("Chercher ce document (ITI-18, GetDocuments)", "Look for this document (ITI-18, GetDocuments)"),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.get(stage, name)),
        (responded("Success"), listing(0)),
        Sentence("Un refus ne doit rien enregistrer.", "A refusal must store nothing."),
        asks=ebxml.QUERY,
    )


def _keep(stage: Stage, answer: Answer, name: str) -> None:
    entry = next(one for one in objects(answer, "ExtrinsicObject") if names_it(one, stage.letter(name).oid))
    stage.kept["entry"] = entry.get("id", "")
    stage.kept["repository"] = _slot(entry, "repositoryUniqueId")


def _slot(entry: Element, name: str) -> str:
    found = next((one for one in entry.iter("{*}Slot") if one.get("name") == name), None)
    return "" if found is None else (found.findtext("{*}ValueList/{*}Value") or "").strip()
