"""Why an HL7 v2 message was refused as such. Sources: HL7 v2.5.1, chapter 2; CI-SIS, CDA in HL7 v2."""

from espace.kernel.reasons.words import Reason, Sentence


def _hl7(code: str, status: int, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


HL7_MALFORMED = _hl7(
    "hl7_malformed",
    400,
    "structure",
    "Ce n’est pas un message HL7 v2 lisible.",
    "This is not a readable HL7 v2 message.",
    "Un message commence par MSH et ses séparateurs ; chaque segment finit par un retour chariot.",
    "A message begins with MSH and its separators; each segment ends with a carriage return.",
)
HL7_CHARSET = _hl7(
    "hl7_charset",
    400,
    "structure",
    "Le jeu de caractères n’est pas lu ici, ou n’est pas celui du message.",
    "The character set is not read here, or is not that of the message.",
    "Dites dans MSH-18 l’encodage réel du message : UNICODE UTF-8, 8859/1 ou 8859/15.",
    "State in MSH-18 the real encoding of the message: UNICODE UTF-8, 8859/1 or 8859/15.",
)
HL7_MESSAGE_UNSUPPORTED = _hl7(
    "hl7_message_unsupported",
    422,
    "not-supported",
    "Ce message HL7 v2, ou sa version, n’est pas pris en charge.",
    "This HL7 v2 message, or its version, is not supported.",
    "Envoyez ORU^R01 (2.5), MDM^T02, T04 ou T10 (2.6), selon le profil CISIS_CDA_HL7_V2, ou un ADT (PAM-FR).",
    "Send ORU^R01 (2.5), MDM^T02, T04 or T10 (2.6), after the profile CISIS_CDA_HL7_V2, or an ADT (PAM-FR).",
)
HL7_ACTS_DIFFER = _hl7(
    "hl7_acts_differ",
    422,
    "conflict",
    "Le message dit deux choses du document : le déposer, le remplacer, le supprimer ou changer sa visibilité.",
    "The message says two things about the document: to file, to replace, to delete or to relabel it.",
    "L’événement (MSH-9), l’état (OBX-11) et MODIF_CONF_CODE doivent s’accorder, pour tous les documents.",
    "The event (MSH-9), the status (OBX-11) and MODIF_CONF_CODE must agree, for all documents.",
)
HL7_ROUTING_REFUSED = _hl7(
    "hl7_routing_refused",
    422,
    "business-rule",
    "Ces destinations ne sont pas permises avec ces restrictions de visibilité.",
    "These destinations are not allowed with these visibility restrictions.",
    "Voyez les combinaisons permises de DESTDMP, DESTMSSANTEPS et DESTMSSANTEPAT dans la page HL7 v2.",
    "See the allowed combinations of DESTDMP, DESTMSSANTEPS and DESTMSSANTEPAT on the HL7 v2 page.",
)
HL7_FRAMING = _hl7(
    "hl7_framing",
    400,
    "structure",
    "Le message n’est pas encadré comme MLLP le demande, ou il est trop long.",
    "The message is not framed as MLLP asks, or it is too long.",
    "Un message commence par VT (0B) et finit par FS et CR (1C 0D) ; la connexion est fermée après une faute.",
    "A message begins with VT (0B) and ends with FS and CR (1C 0D); the connection is closed after a fault.",
)
