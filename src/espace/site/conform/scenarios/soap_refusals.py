"""SOAP: what must be refused, with the code that the standard has for it: one row each."""

from collections.abc import Callable
from dataclasses import dataclass

from espace.kernel.reasons import Sentence
from espace.site.conform.equipment import NOBODY
from espace.site.conform.expecting import error, fault, responded
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.letters import new_uuid
from espace.site.conform.making import ebxml
from espace.site.conform.making.ebxml import slot
from espace.site.conform.making.envelopes import SOAP_11, send
from espace.site.conform.scenarios.soap_common import Spoil, absent, deposited, provide
from espace.site.conform.staging import Stage

_CODES = "IHE ITI TF-3, 4.1.4 (table 4.2.4.1-2)"


@dataclass(frozen=True, slots=True)
class _Row:
    """What is spoiled in a good request, and the error that must come."""

    id: str
    title: Sentence
    rule: Sentence
    spoil: Spoil
    codes: tuple[str, ...]
    fix: Sentence


def _hash(stage: Stage, body: str) -> str:
    return body.replace(stage.letter().sha1.hex(), "0" * 40)


def _size(stage: Stage, body: str) -> str:
    length = len(stage.letter().content)
    return body.replace(slot("size", str(length)), slot("size", str(length + 1)))


def _no_time(stage: Stage, body: str) -> str:
    return body.replace(slot("creationTime", "20260304090000"), "")


def _no_document(stage: Stage, body: str) -> str:
    return body[: body.index("<Document ")] + "</ProvideAndRegisterDocumentSetRequest>"


def _type(stage: Stage, body: str) -> str:
    return body.replace('nodeRepresentation="11488-4"', 'nodeRepresentation="99999-9"')


def _other_patient(stage: Stage, body: str) -> str:
    """The set is about somebody else than its document."""
    before, package, after = body.partition("<rim:RegistryPackage")
    return before + package + after.replace(stage.kit.patient.ins, NOBODY)


def _birth(stage: Stage, body: str) -> str:
    return body.replace(f"PID-7|{stage.kit.patient.birth_date:%Y%m%d}", "PID-7|19010203")


_ROWS = (
    _Row(
        "soap-iti41-hash",
        Sentence("Une empreinte fausse est refusée", "A wrong hash is refused"),
        Sentence("`hash` est leur SHA-1, en hexadécimal.", "`hash` is the SHA-1 of the bytes, in hexadecimal."),
        _hash,
        ("XDSRepositoryMetadataError",),
        Sentence(
            "XDSRepositoryMetadataError ; XDSNonIdenticalHash est pour un uniqueId déjà pris.",
            "XDSRepositoryMetadataError; XDSNonIdenticalHash is for a uniqueId that is taken.",
        ),
    ),
    _Row(
        "soap-iti41-size",
        Sentence("Une taille fausse est refusée", "A wrong size is refused"),
        Sentence("`size` est le nombre d’octets.", "`size` is the number of bytes."),
        _size,
        ("XDSRepositoryMetadataError",),
        Sentence("Comptez les octets reçus.", "Count the bytes received."),
    ),
    _Row(
        "soap-iti41-slot",
        Sentence("Un attribut obligatoire absent est refusé", "A missing required attribute is refused"),
        Sentence("`creationTime` est obligatoire.", "`creationTime` is required."),
        _no_time,
        ("XDSRegistryMetadataError",),
        Sentence("Vérifiez les attributs R du profil.", "Check the attributes R of the profile."),
    ),
    _Row(
        "soap-iti41-code",
        Sentence("Un code hors de la liste est refusé", "A code outside of the list is refused"),
        Sentence("`typeCode` est un code de JDV_J07.", "`typeCode` is a code of JDV_J07."),
        _type,
        ("XDSRegistryMetadataError",),
        Sentence("Vérifiez le code dans le jeu de valeurs en vigueur.", "Check the code in the value set in force."),
    ),
    _Row(
        "soap-iti41-document",
        Sentence("Des métadonnées sans leur document sont refusées", "Metadata without their document are refused"),
        Sentence("Chaque ExtrinsicObject a son Document.", "Each ExtrinsicObject has its Document."),
        _no_document,
        ("XDSMissingDocument",),
        Sentence("Comparez les `id` des deux.", "Compare the `id` of both."),
    ),
    _Row(
        "soap-iti41-mixed",
        Sentence("Deux patients dans un lot sont refusés", "Two patients in one set are refused"),
        Sentence("Un lot concerne une seule personne.", "A set is about one person."),
        _other_patient,
        ("XDSPatientIdDoesNotMatch",),
        Sentence("Comparez tous les patientId du lot.", "Compare all patientId of the set."),
    ),
    _Row(
        "soap-iti41-traits",
        Sentence("Des traits qui diffèrent du dossier sont refusés", "Traits that differ from the record are refused"),
        Sentence(
            "INS, sourcePatientInfo, document et dossier désignent la même personne.",
            "INS, sourcePatientInfo, document and record name the same person.",
        ),
        _birth,
        ("XDSPatientIdDoesNotMatch", "XDSRegistryMetadataError", "XDSRepositoryMetadataError"),
        Sentence("Comparez les traits stricts avant d’enregistrer.", "Compare the strict traits before filing."),
    ),
)


def _scenario(row: _Row) -> Scenario:
    step = Step(
        Sentence("Envoyer le lot fautif (ITI-41)", "Send the faulty set (ITI-41)"),
        lambda stage: provide(stage, spoil=row.spoil),
        (responded("Failure"), error(*row.codes)),
        row.fix,
    )
    return Scenario(
        row.id, Family.SOAP, row.title, Rule(row.rule, _CODES), (Need.CARD,), (step, absent()), (ebxml.PROVIDE,)
    )


def _asked(
    id_: str, title: Sentence, rule: Rule, send_: Callable[[Stage], Request], expects: tuple[Expected, ...],
    fix: Sentence, asks: str, *needs: Need,
) -> Scenario:  # fmt: skip
    step = Step(Sentence("Envoyer la demande", "Send the request"), send_, expects, fix)
    return Scenario(id_, Family.SOAP, title, rule, (Need.CARD, *needs), (step,), (asks,))


def _reused(stage: Stage) -> Request:
    """The second document under the uniqueId of the first, which it does not replace."""
    first, second = stage.letter().oid, stage.letter("second").oid
    body = ebxml.provide(stage, "second").replace(f'value="{second}"', f'value="{first}"')
    return send(stage, Door.REPOSITORY, ebxml.PROVIDE, body)


SCENARIOS = (
    *map(_scenario, _ROWS),
    Scenario(
        "soap-iti41-reused",
        Family.SOAP,
        Sentence(
            "Un uniqueId déjà pris, avec d’autres octets, est refusé",
            "A uniqueId that is taken, with other bytes, is refused",
        ),
        Rule(Sentence("Un uniqueId nomme un seul document.", "A uniqueId names one document."), _CODES),
        (Need.CARD,),
        (
            deposited(),
            Step(
                Sentence("Envoyer un autre contenu sous le même uniqueId", "Send another content by the same uniqueId"),
                _reused,
                (responded("Failure"), error("XDSNonIdenticalHash", "XDSDuplicateUniqueIdInRegistry")),
                Sentence("Comparez l’empreinte à celle du document présent.", "Compare the hash with that on file."),
            ),
        ),
        (ebxml.PROVIDE,),
    ),
    _asked(
        "soap-iti18-no-patient",
        Sentence("FindDocuments sans patient est refusé", "FindDocuments without a patient is refused"),
        Rule(
            Sentence("`$XDSDocumentEntryPatientId` est obligatoire.", "`$XDSDocumentEntryPatientId` is required."),
            "IHE ITI TF-2, 3.18.4.1.2.3.7.1",
        ),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.find(stage, patient=False)),
        (responded("Failure"), error("XDSStoredQueryMissingParam")),
        Sentence("Refusez la requête avant de chercher.", "Refuse the query before searching."),
        ebxml.QUERY,
    ),
    _asked(
        "soap-iti18-unknown",
        Sentence("Une requête inconnue est refusée", "An unknown query is refused"),
        Rule(
            Sentence("Une requête est l’une de celles du profil.", "A query is one of those of the profile."),
            "IHE ITI TF-2, 3.18.4.1.2.4",
        ),
        lambda stage: send(stage, Door.REGISTRY, ebxml.QUERY, ebxml.query(new_uuid(), {})),
        (responded("Failure"), error("XDSUnknownStoredQuery")),
        Sentence("Comparez l’identifiant à ceux du profil.", "Compare the id with those of the profile."),
        ebxml.QUERY,
    ),
    _asked(
        "soap-iti43-unknown",
        Sentence("Un autre entrepôt est refusé", "Another repository is refused"),
        Rule(
            Sentence("`RepositoryUniqueId` est le sien.", "`RepositoryUniqueId` is that of the repository."),
            "IHE ITI TF-2, 3.43.4.2.3",
        ),
        lambda stage: send(
            stage, Door.REPOSITORY, ebxml.RETRIEVE, ebxml.retrieve(stage, "1.2.3.4.5"), by=Who.READER
        ),
        (responded("Failure"), error("XDSUnknownRepositoryId")),
        Sentence("Comparez `RepositoryUniqueId` au vôtre.", "Compare `RepositoryUniqueId` with yours."),
        ebxml.RETRIEVE,
        Need.READER_CARD,
    ),
    _asked(
        "soap-action",
        Sentence("Une action inconnue est une faute", "An unknown action is a fault"),
        Rule(
            Sentence("L’action dit la transaction.", "The action tells the transaction."),
            "WS-Addressing 1.0, SOAP Binding, 6.4.2",
        ),
        lambda stage: send(stage, Door.REPOSITORY, "urn:ihe:iti:2007:Inconnue", ebxml.provide(stage)),
        (fault("Sender", "ActionNotSupported"),),
        Sentence("Répondez la faute ActionNotSupported.", "Answer the fault ActionNotSupported."),
        ebxml.PROVIDE,
    ),
    _asked(
        "soap-header",
        Sentence("Un en-tête à comprendre, inconnu, est une faute", "An unknown mandatory header is a fault"),
        Rule(Sentence("`mustUnderstand` oblige.", "`mustUnderstand` obliges."), "SOAP 1.2 partie 1, 2.4, 5.4.8"),
        lambda stage: send(
            stage, Door.REPOSITORY, ebxml.PROVIDE, ebxml.provide(stage),
            more='<x:Inconnu xmlns:x="urn:conformite" s:mustUnderstand="true">1</x:Inconnu>',
        ),
        (fault("MustUnderstand"),),
        Sentence("Répondez la faute MustUnderstand.", "Answer the fault MustUnderstand."),
        ebxml.PROVIDE,
    ),
    _asked(
        "soap-version",
        Sentence("SOAP 1.1 est une faute", "SOAP 1.1 is a fault"),
        Rule(
            Sentence("XDS.b parle SOAP 1.2.", "XDS.b speaks SOAP 1.2."), "SOAP 1.2 partie 1, 5.4.7 ; IHE ITI TF-2, V.3"
        ),
        lambda stage: send(stage, Door.REPOSITORY, ebxml.PROVIDE, ebxml.provide(stage), space=SOAP_11),
        (fault("VersionMismatch"),),
        Sentence("Répondez la faute VersionMismatch, en SOAP 1.2.", "Answer the fault VersionMismatch, in SOAP 1.2."),
        ebxml.PROVIDE,
    ),
)  # fmt: skip
