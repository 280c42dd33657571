"""The families of reasons that programs are told. Sources are those of the docstrings of the codecs and rules."""

from espace.kernel.reasons import (
    Reason,
    Sentence,
    bearing,
    decisions,
    dicom,
    feeding,
    hl7v2,
    querying,
    relations,
    signing,
    soap,
    transport,
    updating,
    vihf,
    xdm,
    xds,
)
from espace.kernel.reasons import documents as filed
from espace.kernel.reasons import identity as ins
from espace.site.refusals import samples, samples_soap, samples_text
from espace.site.refusals.facts import Family, Where

_DEPOSITS = frozenset({Where.FHIR, Where.REGISTRY, Where.HL7, Where.XDM})
_FHIR = frozenset({Where.FHIR})


def all_of(module: object) -> tuple[Reason, ...]:
    """The reasons of a module that are told under their own code."""
    return tuple(one for one in vars(module).values() if isinstance(one, Reason) and one.told_code == one.code)


_PLACE = Sentence(
    "FHIR : `expression` donne le chemin FHIRPath, `diagnostics` ce qui y a été trouvé. SOAP : `location` donne "
    "l’élément du message. HL7 v2 : ERR-2 donne le segment et le champ, ERR-7 ce qui y a été trouvé.",
    "FHIR: `expression` gives the FHIRPath, `diagnostics` what was found there. SOAP: `location` gives the element of "
    "the message. HL7 v2: ERR-2 gives the segment and the field, ERR-7 what was found there.",
)
_HTTP_PLACE = Sentence(
    "`expression` est `http.` et le nom de l’en-tête ou du paramètre ; `diagnostics` dit ce qui était attendu.",
    "`expression` is `http.` and the name of the header or parameter; `diagnostics` says what was expected.",
)
_FAULT_PLACE = Sentence(
    "L’élément `refused` du détail de la faute : son attribut `place` donne l’en-tête ou l’élément, son texte ce qui "
    "était attendu.",
    "The element `refused` of the fault’s detail: its attribute `place` gives the header or element, its text what was "
    "expected.",
)

FAMILIES: tuple[Family, ...] = (
    Family(
        "jeton",
        Sentence("Le jeton d’accès", "The access token"),
        frozenset({Where.FHIR, Where.HL7}),
        (transport.TOKEN_MISSING, transport.TOKEN_INVALID, transport.TOKEN_EXPIRED, transport.SCOPE_INSUFFICIENT),
        Sentence(
            "Chaque demande porte un jeton en vigueur, délivré ici, dont la portée couvre l’opération.",
            "Each request carries a token in force, issued here, whose scope covers the operation.",
        ),
        Sentence(
            "L’en-tête `Authorization`. Pour la portée, `diagnostics` nomme celle qui manque.",
            "The header `Authorization`. For the scope, `diagnostics` names the one that is missing.",
        ),
        (samples.TOKEN,),
        ("RFC 6750, 3.1", "SMART App Launch 2.2, Backend Services"),
    ),
    Family(
        "demande",
        Sentence("La demande HTTP", "The HTTP request"),
        frozenset({Where.FHIR, Where.FAULT, Where.HL7}),
        (
            transport.NOT_FOUND, transport.METHOD_NOT_ALLOWED, transport.NOT_ACCEPTABLE,
            transport.MEDIA_TYPE_UNSUPPORTED, transport.PAYLOAD_TOO_LARGE, transport.REQUEST_MALFORMED,
            transport.UNEXPECTED_FAULT, transport.LARGE_REQUESTS_BUSY, transport.TEMPORARILY_UNAVAILABLE,
        ),
        Sentence(
            "Une adresse, une méthode et un type de contenu que cette porte connaît, dans les limites de taille. Ce "
            "qui est absent et ce qui n’est pas accessible ont la même réponse.",
            "An address, a method and a content type that this door knows, within the limits of size. What is absent "
            "and what is not accessible are answered alike.",
        ),
        _HTTP_PLACE,
        (samples.REQUEST,),
        ("RFC 9110, 15.5",),
    ),
    Family(
        "recherche",
        Sentence("Lire et chercher en FHIR", "Reading and searching in FHIR"),
        _FHIR,
        (
            transport.PARAMETER_UNSUPPORTED, transport.TYPE_UNSUPPORTED, transport.PAGE_EXPIRED,
            transport.PRECONDITION_FAILED,
        ),
        Sentence(
            "Un paramètre inconnu n’est jamais ignoré : ce qu’il aurait écarté ne doit pas être montré.",
            "An unknown parameter is never ignored: what it would have left out must not be shown.",
        ),
        _HTTP_PLACE,
        (samples.SEARCH,),
        ("FHIR R4, http.html", "FHIR R4, search.html"),
    ),
    Family(
        "structure",
        Sentence("La forme d’un dépôt FHIR", "The form of a FHIR deposit"),
        _FHIR,
        (filed.JSON_MALFORMED, filed.FHIR_STRUCTURE, filed.REFERENCE_UNRESOLVED),
        Sentence(
            "Un lot est un Bundle de type transaction, en JSON : une List, et pour chaque document un "
            "DocumentReference et un Binary qui se nomment par leur fullUrl.",
            "A deposit is a Bundle of type transaction, in JSON: one List, and for each document one DocumentReference "
            "and one Binary that name each other by their fullUrl.",
        ),
        _PLACE,
        (samples.BUNDLE,),
        ("IHE MHD 4.2, ITI-65 (2:3.65)", "FHIR R4, json.html", "FHIR R4, bundle.html#references"),
    ),
    Family(
        "metadonnees",
        Sentence("Les métadonnées d’un document", "The metadata of a document"),
        _DEPOSITS,
        (
            filed.ELEMENT_MISSING, filed.ELEMENT_UNSUPPORTED, filed.VALUE_INVALID, filed.CODE_UNKNOWN,
            filed.CLASS_MISMATCH, filed.METADATA_MISMATCH, filed.VISIBILITY_REFUSED, filed.SOURCE_NOT_YOURS,
        ),
        Sentence(
            "Les métadonnées complètes du CI-SIS, les codes des jeux de valeurs nationaux, et rien qui contredise le "
            "document.",
            "The complete metadata of the CI-SIS, codes of the national value sets, and nothing that contradicts the "
            "document.",
        ),
        _PLACE,
        (samples.ENTRY, samples_soap.EBXML_CODES),
        ("ITI TF-3, 4.2.3.2", "IHE MHD 4.2, Comprehensive DocumentReference", "PDSm 3.1.1"),
    ),
    Family(
        "contenu",
        Sentence("Le contenu d’un document", "The content of a document"),
        _DEPOSITS,
        (
            filed.HASH_MISMATCH, filed.SIZE_MISMATCH, filed.CONTENT_EMPTY, filed.CONTENT_TOO_LARGE,
            filed.CONTENT_TYPE_MISMATCH, filed.CONTENT_TYPE_UNSUPPORTED, filed.XML_MALFORMED, filed.XML_DOCTYPE,
            filed.XML_LIMIT, filed.CDA_INCOMPLETE,
        ),
        Sentence(
            "Les octets reçus sont ceux que les métadonnées annoncent ; un CDA a un en-tête complet, sans DOCTYPE.",
            "The bytes received are those that the metadata state; a CDA has a complete header and no DOCTYPE.",
        ),
        Sentence(
            "L’élément du contenu (`attachment`, Slot ou OBX), puis, pour du XML, son chemin, sa ligne et sa colonne "
            "dans le document.",
            "The element of the content (`attachment`, Slot or OBX), then, for XML, its path, its line and its column "
            "in the document.",
        ),
        (samples.BYTES, samples_soap.EBXML_BYTES),
        ("ITI TF-3, 4.2.3.2",),
    ),
    Family(
        "versions",
        Sentence("L’identifiant d’un document et ses versions", "The identifier of a document and its versions"),
        _DEPOSITS,
        (filed.UNIQUE_ID_REUSED, filed.REPLACE_REFUSED),
        Sentence(
            "Un identifiant désigne pour toujours les mêmes octets ; un document se corrige par une nouvelle version.",
            "An identifier designates the same bytes for ever; a document is corrected by a new version.",
        ),
        _PLACE,
        (samples.REPLACES, samples_soap.EBXML_REPLACES),
        ("ITI TF-3, 4.2.2.2", "ITI TF-3, table 4.2.4.1-2"),
    ),
    Family(
        "liens",
        Sentence("Les liens entre documents et classeurs", "The links between documents and folders"),
        frozenset({Where.FHIR, Where.REGISTRY}),
        all_of(relations),
        Sentence(
            "Un document complète ou transforme un document en vigueur que la même structure a déposé pour le même "
            "patient, ou qui arrive dans le même lot.",
            "A document completes or transforms a current one that the same organisation deposited for the same "
            "patient, or that comes in the same set.",
        ),
        _PLACE,
        (samples.APPENDS, samples_soap.EBXML_APPENDS),
        ("ITI TF-3, 4.2.2.2", "ITI TF-3, table 4.2.4.1-2"),
    ),
    Family(
        "identite",
        Sentence("L’identité du patient", "The identity of the patient"),
        _DEPOSITS,
        (
            ins.INS_MISSING, ins.INS_MALFORMED, ins.INS_KEY_WRONG, ins.INS_AUTHORITY_UNKNOWN, ins.INS_NOT_QUALIFIED,
            ins.TRAITS_MISSING, ins.TRAITS_DISAGREE, ins.TRAITS_FROZEN, ins.IDENTITIES_DIFFER,
        ),
        Sentence(
            "Un dépôt nomme un seul patient, par un INS qualifié et ses traits stricts, les mêmes partout.",
            "A deposit names one patient, by a qualified INS and the strict traits, the same everywhere.",
        ),
        _PLACE,
        (samples.PATIENT, samples_soap.EBXML_PATIENT, samples_text.HL7_PATIENT),
        ("CSP, art. L1111-8-1", "CSP, art. R1111-8-1", "RNIV"),
    ),
    Family(
        "soap",
        Sentence("L’enveloppe SOAP", "The SOAP envelope"),
        frozenset({Where.FAULT}),
        tuple(one for one in all_of(soap) if one is not soap.PART_UNKNOWN),
        Sentence(
            "Une enveloppe SOAP 1.2 adressée par WS-Addressing, seule ou dans un message en parties (MTOM/XOP).",
            "A SOAP 1.2 envelope addressed by WS-Addressing, alone or in a message in parts (MTOM/XOP).",
        ),
        _FAULT_PLACE,
        (samples_soap.ENVELOPE,),
        ("ITI TF-2, appendix V.3",),
    ),
    Family(
        "vihf",
        Sentence("L’assertion VIHF et les certificats", "The VIHF assertion and the certificates"),
        frozenset({Where.FAULT}),
        all_of(vihf),
        Sentence(
            "Un certificat de client et une assertion SAML 2.0 signée, qui disent la même personne ou la même "
            "structure, et qui ne sert qu’une fois.",
            "A client certificate and a signed SAML 2.0 assertion that say the same person or the same structure; the "
            "assertion serves once.",
        ),
        _FAULT_PLACE,
        (samples_soap.ASSERTION,),
        ("CI-SIS, « transport synchrone » (VIHF)", "SOAP Message Security 1.1, 12"),
    ),
    Family(
        "jeton-soap",
        Sentence("Le jeton Pro Santé Connect à la porte SOAP", "The Pro Santé Connect token at the SOAP door"),
        frozenset({Where.FAULT}),
        all_of(bearing),
        Sentence(
            "Le certificat de la structure à la connexion, et le jeton d’accès du professionnel dans l’en-tête HTTP "
            "Authorization, sans en-tête Security.",
            "The certificate of the structure when the connection opens, and the access token of the professional in "
            "the HTTP header Authorization, without a Security header.",
        ),
        _FAULT_PLACE,
        (samples_soap.BEARER,),
        ("RFC 6750", "RFC 7662", "RFC 8705"),
    ),
    Family(
        "lot-ebxml",
        Sentence("Un lot en ebXML (ITI-41)", "A set in ebXML (ITI-41)"),
        frozenset({Where.REGISTRY}),
        (*all_of(xds), *all_of(signing), soap.PART_UNKNOWN),
        Sentence(
            "Dans un lot, chaque fiche a son document, son lien HasMember, et un identifiant à elle.",
            "In a set, each entry has its document, its HasMember link, and an identifier of its own.",
        ),
        _PLACE,
        (samples_soap.SET,),
        ("ITI TF-2, 3.41", "ITI TF-3, 4.2"),
    ),
    Family(
        "requetes",
        Sentence("Requêtes et retraits (ITI-18, ITI-43)", "Queries and retrievals (ITI-18, ITI-43)"),
        frozenset({Where.REGISTRY}),
        all_of(querying),
        Sentence(
            "Une requête de la liste d’ITI-18, avec ses paramètres obligatoires et aucun autre que les siens.",
            "A query of the list of ITI-18, with its mandatory parameters and none but its own.",
        ),
        Sentence("`location` nomme le Slot, ou l’élément demandé.", "`location` names the Slot, or the element asked."),
        (samples_soap.QUERY,),
        ("ITI TF-2, 3.18.4.1.2",),
    ),
    Family(
        "mise-a-jour",
        Sentence("Mettre à jour une fiche (ITI-57)", "Updating an entry (ITI-57)"),
        frozenset({Where.REGISTRY}),
        all_of(updating),
        Sentence(
            "L’auteur ou l’organisme change le statut et la visibilité de ce qu’il a déposé, à partir de la version "
            "qu’il a lue ; le contenu se corrige par une nouvelle version.",
            "The author or the organisation changes the status and visibility of what they deposited, from the version "
            "that they read; content is corrected by a new version.",
        ),
        _PLACE,
        (samples_soap.UPDATE,),
        ("ITI TF-2, 3.57",),
    ),
    Family(
        "imagerie",
        Sentence("Le manifeste d’imagerie (KOS)", "The imaging manifest (KOS)"),
        frozenset({Where.FHIR, Where.REGISTRY}),
        all_of(dicom),
        Sentence(
            "Un objet DICOM déposé est le manifeste d’un examen (Key Object Selection) du même patient, que ses "
            "métadonnées décrivent sans le contredire.",
            "A DICOM object deposited is the manifest of an examination (Key Object Selection) of the same patient, "
            "which its metadata describe without contradicting it.",
        ),
        Sentence(
            "L’élément du contenu, puis l’élément DICOM en cause, par son nom ou son numéro.",
            "The element of the content, then the DICOM element at fault, by its name or number.",
        ),
        (samples_text.MANIFEST,),
        ("DICOM PS3.3, A.35.4", "DICOM PS3.10", "CI-SIS, IMG-KOS"),
    ),
    Family(
        "hl7v2",
        Sentence("Le message HL7 v2", "The HL7 v2 message"),
        frozenset({Where.HL7}),
        all_of(hl7v2),
        Sentence(
            "Un message ORU^R01 ou MDM^T02, T04, T10, lisible, qui ne dit qu’une chose de chaque document, ou un ADT "
            "qui dit ce que le patient a choisi.",
            "A readable ORU^R01 or MDM^T02, T04, T10 that says one thing of each document, or an ADT that says what "
            "the patient chose.",
        ),
        Sentence(
            "ERR-2 donne le segment, le champ et le composant ; ERR-7 ce qui y a été trouvé.",
            "ERR-2 gives the segment, field and component; ERR-7 what was found there.",
        ),
        (samples_text.MESSAGE,),
        ("HL7 v2.5.1, chapter 2", "CI-SIS, « Transmission d’un document CDA en HL7 v2 » 2.1"),
    ),
    Family(
        "xdm",
        Sentence("L’archive XDM, et le courrier qui la porte", "The XDM archive, and the mail that carries it"),
        frozenset({Where.XDM}),
        all_of(xdm),
        Sentence(
            "Une archive ZIP simple, où chaque lot est un dossier d’IHE_XDM avec METADATA.XML et ses documents ; un "
            "courrier en porte une, et une seule.",
            "A plain ZIP archive, where each set is a folder of IHE_XDM with METADATA.XML and its documents; a mail "
            "carries one, and one only.",
        ),
        Sentence(
            "`location` donne le fichier de l’archive, la ligne, puis l’élément ; la réponse SMTP donne les mêmes.",
            "`location` gives the file of the archive, the line, then the element; the reply of SMTP gives the same.",
        ),
        (samples_text.ARCHIVE,),
        ("ITI TF-1, 16", "ITI TF-2, 3.32", "CI-SIS, « échange de documents de santé »"),
    ),
    Family(
        "espace",
        Sentence("L’espace du patient", "The patient’s space"),
        frozenset({Where.FHIR, Where.REGISTRY, Where.NATIONAL, Where.HL7, Where.PAGE}),
        (
            decisions.SPACE_UNKNOWN, decisions.SPACE_NOT_OPEN, decisions.SPACE_SUSPENDED,
            decisions.ORGANISATION_CANNOT_READ, decisions.HOLDER_CANNOT_FEED, decisions.NO_RULE_ALLOWS,
            decisions.CONTENT_UNAVAILABLE, decisions.CONTENT_ELSEWHERE, decisions.NOT_THE_HOLDER,
            feeding.FEEDING_OBJECTED,
        ),
        Sentence(
            "Un espace ouvert reçoit les dépôts de tout organisme authentifié ; seule une identité individuelle lit. "
            "Qu’un espace n’existe pas ou que la personne l’ait refusé, la réponse est la même.",
            "An open space takes the deposits of any authenticated organisation; only an individual identity reads. "
            "Whether a space does not exist or the person refused it, the answer is the same.",
        ),
        Sentence(
            "Rien dans le message : la décision porte sur l’espace du patient qu’il nomme.",
            "Nothing in the message: the decision is about the space of the patient that it names.",
        ),
        (samples.PATIENT,),
        ("CSP, art. L1111-13-1", "CSP, art. L1111-15"),
    ),
)
