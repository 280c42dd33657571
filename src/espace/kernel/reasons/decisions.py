"""Why a record was opened, or stayed closed (`access.rules.decide`)."""

from espace.kernel.reasons.words import Reason, Sentence, allows

HOLDER_OWN_RECORD = allows(
    "holder_own_record",
    holder=Sentence("C’est votre espace.", "This is your own space."),
    professional=Sentence("Le patient consulte son propre espace.", "The patient reads their own space."),
)
HOLDER_OWN_DOCUMENTS = allows(
    "holder_own_documents",
    holder=Sentence(
        "C’est votre espace : vous y ajoutez vos documents et vous les rangez.",
        "This is your own space: you add your documents and arrange them.",
    ),
    professional=Sentence(
        "Le patient ajoute ses documents et range son propre espace.",
        "The patient adds documents to, and arranges, their own space.",
    ),
)
FEED_AUTHORISED = allows(
    "feed_authorised",
    holder=Sentence(
        "Les soignants et les laboratoires peuvent déposer des documents pour vous.",
        "Care providers and laboratories may deposit documents for you.",
    ),
    professional=Sentence(
        "Organisme authentifié, identité du patient qualifiée, espace ouvert : le dépôt est permis.",
        "Authenticated organisation, qualified patient identity, open space: the deposit is allowed.",
    ),
)
FACTS_EXTRACTED = allows(
    "facts_extracted",
    holder=Sentence(
        "La plateforme lit les documents déposés pour vous, pour en retrouver les informations de santé. Personne "
        "d’autre ne les voit par là.",
        "The platform reads the documents deposited for you, to find the health facts in them. Nobody else sees them "
        "by it.",
    ),
    professional=Sentence(
        "La plateforme lit les documents déposés pour en extraire les informations codées.",
        "The platform reads deposited documents to extract what is coded in them.",
    ),
)
OWN_DEPOSITS = allows(
    "own_deposits",
    holder=Sentence(
        "Un organisme peut suivre l’état de ses propres dépôts, sans en lire le contenu.",
        "An organisation may follow the status of its own deposits, without reading their content.",
    ),
    professional=Sentence(
        "Votre organisme voit ses propres dépôts : identifiants et état, sans contenu.",
        "Your organisation sees its own deposits: identifiers and status, no content.",
    ),
)

_ASK_THE_PATIENT = Sentence(
    "Demandez le document au patient, ou connectez-vous avec l’identité individuelle d’un professionnel.",
    "Ask the patient for the document, or sign in with a professional’s individual identity.",
)

CLOSED_AS_ASKED = allows(
    "closed_as_asked",
    holder=Sentence(
        "Vous avez demandé que votre espace soit fermé, et vous ne l’avez pas rouvert depuis.",
        "You asked for your space to be closed, and have not reopened it since.",
    ),
    professional=Sentence(
        "Le patient a demandé que son espace soit fermé, et ne l’a pas rouvert depuis.",
        "The patient asked for their space to be closed, and has not reopened it since.",
    ),
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
        "Un organisme a essayé de lire vos documents : un organisme peut en déposer, pas en lire.",
        "An organisation tried to read your documents: an organisation may deposit some, not read any.",
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
    Sentence(
        "Cette adresse est réservée aux organismes. Vos propres documents s’ajoutent depuis votre espace.",
        "This address is for organisations. Your own documents are added from your space.",
    ),
    Sentence(
        "Seul un organisme authentifié dépose à cette adresse.",
        "Only an authenticated organisation deposits at this address.",
    ),
    Sentence("Demandez à /oauth/token un jeton pour l’organisme.", "Ask /oauth/token for a token of the organisation."),
)
SPACE_NOT_OPEN = Reason(
    "space_not_open",
    422,
    "business-rule",
    Sentence(
        "Votre espace n’est pas ouvert : rien n’y est déposé ni lu.",
        "Your space is not open: nothing is deposited or read.",
    ),
    Sentence(
        "L’espace de ce patient n’est pas ouvert : il ne peut être ni alimenté ni consulté.",
        "This patient’s space is not open: it can be neither fed nor read.",
    ),
    Sentence(
        "Remettez le document au patient ; déposez-le de nouveau quand son espace sera ouvert.",
        "Hand the document to the patient; deposit it again once the space is open.",
    ),
    holder_fix=Sentence(
        "S’il a été fermé à votre demande, vous pouvez le rouvrir : tout ce qu’il contient y est encore.",
        "If it was closed at your wish, you may reopen it: all that was in it still is.",
    ),
)
SPACE_OPPOSED = Reason(
    "space_opposed",
    422,
    "business-rule",
    Sentence("Vous avez refusé que votre espace soit ouvert.", "You refused that your space be opened."),
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
        "Votre espace est suspendu : des documents peuvent y arriver, mais personne ne peut les lire.",
        "Your space is suspended: documents may arrive, but nobody can read them.",
    ),
    Sentence(
        "L’espace est suspendu : il peut être alimenté, pas consulté.",
        "The space is suspended: it can be fed, not read.",
    ),
    Sentence(
        "La personne à qui est cet espace peut le rouvrir : elle se connecte et le demande.",
        "The person whose space it is may reopen it: they sign in and ask for it.",
    ),
    holder_fix=Sentence(
        "Vous pouvez le rouvrir maintenant : tout ce qu’il contient y est encore.",
        "You may reopen it now: all that was in it still is.",
    ),
)
NO_RULE_ALLOWS = Reason(
    "no_rule_allows",
    403,
    "forbidden",
    Sentence("Aucune règle ne permettait cet accès : il a été refusé.", "No rule allowed this access: it was refused."),
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
CONTENT_ELSEWHERE = Reason(
    "content_elsewhere",
    404,
    "not-found",
    Sentence(
        "Ce document est conservé par l’établissement qui l’a produit.",
        "This document is kept by the organisation that made it.",
    ),
    Sentence(
        "Le contenu est dans un autre entrepôt, celui du repositoryUniqueId que donne la recherche.",
        "The content is in another repository, that of the repositoryUniqueId that the search gives.",
    ),
    Sentence("Demandez-le à l’établissement qui le conserve.", "Ask the organisation that keeps it for it."),
)
CONTENT_UNAVAILABLE = Reason(
    "content_unavailable",
    503,
    "transient",
    Sentence("Le document est momentanément indisponible.", "The document is temporarily unavailable."),
    Sentence("Le contenu est momentanément indisponible.", "The content is temporarily unavailable."),
    Sentence("Réessayez dans quelques minutes.", "Try again in a few minutes."),
)
