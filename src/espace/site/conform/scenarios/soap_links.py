"""SOAP: documents that are linked, folders, and documents stated anew or kept elsewhere."""

from espace.kernel.reasons import Sentence
from espace.site.conform.answers import Answer
from espace.site.conform.expecting import entry_of_letter, error, names_it, objects, responded, satisfies
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.letters import new_uuid
from espace.site.conform.making import ebxml
from espace.site.conform.making.envelopes import send
from espace.site.conform.scenarios.soap_common import ACCEPT_FIX, FILE, absent, deposited, got
from espace.site.conform.staging import Stage

_LINKS = "IHE ITI TF-3, 4.2.2.2"
_FOLDERS = "IHE ITI TF-3, 4.2.1.3 ; TF-2, 3.41.4.1.3, 3.18.4.1.2.3.7"
_UPDATES = "IHE ITI TF-2, 3.57 ; CI-SIS, volet partage de documents de santé"
_TITLE = "Document du banc, autrement intitulé"
_READING = (Need.CARD, Need.READER_CARD)


def _linked(stage: Stage, name: str, link: str, target: str) -> Request:
    body = ebxml.provide(stage, name, target=target, link=link)
    return send(stage, Door.REPOSITORY, ebxml.PROVIDE, body)


def _links(link: str, name: str = "second") -> Step:
    """A deposit that must be accepted, linked to the document whose entryUUID was kept."""
    word = link.rpartition(":")[2]
    return Step(
        Sentence(f"Déposer un document lié au premier ({word})", f"Deposit a document linked to the first ({word})"),
        lambda stage: _linked(stage, name, link, stage.kept["entry"]),
        (responded("Success"),),
        ACCEPT_FIX,
    )


def _refused(does: Sentence, link: str, name: str, target: str, codes: tuple[str, ...], fix: Sentence) -> Step:
    """A deposit that must be refused; without `target` the link is to the document whose entryUUID was kept."""
    return Step(
        does,
        lambda stage: _linked(stage, name, link, target or stage.kept["entry"]),
        (responded("Failure"), error(*codes)),
        fix,
    )


def _related(link: str) -> Step:
    """GetRelatedDocuments tells both documents, and the link between them."""

    def found(stage: Stage, answer: Answer) -> bool:
        entries = objects(answer, "ExtrinsicObject")
        both = all(any(names_it(one, stage.letter(name).oid) for one in entries) for name in ("first", "second"))
        return both and link in {one.get("associationType") for one in objects(answer, "Association")}

    return Step(
        Sentence("Chercher ce qui lui est lié (ITI-18, GetRelatedDocuments)",
                 "Look for what is linked to it (ITI-18, GetRelatedDocuments)"),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.related(stage, link), by=Who.READER),
        (responded("Success"), satisfies("les deux documents et leur lien", "both documents and their link", found)),
        Sentence("Rendez les deux documents et l’Association.", "Give both documents and the Association."),
    )  # fmt: skip


def _linking(id_: str, link: str, title: Sentence, rule: Sentence) -> Scenario:
    """A link that replaces nothing."""
    return Scenario(
        id_, Family.SOAP, title, Rule(rule, _LINKS), _READING,
        (deposited(), got(ebxml.APPROVED), _links(link), got(ebxml.APPROVED), _related(link)),
        (ebxml.PROVIDE, ebxml.QUERY),
    )  # fmt: skip


def _has_folder(fr: str, en: str, *, whole: bool) -> Expected:
    """The folder is told, and where it is told whole, the document and that this is in it."""

    def found(stage: Stage, answer: Answer) -> bool:
        oid = ebxml.folder_oid(stage)
        mine = [one.get("id") for one in objects(answer, "RegistryPackage") if names_it(one, oid)]
        if len(mine) != 1 or not whole:
            return len(mine) == 1
        inside = [one.get("id") for one in objects(answer, "ExtrinsicObject") if names_it(one, stage.letter().oid)]
        ends = {(one.get("sourceObject"), one.get("targetObject")) for one in objects(answer, "Association")}
        return len(inside) == 1 and (mine[0], inside[0]) in ends

    return satisfies(fr, en, found)


_FIND_FOLDER = Step(
    Sentence("Chercher le dossier (ITI-18, FindFolders)", "Look for the folder (ITI-18, FindFolders)"),
    lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.folders(stage)),
    (responded("Success"), _has_folder("le dossier, une fois", "the folder, once", whole=False)),
    Sentence("Listez les dossiers que la structure a déposés.", "List the folders that the structure filed."),
)
_OPEN_FOLDER = Step(
    Sentence("Lire ce qu’il contient (ITI-18, GetFolderAndContents)",
             "Read what is in it (ITI-18, GetFolderAndContents)"),
    lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.folder_contents(stage), by=Who.READER),
    (
        responded("Success"),
        _has_folder("le dossier, le document, et HasMember de l’un à l’autre",
                    "the folder, the document, and HasMember from one to the other", whole=True),
    ),
    Sentence("Rendez le dossier, ses documents et leurs associations.",
             "Give the folder, its documents and their associations."),
)  # fmt: skip


def _restated(version: int, expects: tuple[Expected, ...], fix: Sentence) -> Step:
    return Step(
        Sentence("Donner un autre titre au document (ITI-57)", "Give the document another title (ITI-57)"),
        lambda stage: send(
            stage, Door.REGISTRY, ebxml.UPDATE, ebxml.restate(stage, stage.kept["entry"], version, _TITLE)
        ),
        expects,
        fix,
    )


_TITLED = Step(
    Sentence("Chercher ce document (ITI-18, GetDocuments)", "Look for this document (ITI-18, GetDocuments)"),
    lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.get(stage), by=Who.READER),
    (
        responded("Success"),
        entry_of_letter(
            "first",
            lambda one: _TITLE in {text.get("value") for text in one.iterfind("{*}Name/{*}LocalizedString")},
            "le document, sous son nouveau titre", "the document, by its new title",
        ),
    ),
    Sentence("Rendez la dernière version des métadonnées.", "Give the last version of the metadata."),
)  # fmt: skip


def _kept_elsewhere(stage: Stage, answer: Answer) -> bool:
    slots = [one for one in objects(answer, "Slot") if one.get("name") == "repositoryUniqueId"]
    said = {(one.findtext("{*}ValueList/{*}Value") or "").strip() for one in slots}
    return said == {stage.kit.source_id}


def _register(*, sized: bool, expects: tuple[Expected, ...], fix: Sentence) -> Step:
    return Step(
        Sentence("Enregistrer un document gardé ailleurs (ITI-42)", "Register a document kept elsewhere (ITI-42)"),
        lambda stage: send(
            stage, Door.REGISTRY, ebxml.REGISTER, ebxml.register(stage, stage.kit.source_id, sized=sized)
        ),
        expects,
        fix,
    )


_NEVER = Sentence("Lier à un document inconnu", "Link to a document that nobody knows")
SCENARIOS = (
    _linking(
        "soap-iti41-append",
        ebxml.APND,
        Sentence("Un document en complète un autre (APND)", "A document completes another one (APND)"),
        Sentence("Le document complété reste Approved.", "The completed document stays Approved."),
    ),
    _linking(
        "soap-iti41-transform",
        ebxml.XFRM,
        Sentence("Un document en transforme un autre (XFRM)", "A document transforms another one (XFRM)"),
        Sentence("Le document transformé reste Approved.", "The transformed document stays Approved."),
    ),
    Scenario(
        "soap-iti41-xfrm-rplc",
        Family.SOAP,
        Sentence("Un document en transforme et remplace un autre", "A document transforms and replaces another one"),
        Rule(
            Sentence("XFRM_RPLC : l’ancien devient Deprecated.", "XFRM_RPLC: the old one becomes Deprecated."), _LINKS
        ),
        (Need.CARD,),
        (
            deposited(), got(ebxml.APPROVED), _links(ebxml.XFRM_RPLC), got(ebxml.DEPRECATED),
            got(ebxml.APPROVED, "second"),
        ),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti41-unknown-target",
        Family.SOAP,
        Sentence("Un lien vers un document inconnu est refusé", "A link to an unknown document is refused"),
        Rule(
            Sentence("Ce qu’une Association nomme existe.", "What an Association names is there."),
            "IHE ITI TF-3, 4.1.4 ; table 4.2.4.1-2",
        ),
        (Need.CARD,),
        (
            _refused(
                _NEVER, ebxml.APND, "first", new_uuid(), ("UnresolvedReferenceException", "XDSRegistryMetadataError"),
                Sentence("Répondez UnresolvedReferenceException.", "Answer UnresolvedReferenceException."),
            ),
            absent(),
        ),
        (ebxml.PROVIDE,),
    ),
    Scenario(
        "soap-iti41-replaced-twice",
        Family.SOAP,
        Sentence("Un document remplacé ne l’est pas deux fois", "A document that is replaced is not replaced again"),
        Rule(
            Sentence("RPLC nomme un document Approved.", "RPLC names a document that is Approved."),
            "IHE ITI TF-3, 4.2.2.2.3 ; table 4.2.4.1-2",
        ),
        (Need.CARD,),
        (
            deposited(),
            got(ebxml.APPROVED),
            _links(ebxml.RPLC),
            _refused(
                Sentence("Remplacer le premier encore une fois", "Replace the first once more"),
                ebxml.RPLC, "third", "", ("XDSReplaceFailed", "XDSRegistryDeprecatedDocumentError"),
                Sentence("Répondez XDSRegistryDeprecatedDocumentError ou XDSReplaceFailed.",
                         "Answer XDSRegistryDeprecatedDocumentError or XDSReplaceFailed."),
            ),
            absent("third"),
        ),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti41-folder",
        Family.SOAP,
        Sentence("Un dossier, et un document dedans", "A folder, and a document in it"),
        Rule(
            Sentence("HasMember met un document dans un dossier.", "HasMember puts a document into a folder."),
            _FOLDERS,
        ),
        _READING,
        (FILE, _FIND_FOLDER, _OPEN_FOLDER),
        (ebxml.PROVIDE, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti57-restate",
        Family.SOAP,
        Sentence("Le déposant décrit son document autrement", "The depositor describes their document otherwise"),
        Rule(
            Sentence("`PreviousVersion` est la version lue.", "`PreviousVersion` is the version that was read."),
            _UPDATES,
        ),
        _READING,
        (deposited(), got(ebxml.APPROVED), _restated(1, (responded("Success"),), ACCEPT_FIX), _TITLED),
        (ebxml.PROVIDE, ebxml.QUERY, ebxml.UPDATE),
    ),
    Scenario(
        "soap-iti57-outdated",
        Family.SOAP,
        Sentence("Une version dépassée des métadonnées est refusée", "An outdated version of metadata is refused"),
        Rule(
            Sentence("`PreviousVersion` est la dernière.", "`PreviousVersion` is the last one."), _UPDATES
        ),
        (Need.CARD,),
        (
            deposited(),
            got(ebxml.APPROVED),
            _restated(
                7, (responded("Failure"), error("XDSMetadataVersionError")),
                Sentence("Répondez XDSMetadataVersionError.", "Answer XDSMetadataVersionError."),
            ),
        ),
        (ebxml.PROVIDE, ebxml.QUERY, ebxml.UPDATE),
    ),
    Scenario(
        "soap-iti42-register",
        Family.SOAP,
        Sentence("Un document gardé par l’entrepôt du déposant", "A document that the depositor’s repository keeps"),
        Rule(
            Sentence("`repositoryUniqueId` dit qui le garde.", "`repositoryUniqueId` tells who keeps it."),
            "IHE ITI TF-2, 3.42",
        ),
        _READING,
        (
            _register(sized=True, expects=(responded("Success"),), fix=ACCEPT_FIX),
            got(ebxml.APPROVED, by=Who.READER),
            Step(
                Sentence("Lire qui le garde (ITI-18, GetDocuments)", "Read who keeps it (ITI-18, GetDocuments)"),
                lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.get(stage), by=Who.READER),
                (satisfies("l’entrepôt du déposant", "the depositor’s repository", _kept_elsewhere),),
                Sentence("Rendez `repositoryUniqueId` tel que reçu.", "Give `repositoryUniqueId` as it was received."),
            ),
        ),
        (ebxml.REGISTER, ebxml.QUERY),
    ),
    Scenario(
        "soap-iti42-size",
        Family.SOAP,
        Sentence("Un document gardé ailleurs, sans sa taille, est refusé",
                 "A document kept elsewhere, without its size, is refused"),
        Rule(
            Sentence("Un entrepôt dit `hash` et `size`.", "A repository states `hash` and `size`."),
            "IHE ITI TF-3, table 4.2.3.2-1 ; TF-2, 3.42",
        ),
        (Need.CARD,),
        (
            _register(
                sized=False, expects=(responded("Failure"), error("XDSRegistryMetadataError")),
                fix=Sentence("Répondez XDSRegistryMetadataError.", "Answer XDSRegistryMetadataError."),
            ),
            absent(),
        ),
        (ebxml.REGISTER,),
    ),
)  # fmt: skip
