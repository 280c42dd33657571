"""FHIR: what the server says of itself, and deposits that must be accepted."""

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.expecting import filed_id, has, resource, same, status, value
from espace.site.conform.facts import Door, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making.bundles import FHIR_JSON, encoded, published
from espace.site.conform.scenarios.fhir_common import deposited, follow, provide

_MHD = "IHE MHD 4.2.2, 2:3.65 ; PDSm 3.1.1"

SCENARIOS = (
    Scenario(
        "fhir-metadata",
        Family.FHIR,
        Sentence("Le serveur dit ce qu’il sait faire", "The server says what it can do"),
        Rule(
            Sentence(
                "Un CapabilityStatement R4 est servi à tous, sans jeton.",
                "A CapabilityStatement of R4 is served to everybody, without a token.",
            ),
            "FHIR R4, http.html#capabilities",
        ),
        (),
        (
            Step(
                Sentence("Demander /metadata", "Ask for /metadata"),
                lambda _: Request(Door.FHIR, path="/metadata", headers={"Accept": FHIR_JSON}),
                (
                    status(200),
                    resource("CapabilityStatement"),
                    value("4.0.1", "fhirVersion"),
                    value("server", "rest", 0, "mode"),
                    has(
                        Sentence("`format` contient `json`", "`format` has `json`"),
                        lambda _, said: any("json" in str(one) for one in said.get("format") or ()),
                    ),
                ),
                Sentence(
                    "Servez à `GET [base]/metadata` un CapabilityStatement R4 (4.0.1), en JSON, sans authentification.",
                    "Serve a CapabilityStatement of R4 (4.0.1) at `GET [base]/metadata`, in JSON, without "
                    "authentication.",
                ),
            ),
        ),
        (announcing.FHIR,),
    ),
    Scenario(
        "fhir-iti65-deposit",
        Family.FHIR,
        Sentence("Un dépôt est accepté", "A deposit is accepted"),
        Rule(
            Sentence(
                "Un lot d’un document, métadonnées complètes, est enregistré en entier, et chaque ressource a son "
                "adresse.",
                "A set of one document, with comprehensive metadata, is filed whole, and each resource has its "
                "location.",
            ),
            _MHD,
        ),
        (Need.BEARER,),
        (deposited(), follow(1)),
        (announcing.TRANSACTION,),
    ),
    Scenario(
        "fhir-iti65-again",
        Family.FHIR,
        Sentence("Le même envoi deux fois ne double rien", "The same deposit twice doubles nothing"),
        Rule(
            Sentence(
                "Après une coupure, le même lot peut être renvoyé : les premières adresses reviennent.",
                "After a time-out the same set may be sent again: the first locations come back.",
            ),
            "IHE ITI TF-3, 4.1.4 (XDSNonIdenticalHash) ; PDSm 3.1.1",
        ),
        (Need.BEARER,),
        (
            deposited(),
            Step(
                Sentence("Envoyer le même lot une deuxième fois", "Send the same set a second time"),
                provide,
                (
                    status(200),
                    resource("Bundle"),
                    same("id", filed_id, "la même adresse de document", "the same location of the document"),
                ),
                Sentence(
                    "Reconnaissez `masterIdentifier` et les octets, et rendez les premières adresses.",
                    "Recognise `masterIdentifier` and the bytes, and give the first locations again.",
                ),
            ),
            follow(1),
        ),
        (announcing.TRANSACTION,),
    ),
    Scenario(
        "fhir-iti65-replace",
        Family.FHIR,
        Sentence("Une nouvelle version remplace l’ancienne (RPLC)", "A new version replaces the old one (RPLC)"),
        Rule(
            Sentence(
                "`relatesTo` `replaces` : la nouvelle version est courante, l’ancienne devient `superseded`.",
                "`relatesTo` `replaces`: the new version is current, the old one becomes `superseded`.",
            ),
            "IHE MHD 4.2.2, 2:3.65.4.1.2.3 ; PDSm 3.1.1",
        ),
        (Need.BEARER,),
        (
            deposited(),
            deposited("second", replaces="first"),
            follow(1, current="superseded"),
            follow(1, name="second", current="current"),
        ),
        (announcing.TRANSACTION,),
    ),
    Scenario(
        "fhir-iti105-publish",
        Family.FHIR,
        Sentence("Un CDA se publie seul (ITI-105)", "A CDA is published alone (ITI-105)"),
        Rule(
            Sentence(
                "Un DocumentReference qui porte son contenu est enregistré ; ce qu’il ne dit pas vient du CDA.",
                "A DocumentReference that carries its content is filed; what it does not say comes from the CDA.",
            ),
            "IHE MHD 4.2.2, 2:3.105",
        ),
        (Need.BEARER,),
        (
            Step(
                Sentence("Publier un CDA (ITI-105)", "Publish a CDA (ITI-105)"),
                lambda stage: Request(
                    Door.FHIR, "POST", "/DocumentReference", encoded(published(stage)), FHIR_JSON, Who.FEEDER
                ),
                (status(201),),
                Sentence(
                    "Répondez 201 et l’adresse du document dans `Location`.",
                    "Answer 201, and the location of the document in `Location`.",
                ),
            ),
            follow(1),
        ),
        (announcing.CREATE,),
    ),
)
