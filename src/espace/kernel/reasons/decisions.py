"""Why a record was opened, or stayed closed (`access.rules.decide`)."""

from espace.kernel.reasons.words import Reason, Sentence, allows

HOLDER_OWN_RECORD = allows(
    "holder_own_record",
    holder=Sentence("C’est votre espace.", "This is your own space."),
    professional=Sentence("Le titulaire consulte son propre espace.", "The holder reads their own space."),
)
HOLDER_OWN_DOCUMENTS = allows(
    "holder_own_documents",
    holder=Sentence(
        "C’est votre espace : vous y ajoutez vos documents et vous les rangez.",
        "This is your own space: you add your documents and arrange them.",
    ),
    professional=Sentence(
        "Le titulaire ajoute ses documents et range son propre espace.",
        "The holder adds documents to, and arranges, their own space.",
    ),
)
FEED_AUTHORISED = allows(
    "feed_authorised",
    holder=Sentence(
        "Les soignants et les laboratoires peuvent déposer des documents pour vous.",
        "Carers and laboratories may deposit documents for you.",
    ),
    professional=Sentence(
        "Organisme authentifié, identité du patient qualifiée, espace ouvert : le dépôt est permis.",
        "Authenticated organisation, qualified patient identity, open space: the deposit is allowed.",
    ),
)
OWN_DEPOSITS = allows(
    "own_deposits",
    holder=Sentence(
        "Un organisme peut suivre l’état de ses propres dépôts, sans en lire le contenu.",
        "An organisation may follow the status of its own deposits, without reading their content.",
    ),
    professional=Sentence(
        "Votre organisme voit ses propres dépôts : identifiants et état, sans contenu.",
        "Your organisation sees its own deposits: identifiers and status, no content.",
    ),
)

_ASK_THE_PATIENT = Sentence(
    "Demandez au patient, ou consultez avec une identité individuelle de professionnel.",
    "Ask the patient, or read with an individual professional identity.",
)

NOT_THE_HOLDER = Reason(
    "not_the_holder",
    404,
    "not-found",
    Sentence(
        "Quelqu’un d’autre que vous a essayé d’ouvrir votre espace.",
        "Somebody other than you tried to open your space.",
    ),
    Sentence(
        "Cette ressource n’existe pas ou ne vous est pas accessible.",
        "This resource does not exist or is not accessible to you.",
    ),
    Sentence("Vérifiez l’adresse demandée.", "Check the address."),
    told="not_found",
)
ORGANISATION_CANNOT_READ = Reason(
    "organisation_cannot_read",
    403,
    "forbidden",
    Sentence(
        "Un organisme a essayé de lire : l’identité d’un organisme suffit pour déposer, pas pour lire.",
        "An organisation tried to read: an organisation’s identity is enough to deposit, not to read.",
    ),
    Sentence(
        "L’identité d’un organisme permet de déposer et de suivre ses dépôts, pas de lire un contenu.",
        "An organisation’s identity allows depositing and following its deposits, not reading content.",
    ),
    _ASK_THE_PATIENT,
)
HOLDER_CANNOT_FEED = Reason(
    "holder_cannot_feed",
    403,
    "forbidden",
    Sentence("Cette porte de dépôt est réservée aux organismes.", "This deposit door is for organisations."),
    Sentence(
        "Seul un organisme authentifié dépose par cette porte.",
        "Only an authenticated organisation deposits through this door.",
    ),
    Sentence("Utilisez un jeton obtenu par l’organisme.", "Use a token obtained by the organisation."),
)
SPACE_NOT_OPEN = Reason(
    "space_not_open",
    422,
    "business-rule",
    Sentence(
        "Votre espace n’est pas ouvert : rien n’y est déposé ni lu.",
        "Your space is not open: nothing is deposited or read.",
    ),
    Sentence(
        "L’espace de ce patient n’est pas ouvert : il ne peut être ni alimenté ni consulté.",
        "This patient’s space is not open: it can be neither fed nor read.",
    ),
    Sentence(
        "Remettez le document au patient ; déposez-le de nouveau quand son espace sera ouvert.",
        "Hand the document to the patient; deposit it again once the space is open.",
    ),
)
SPACE_OPPOSED = Reason(
    "space_opposed",
    422,
    "business-rule",
    Sentence("Vous vous êtes opposé à l’ouverture de votre espace.", "You objected to the opening of your space."),
    Sentence("Aucun espace n’existe pour cette identité.", "No space exists for this identity."),
    Sentence("Vérifiez l’INS auprès du téléservice INSi.", "Check the INS with the INSi service."),
    told="space_unknown",
)
SPACE_UNKNOWN = Reason(
    "space_unknown",
    422,
    "business-rule",
    Sentence("Aucun espace n’existe pour cette identité.", "No space exists for this identity."),
    Sentence("Aucun espace n’existe pour cette identité.", "No space exists for this identity."),
    Sentence("Vérifiez l’INS auprès du téléservice INSi.", "Check the INS with the INSi service."),
)
SPACE_SUSPENDED = Reason(
    "space_suspended",
    403,
    "suppressed",
    Sentence(
        "Votre espace est suspendu : il peut être alimenté, pas consulté.",
        "Your space is suspended: it can be fed, not read.",
    ),
    Sentence(
        "L’espace est suspendu : il peut être alimenté, pas consulté.",
        "The space is suspended: it can be fed, not read.",
    ),
    Sentence(
        "Le titulaire peut s’adresser à l’organisme qui a ouvert son espace.",
        "The holder may turn to the organisation that opened the space.",
    ),
)
NO_RULE_ALLOWS = Reason(
    "no_rule_allows",
    403,
    "forbidden",
    Sentence("Aucune règle ne permettait cet accès : il a été refusé.", "No rule allowed this access: it was refused."),
    Sentence("Aucune règle ne permet cet accès.", "No rule allows this access."),
    _ASK_THE_PATIENT,
)
DOCUMENT_UNKNOWN = Reason(
    "document_unknown",
    404,
    "not-found",
    Sentence(
        "Un document qui n’existe pas ou n’est pas accessible a été demandé.",
        "A document that does not exist or is not accessible was asked for.",
    ),
    Sentence(
        "Ce document n’existe pas ou ne vous est pas accessible.",
        "This document does not exist or is not accessible to you.",
    ),
    Sentence("Vérifiez l’identifiant du document.", "Check the document’s identifier."),
    told="not_found",
)
CONTENT_UNAVAILABLE = Reason(
    "content_unavailable",
    503,
    "transient",
    Sentence("Le document est momentanément indisponible.", "The document is temporarily unavailable."),
    Sentence("Le contenu est momentanément indisponible.", "The content is temporarily unavailable."),
    Sentence("Réessayez dans quelques minutes.", "Try again in a few minutes."),
)
