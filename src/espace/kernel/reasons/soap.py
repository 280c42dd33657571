"""Why a SOAP request was refused before its transaction was looked at (SOAP 1.2 part 1, 5.4; WS-Addressing 1.0)."""

from espace.kernel.reasons.words import Reason, Sentence


def _soap(
    code: str, issue: str, fr: str, en: str, fix_fr: str, fix_en: str, *, status: int = 400
) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


SOAP_TYPE_UNSUPPORTED = _soap(
    "soap_type_unsupported",
    "not-supported",
    "Ce type de contenu n’est pas accepté à cette adresse.",
    "This content type is not accepted at this address.",
    "Envoyez application/soap+xml, ou multipart/related (MTOM/XOP), en UTF-8 et sans compression.",
    "Send application/soap+xml, or multipart/related (MTOM/XOP), in UTF-8 and not compressed.",
    status=415,
)


MULTIPART_MALFORMED = _soap(
    "multipart_malformed",
    "structure",
    "Le message en plusieurs parties n’est pas lisible.",
    "The multipart message cannot be read.",
    "Suivez multipart/related (RFC 2387) ; le défaut est indiqué.",
    "Follow multipart/related (RFC 2387); the fault is shown.",
)
PART_UNKNOWN = _soap(
    "part_unknown",
    "structure",
    "Un document renvoie à une partie qui n’est pas dans le message, ou une partie n’est à aucun document.",
    "A document points to a part that is not in the message, or a part belongs to no document.",
    "Chaque Include (XOP) nomme le Content-ID d’une partie du message, et chaque partie une seule fois.",
    "Each Include (XOP) names the Content-ID of one part of the message, and each part once.",
)
ENVELOPE_MALFORMED = _soap(
    "envelope_malformed",
    "structure",
    "L’enveloppe SOAP n’a pas la forme attendue.",
    "The SOAP envelope does not have the expected form.",
    "Envoyez une enveloppe SOAP 1.2 : un Header, puis un Body avec un seul élément.",
    "Send a SOAP 1.2 envelope: one Header, then one Body with a single element.",
)
SOAP_VERSION = _soap(
    "soap_version",
    "not-supported",
    "Cette version de SOAP n’est pas parlée ici.",
    "This version of SOAP is not spoken here.",
    "Envoyez SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope).",
    "Send SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope).",
)
HEADER_NOT_UNDERSTOOD = _soap(
    "header_not_understood",
    "not-supported",
    "Un en-tête SOAP qui doit être compris ne l’est pas.",
    "A SOAP header that must be understood is not.",
    "Retirez l’en-tête indiqué, ou son attribut mustUnderstand.",
    "Remove the header shown, or its mustUnderstand attribute.",
)
ADDRESSING_INVALID = _soap(
    "addressing_invalid",
    "structure",
    "L’adressage du message (WS-Addressing) manque ou n’est pas accepté.",
    "The addressing of the message (WS-Addressing) is missing or not accepted.",
    "Un Action, un MessageID, et un ReplyTo anonyme s’il y en a un : la réponse vient par la même connexion.",
    "One Action, one MessageID, and an anonymous ReplyTo if there is one: the answer comes by the same connection.",
)
ACTION_UNKNOWN = _soap(
    "action_unknown",
    "not-supported",
    "Cette action n’existe pas à cette adresse, ou le corps en demande une autre.",
    "This action does not exist at this address, or the body asks for another.",
    "Le WSDL que sert cette adresse (paramètre wsdl) donne les actions.",
    "The WSDL served at this address (?wsdl) gives the actions.",
)
