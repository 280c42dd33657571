"""Why a request was refused before anything was decided about a record."""

from espace.kernel.reasons.words import Reason, Sentence


def _transport(code: str, status: int, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


TOKEN_MISSING = _transport(
    "token_missing",
    401,
    "login",
    "Aucun jeton d’accès n’accompagne la demande.",
    "No access token comes with the request.",
    "Ajoutez l’en-tête « Authorization: Bearer … ».",
    "Add the header “Authorization: Bearer …”.",
)
TOKEN_INVALID = _transport(
    "token_invalid",
    401,
    "login",
    "Le jeton d’accès n’est pas valable ici.",
    "The access token is not valid here.",
    "Demandez un nouveau jeton à /oauth/token.",
    "Ask /oauth/token for a new token.",
)
TOKEN_EXPIRED = _transport(
    "token_expired",
    401,
    "expired",
    "Le jeton d’accès a expiré.",
    "The access token has expired.",
    "Demandez un nouveau jeton à /oauth/token.",
    "Ask /oauth/token for a new token.",
)
SCOPE_INSUFFICIENT = _transport(
    "scope_insufficient",
    403,
    "forbidden",
    "Le jeton d’accès ne couvre pas cette opération.",
    "The access token does not cover this operation.",
    "Demandez à /oauth/token un jeton avec la portée indiquée.",
    "Ask /oauth/token for a token with the scope shown.",
)
NOT_FOUND = _transport(
    "not_found",
    404,
    "not-found",
    "Cette ressource n’existe pas ou ne vous est pas accessible.",
    "This resource does not exist or is not accessible to you.",
    "Vérifiez l’adresse demandée ; /fhir/metadata dit ce que le serveur sait faire.",
    "Check the address; /fhir/metadata says what the server can do.",
)
METHOD_NOT_ALLOWED = _transport(
    "method_not_allowed",
    405,
    "not-supported",
    "Cette opération n’existe pas à cette adresse.",
    "This operation does not exist at this address.",
    "/fhir/metadata dit ce que le serveur sait faire.",
    "/fhir/metadata says what the server can do.",
)
NOT_ACCEPTABLE = _transport(
    "not_acceptable",
    406,
    "not-supported",
    "Le format demandé n’est pas produit ici.",
    "The requested format is not produced here.",
    "Demandez application/fhir+json.",
    "Ask for application/fhir+json.",
)
MEDIA_TYPE_UNSUPPORTED = _transport(
    "media_type_unsupported",
    415,
    "not-supported",
    "Ce type de contenu n’est pas accepté à cette adresse.",
    "This content type is not accepted at this address.",
    "Envoyez application/fhir+json, encodé en UTF-8.",
    "Send application/fhir+json, encoded in UTF-8.",
)
PAYLOAD_TOO_LARGE = _transport(
    "payload_too_large",
    413,
    "too-long",
    "La demande dépasse la taille acceptée.",
    "The request exceeds the accepted size.",
    "Déposez les documents en plusieurs fois, ou réduisez-les.",
    "Deposit the documents in several requests, or make them smaller.",
)
REQUEST_MALFORMED = _transport(
    "request_malformed",
    400,
    "structure",
    "La demande n’est pas lisible.",
    "The request cannot be read.",
    "Corrigez l’endroit indiqué.",
    "Correct the place shown.",
)
PARAMETER_UNSUPPORTED = _transport(
    "parameter_unsupported",
    400,
    "not-supported",
    "Un paramètre de recherche n’est pas connu ou pas lisible.",
    "A search parameter is not known or not readable.",
    "Retirez le paramètre ou corrigez sa valeur ; /fhir/metadata donne la liste.",
    "Remove the parameter or correct its value; /fhir/metadata gives the list.",
)
PRECONDITION_FAILED = _transport(
    "precondition_failed",
    412,
    "conflict",
    "La condition posée n’est pas remplie : la ressource a changé, ou plusieurs correspondent.",
    "The condition stated does not hold: the resource has changed, or several match.",
    "Relisez la ressource, puis recommencez avec son nouvel ETag ou un identifiant plus précis.",
    "Read the resource again, then retry with its new ETag or a more precise identifier.",
)
TYPE_UNSUPPORTED = _transport(
    "type_unsupported",
    404,
    "not-supported",
    "Ce type de ressource n’est pas servi ici.",
    "This type of resource is not served here.",
    "/fhir/metadata dit ce que le serveur sait faire.",
    "/fhir/metadata says what the server can do.",
)
PAGE_EXPIRED = _transport(
    "page_expired",
    410,
    "not-found",
    "Cette page de résultats n’existe plus.",
    "This page of results no longer exists.",
    "Recommencez la recherche à sa première page.",
    "Start the search again from its first page.",
)
UNEXPECTED_FAULT = _transport(
    "unexpected_fault",
    500,
    "exception",
    "Une erreur imprévue a empêché de répondre.",
    "An unexpected error prevented an answer.",
    "Signalez l’erreur avec le numéro donné.",
    "Report the error with the number given.",
)
LARGE_REQUESTS_BUSY = _transport(
    "large_requests_busy",
    503,
    "throttled",
    "Trop de demandes volumineuses sont reçues en ce moment.",
    "Too many large requests are being received at this moment.",
    "Renvoyez celle-ci dans quelques secondes (Retry-After) ; rien n’a été enregistré.",
    "Send this one again in a few seconds (Retry-After); nothing was stored.",
)
TEMPORARILY_UNAVAILABLE = _transport(
    "temporarily_unavailable",
    503,
    "transient",
    "Le service est momentanément indisponible.",
    "The service is temporarily unavailable.",
    "Réessayez dans quelques instants ; rien n’a été enregistré.",
    "Try again shortly; nothing was stored.",
)
