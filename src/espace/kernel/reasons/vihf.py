"""Why an assertion of identity (VIHF, CI-SIS « transport synchrone ») or its certificate was not taken.

`FAULTS` gives the code of WS-Security for each (SOAP Message Security 1.1, section 12).
"""

from espace.kernel.reasons.words import Reason, Sentence


def _vihf(code: str, status: int, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


VIHF_MISSING = _vihf(
    "vihf_missing",
    401,
    "login",
    "La demande ne porte pas d’assertion VIHF.",
    "The request carries no VIHF assertion.",
    "Mettez une assertion SAML 2.0 signée dans l’en-tête Security (WS-Security).",
    "Put one signed SAML 2.0 assertion in the wsse:Security header.",
)
VIHF_MALFORMED = _vihf(
    "vihf_malformed",
    401,
    "structure",
    "L’assertion VIHF n’a pas la forme attendue.",
    "The VIHF assertion does not have the expected form.",
    "Corrigez l’élément indiqué ; docs/how-to/accept-client-certificates.md donne la forme entière.",
    "Correct the element shown; docs/how-to/accept-client-certificates.md gives the whole form.",
)
VIHF_ALGORITHM = _vihf(
    "vihf_algorithm",
    401,
    "not-supported",
    "La signature de l’assertion emploie un procédé qui n’est pas accepté.",
    "The signature of the assertion uses a method that is not accepted.",
    "Signez en RSA ou ECDSA avec SHA-256, après enveloped-signature et exc-c14n, et rien d’autre.",
    "Sign with RSA or ECDSA and SHA-256, after enveloped-signature and exc-c14n, and nothing else.",
)
VIHF_SIGNATURE = _vihf(
    "vihf_signature",
    401,
    "security",
    "La signature de l’assertion n’est pas vérifiée.",
    "The signature of the assertion does not verify.",
    "Signez l’assertion telle qu’elle est envoyée, avec la clé du certificat joint.",
    "Sign the assertion as it is sent, with the key of the certificate beside it.",
)
VIHF_CERTIFICATE_MISSING = _vihf(
    "vihf_certificate_missing",
    401,
    "login",
    "La connexion ne montre pas de certificat de client.",
    "The connection shows no client certificate.",
    "Montrez le certificat de la structure ou de la personne à l’ouverture de la connexion (TLS).",
    "Show the certificate of the structure or of the person when the connection opens (TLS).",
)
VIHF_CERTIFICATE = _vihf(
    "vihf_certificate",
    401,
    "security",
    "Un certificat n’est pas accepté ici.",
    "A certificate is not accepted here.",
    "Employez un certificat en cours de validité, fait pour cet usage par une autorité acceptée ici.",
    "Use a certificate that is in force, made for this use by an authority accepted here.",
)
VIHF_EXPIRED = _vihf(
    "vihf_expired",
    401,
    "expired",
    "L’assertion n’est pas, ou plus, valable à cette heure.",
    "The assertion is not valid at this time, or no longer.",
    "Faites une assertion d’une heure au plus pour chaque demande, et mettez l’horloge à l’heure.",
    "Make an assertion of an hour at most for each request, and set the clock.",
)
VIHF_AUDIENCE = _vihf(
    "vihf_audience",
    401,
    "security",
    "L’assertion n’est pas faite pour ce service.",
    "The assertion is not made for this service.",
    "Nommez l’adresse de ce service dans Audience, et dans Recipient s’il y en a un.",
    "Name the address of this service in Audience, and in Recipient if there is one.",
)
VIHF_REPLAYED = _vihf(
    "vihf_replayed",
    401,
    "security",
    "Cette assertion a déjà servi.",
    "This assertion was already used.",
    "Faites une nouvelle assertion, avec un nouvel identifiant, pour chaque demande.",
    "Make a new assertion, with a new identifier, for each request.",
)
VIHF_BINDING = _vihf(
    "vihf_binding",
    401,
    "security",
    "L’assertion et les certificats ne disent pas la même personne ou la même structure.",
    "The assertion and the certificates do not say the same person or the same structure.",
    "Authentification directe : les deux certificats de la personne nommée. Indirecte : ceux de la structure nommée.",
    "Direct authentication: both certificates of the person named. Indirect: those of the structure named.",
)
VIHF_NOBODY = _vihf(
    "vihf_nobody",
    401,
    "login",
    "Personne ne répond ici à l’identité attestée.",
    "Nobody here answers to the identity attested.",
    "Vérifiez dans l’annuaire le numéro, la structure, le lien entre les deux et la profession ; l’annuaire fait foi.",
    "Check the number, the structure, the link between the two and the profession in the directory, which decides.",
)
VIHF_MODE_FORBIDS = _vihf(
    "vihf_mode_forbids",
    403,
    "forbidden",
    "Ce mode d’authentification ne permet pas ce qui est demandé.",
    "This mode of authentication does not allow what is asked.",
    "L’indirecte alimente, sans urgence ni secret ; le bris de glace demande la directe, et ne va pas avec le secret.",
    "The indirect mode feeds, without emergency or secrecy; breaking the glass needs the direct one, without secrecy.",
)
VIHF_NOT_A_CENTRE = _vihf(
    "vihf_not_a_centre",
    403,
    "forbidden",
    "Cette structure n’est pas connue ici comme centre 15.",
    "This structure is not known here as an emergency call centre.",
    "Demandez à l’exploitant d’ajouter la structure à ESPACE_DISPATCH_CENTRES.",
    "Ask the operator to add the structure to ESPACE_DISPATCH_CENTRES.",
)
VIHF_PATIENT_MISSING = _vihf(
    "vihf_patient_missing",
    400,
    "required",
    "L’assertion ne nomme pas le patient, et la demande en a besoin.",
    "The assertion does not name the patient, and the request needs it.",
    "Donnez l’INS du patient dans l’attribut resource-id, avec l’OID de son autorité.",
    "Give the patient’s INS in the attribute resource-id, with the OID of its authority.",
)
VIHF_OTHER_PATIENT = _vihf(
    "vihf_other_patient",
    403,
    "forbidden",
    "L’assertion nomme un autre patient que la demande.",
    "The assertion names another patient than the request.",
    "Faites une assertion pour le patient de la demande.",
    "Make an assertion for the patient of the request.",
)

FAULTS = {
    VIHF_MISSING: "SecurityTokenUnavailable",
    VIHF_MALFORMED: "InvalidSecurityToken",
    VIHF_ALGORITHM: "UnsupportedAlgorithm",
    VIHF_SIGNATURE: "FailedCheck",
    VIHF_CERTIFICATE_MISSING: "FailedAuthentication",
    VIHF_CERTIFICATE: "FailedAuthentication",
    VIHF_EXPIRED: "MessageExpired",
    VIHF_AUDIENCE: "InvalidSecurityToken",
    VIHF_REPLAYED: "InvalidSecurityToken",
    VIHF_BINDING: "FailedAuthentication",
    VIHF_NOBODY: "FailedAuthentication",
    VIHF_MODE_FORBIDS: "FailedAuthentication",
    VIHF_NOT_A_CENTRE: "FailedAuthentication",
    VIHF_PATIENT_MISSING: "InvalidSecurityToken",
    VIHF_OTHER_PATIENT: "FailedAuthentication",
}
"""By reason, the local name of the fault's subcode, in the namespace of WS-Security (wsse)."""
