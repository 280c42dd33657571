"""FHIR: deposits that must be refused, with an OperationOutcome, and of which nothing is kept: one row each."""

from dataclasses import dataclass

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.equipment import NOBODY
from espace.site.conform.expecting import outcome, refused, status
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making.bundles import FHIR_JSON, Json, bundle, document_of, encoded, reliability
from espace.site.conform.scenarios.fhir_common import Spoil, deposited, follow, provide
from espace.site.conform.staging import Stage


@dataclass(frozen=True, slots=True)
class _Row:
    """What is spoiled in a good bundle, why it must be refused, and what a server that takes it must do."""

    id: str
    title: Sentence
    rule: Rule
    spoil: Spoil
    fix: Sentence
    expects: tuple[Expected, ...] = (refused(), outcome())


def _attachment(made: Json) -> Json:
    found: Json = document_of(made)["content"][0]["attachment"]
    return found


def _wrong_hash(made: Json) -> None:
    _attachment(made)["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="


def _wrong_size(made: Json) -> None:
    _attachment(made)["size"] += 1


def _provisional(made: Json) -> None:
    document_of(made)["contained"][0]["extension"] = [reliability("PROV")]


def _no_type(made: Json) -> None:
    del document_of(made)["type"]


def _other_type(made: Json) -> None:
    document_of(made)["type"]["coding"][0]["code"] = "99999-9"


def _other_class(made: Json) -> None:
    document_of(made)["category"][0]["coding"][0]["code"] = "42"


def _other_birth(made: Json) -> None:
    document_of(made)["contained"][0]["birthDate"] = "1901-02-03"


def _other_patient(made: Json) -> None:
    made["entry"][0]["resource"]["subject"]["identifier"]["value"] = NOBODY


def _no_content(made: Json) -> None:
    made["entry"] = made["entry"][:2]


_METADATA = "IHE ITI TF-3, 4.2.3.2 ; IHE MHD 4.2.2, 2:3.65.4.1.3"
_IDENTITY = "Référentiel INS ; CI-SIS, volet partage de documents de santé"
_ROWS = (
    _Row(
        "fhir-iti65-hash",
        Sentence("Une empreinte fausse est refusée", "A wrong hash is refused"),
        Rule(Sentence("`hash` est le SHA-1 des octets.", "`hash` is the SHA-1 of the bytes."), _METADATA),
        _wrong_hash,
        Sentence(
            "Calculez le SHA-1 du contenu reçu et comparez-le à `attachment.hash`.",
            "Compute the SHA-1 of the content received and compare it with `attachment.hash`.",
        ),
    ),
    _Row(
        "fhir-iti65-size",
        Sentence("Une taille fausse est refusée", "A wrong size is refused"),
        Rule(Sentence("`size` est le nombre d’octets.", "`size` is the number of bytes."), _METADATA),
        _wrong_size,
        Sentence(
            "Comptez les octets du contenu, avant base64, et comparez-les à `attachment.size`.",
            "Count the bytes of the content, before base64, and compare them with `attachment.size`.",
        ),
    ),
    _Row(
        "fhir-iti65-ins",
        Sentence("Une INS non qualifiée est refusée", "An INS that is not qualified is refused"),
        Rule(
            Sentence(
                "On n’alimente qu’avec une identité qualifiée : `PROV` refuse.",
                "Only a qualified identity feeds: `PROV` refuses.",
            ),
            _IDENTITY,
        ),
        _provisional,
        Sentence(
            "Refusez tout statut d’identité autre que `VALI`, quand il est dit.",
            "Refuse any reliability of identity but `VALI`, where it is said.",
        ),
    ),
    _Row(
        "fhir-iti65-traits",
        Sentence("Des traits qui diffèrent du dossier sont refusés", "Traits that differ from the record are refused"),
        Rule(
            Sentence(
                "INS, métadonnées, document et dossier désignent la même personne.",
                "INS, metadata, document and record name the same person.",
            ),
            _IDENTITY,
        ),
        _other_birth,
        Sentence("Comparez les traits stricts avant d’enregistrer.", "Compare the strict traits before filing."),
    ),
    _Row(
        "fhir-iti65-mixed",
        Sentence("Deux patients dans un lot sont refusés", "Two patients in one set are refused"),
        Rule(
            Sentence("Un lot concerne une seule personne.", "A set is about one person."),
            "IHE ITI TF-3, 4.1.4 (XDSPatientIdDoesNotMatch)",
        ),
        _other_patient,
        Sentence(
            "Comparez le sujet de la List et celui de chaque DocumentReference.",
            "Compare the subject of the List with that of each DocumentReference.",
        ),
    ),
    _Row(
        "fhir-iti65-type-missing",
        Sentence("Un document sans type est refusé", "A document without a type is refused"),
        Rule(Sentence("`type` est obligatoire.", "`type` is required."), "PDSm 3.1.1, pdsm-comprehensive"),
        _no_type,
        Sentence("Vérifiez les éléments 1..1 du profil.", "Check the elements 1..1 of the profile."),
    ),
    _Row(
        "fhir-iti65-code",
        Sentence("Un code hors de la liste est refusé", "A code outside of the list is refused"),
        Rule(Sentence("`type` est un code de JDV_J07.", "`type` is a code of JDV_J07."), "NOS, JDV_J07 ; PDSm 3.1.1"),
        _other_type,
        Sentence("Vérifiez le code dans le jeu de valeurs en vigueur.", "Check the code in the value set in force."),
    ),
    _Row(
        "fhir-iti65-class",
        Sentence("Une classe qui n’est pas celle du type est refusée", "A class that is not the type’s is refused"),
        Rule(Sentence("La classe suit du type.", "The class follows from the type."), "NOS, association ASS_X04"),
        _other_class,
        Sentence("Vérifiez `category` par l’association X04.", "Check `category` by the association X04."),
    ),
    _Row(
        "fhir-iti65-content-missing",
        Sentence("Un document sans contenu est refusé", "A document without its content is refused"),
        Rule(
            Sentence("Chaque DocumentReference du lot a son Binary.", "Each DocumentReference has its Binary."),
            "IHE MHD 4.2.2, 2:3.65.4.1.2",
        ),
        _no_content,
        Sentence("Vérifiez que `attachment.url` mène à une entrée.", "Check that `attachment.url` leads to an entry."),
    ),
)


def _scenario(row: _Row) -> Scenario:
    step = Step(
        Sentence("Envoyer le lot fautif (ITI-65)", "Send the faulty set (ITI-65)"),
        lambda stage: provide(stage, spoil=row.spoil),
        row.expects,
        row.fix,
    )
    return Scenario(
        row.id, Family.FHIR, row.title, row.rule, (Need.BEARER,), (step, follow(0)), (announcing.TRANSACTION,)
    )


def _other_bytes(stage: Stage) -> Request:
    """The second document under the identifier of the first."""
    made = bundle(stage, "second")
    document_of(made)["masterIdentifier"]["value"] = stage.letter().name
    return Request(Door.FHIR, "POST", body=encoded(made), kind=FHIR_JSON, by=Who.FEEDER)


SCENARIOS = (
    *map(_scenario, _ROWS),
    Scenario(
        "fhir-iti65-reused",
        Family.FHIR,
        Sentence(
            "Un identifiant déjà pris, avec d’autres octets, est refusé",
            "An identifier that is taken, with other bytes, is refused",
        ),
        Rule(
            Sentence("`masterIdentifier` nomme un document pour toujours.", "`masterIdentifier` names one document."),
            "IHE ITI TF-3, 4.1.4 (XDSNonIdenticalHash)",
        ),
        (Need.BEARER,),
        (
            deposited(),
            Step(
                Sentence("Envoyer un autre contenu sous le même identifiant", "Send another content by the same name"),
                _other_bytes,
                (refused(), outcome()),
                Sentence(
                    "Comparez l’empreinte à celle du document déjà enregistré.",
                    "Compare the hash with that of the document already filed.",
                ),
            ),
            follow(1),
        ),
        (announcing.TRANSACTION,),
    ),
    Scenario(
        "fhir-json",
        Family.FHIR,
        Sentence("Ce qui n’est pas du JSON est refusé", "What is no JSON is refused"),
        Rule(
            Sentence("Un corps illisible est une faute de l’appelant.", "An unreadable body is the caller’s fault."),
            "FHIR R4, http.html#2.1.0.4",
        ),
        (Need.BEARER,),
        (
            Step(
                Sentence("Envoyer un JSON coupé", "Send a JSON that is cut"),
                lambda stage: Request(
                    Door.FHIR, "POST", body=encoded(bundle(stage))[:-2], kind=FHIR_JSON, by=Who.FEEDER
                ),
                (status(400, 422), outcome()),
                Sentence("Répondez 400 et un OperationOutcome.", "Answer 400 and an OperationOutcome."),
            ),
        ),
        (announcing.TRANSACTION,),
    ),
    Scenario(
        "fhir-token",
        Family.FHIR,
        Sentence("Sans jeton, rien n’est accepté", "Without a token nothing is accepted"),
        Rule(Sentence("Toute demande porte un jeton.", "Every request carries a token."), "RFC 6750, 3.1 ; IHE IUA"),
        (Need.BEARER,),
        (
            Step(
                Sentence("Déposer sans jeton", "Deposit without a token"),
                lambda stage: Request(Door.FHIR, "POST", body=encoded(bundle(stage)), kind=FHIR_JSON),
                (status(401),),
                Sentence("Répondez 401 et `WWW-Authenticate`.", "Answer 401 and `WWW-Authenticate`."),
            ),
            follow(0),
        ),
        (announcing.TRANSACTION,),
    ),
)
