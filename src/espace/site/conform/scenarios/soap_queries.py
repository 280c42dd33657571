"""SOAP: the stored queries beside FindDocuments and GetDocuments, each about one deposit in a folder."""

from collections.abc import Callable, Mapping

from espace.kernel.reasons import Sentence
from espace.site.conform.answers import Answer
from espace.site.conform.expecting import names_it, objects, responded, satisfies
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making import ebxml
from espace.site.conform.making.envelopes import send
from espace.site.conform.scenarios.soap_common import FILE, got
from espace.site.conform.staging import Stage

_QUERIES = "IHE ITI TF-2, 3.18.4.1.2.3.7, 3.18.4.1.2.4"
_LISTED = Sentence(
    "Rendez tout ce que la requête désigne, et que le lecteur peut voir.",
    "Give all that the query names, and that the reader may see.",
)


def _document(stage: Stage) -> str:
    return stage.letter().oid


Named = Callable[[Stage], str]
_NAMES: Mapping[Named, Sentence] = {
    _document: Sentence("le document", "the document"),
    ebxml.set_uid: Sentence("le lot", "the set"),
    ebxml.folder_oid: Sentence("le dossier", "the folder"),
}
"""What a query may find of the deposit, by its uniqueId."""


def _finds(named: Named) -> Expected:
    def found(stage: Stage, answer: Answer) -> bool:
        every = objects(answer, "ExternalIdentifier")
        return [one.get("value", "").removeprefix("urn:oid:") for one in every].count(named(stage)) == 1

    name = _NAMES[named]
    return satisfies(f"{name.fr}, une fois", f"{name.en}, once", found)


def _is_linked(stage: Stage, answer: Answer) -> bool:
    ends = {one.get("targetObject") for one in objects(answer, "Association")}
    return stage.kept.get("entry", "") in ends


_LINKED = satisfies("l’association qui mène au document", "the association that leads to the document", _is_linked)


def _refers(name: str, fr: str, en: str) -> Expected:
    """A reference to the object whose entryUUID was kept by that name. In a record that was used for long, whole
    objects would be more than one answer may hold."""

    def found(stage: Stage, answer: Answer) -> bool:
        return stage.kept.get(name, "") in [one.get("id") for one in objects(answer, "ObjectRef")]

    return satisfies(f"une référence : {fr}", f"a reference: {en}", found)


def _query(
    name: str, kind: str, said: Callable[[Stage], dict[str, str]], *expects: Expected, whole: bool = True,
    keep: Callable[[Stage, Answer], None] | None = None,
) -> Step:  # fmt: skip
    """One stored query of the reader; `kind` is its id."""

    def made(stage: Stage) -> Request:
        body = ebxml.query(f"urn:uuid:{kind}", said(stage), whole=whole)
        return send(stage, Door.REGISTRY, ebxml.QUERY, body, by=Who.READER)

    does = Sentence(f"Chercher (ITI-18, {name})", f"Search (ITI-18, {name})")
    return Step(does, made, (responded("Success"), *expects), _LISTED, keep)


def _keep_set(stage: Stage, answer: Answer) -> None:
    """The entryUUID of the set, as `set`."""
    oid, packages = ebxml.set_uid(stage), objects(answer, "RegistryPackage")
    stage.kept["set"] = next((one.get("id", "") for one in packages if names_it(one, oid)), "")


def _scenario(id_: str, title: Sentence, rule: Sentence, *queries: Step) -> Scenario:
    return Scenario(
        id_, Family.SOAP, title, Rule(rule, _QUERIES), (Need.CARD, Need.READER_CARD),
        (FILE, got(ebxml.APPROVED, by=Who.READER), *queries), (ebxml.PROVIDE, ebxml.QUERY),
    )  # fmt: skip


def _entry(stage: Stage) -> dict[str, str]:
    return {"$uuid": f"('{stage.kept['entry']}')"}


_CURRENT = f"('{ebxml.APPROVED}')"
SCENARIOS = (
    _scenario(
        "soap-iti18-sets",
        Sentence("Un lot se retrouve, et ce qu’il contient", "A set is found, and what is in it"),
        Sentence("Un lot se cherche par patient, document ou uniqueId.",
                 "A set is searched by patient, document or uniqueId."),
        _query(
            "GetSubmissionSets", "51224314-5390-4169-9b91-b1980040715a", _entry, _finds(ebxml.set_uid), _LINKED,
            keep=_keep_set,
        ),
        _query(
            "FindSubmissionSets", "f26abbcb-ac74-4422-8a30-edb644bbc1a9",
            lambda stage: {
                "$XDSSubmissionSetPatientId": f"'{stage.kit.patient.cx}'", "$XDSSubmissionSetStatus": _CURRENT
            },
            _refers("set", "le lot", "the set"), whole=False,
        ),
        _query(
            "GetSubmissionSetAndContents", "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
            lambda stage: {"$XDSSubmissionSetUniqueId": f"'{ebxml.set_uid(stage)}'"},
            *map(_finds, _NAMES), _LINKED,
        ),
    ),
    _scenario(
        "soap-iti18-folders",
        Sentence("Un dossier se retrouve, par un document aussi", "A folder is found, by a document too"),
        Sentence("Un dossier se cherche par uniqueId ou document.", "A folder is searched by uniqueId or document."),
        _query(
            "GetFolders", "5737b14c-8a1a-4539-b659-e03a34a5e1e4",
            lambda stage: {"$XDSFolderUniqueId": f"('{ebxml.folder_oid(stage)}')"},
            _finds(ebxml.folder_oid),
        ),
        _query(
            "GetFoldersForDocument", "10cae35a-c7f9-4cf5-b61e-fc3278ffb578",
            lambda stage: {"$XDSDocumentEntryUniqueId": f"'{_document(stage)}'"},
            _finds(ebxml.folder_oid),
        ),
    ),
    _scenario(
        "soap-iti18-all",
        Sentence("Tout ce qui est du patient, et ce qui le relie", "All that is of the patient, and what links it"),
        Sentence("GetAll rend documents, lots, dossiers et associations.",
                 "GetAll gives documents, sets, folders and associations."),
        _query(
            "GetAll", "10b545ea-725c-446d-9b95-8aeb444eddf3",
            lambda stage: {"$patientId": f"'{stage.kit.patient.cx}'"}
            | {f"$XDS{one}Status": _CURRENT for one in ("DocumentEntry", "SubmissionSet", "Folder")},
            _refers("entry", "le document", "the document"), whole=False,
        ),
        _query(
            "GetDocumentsAndAssociations", "bab9529a-4a10-40b3-a01f-f68a615d247a",
            lambda stage: {"$XDSDocumentEntryUniqueId": f"('{_document(stage)}')"},
            _finds(_document), _LINKED,
        ),
        _query("GetAssociations", "a7ae438b-4bc2-4642-93e9-be891f7bb155", _entry, _LINKED),
    ),
)  # fmt: skip
