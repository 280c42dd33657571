"""Why a document or its metadata was refused. Sources: IHE ITI TF-3 4.1-4.3, MHD 4.2, CI-SIS, D20-D66."""

from espace.kernel.reasons.words import Reason, Sentence


def _document(
    code: str, fr: str, en: str, fix_fr: str, fix_en: str, *, status: int = 422, issue: str = "invalid", told: str = ""
) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en), told)


JSON_MALFORMED = _document(
    "json_malformed",
    "Le corps n’est pas du JSON lisible.",
    "The body is not readable JSON.",
    "Envoyez du JSON en UTF-8, sans clé répétée ni imbrication démesurée.",
    "Send JSON in UTF-8, without repeated keys or excessive nesting.",
    status=400,
    issue="structure",
)
FHIR_STRUCTURE = _document(
    "fhir_structure",
    "La ressource n’a pas la structure attendue.",
    "The resource does not have the expected structure.",
    "Suivez MHD Comprehensive Provide Document Bundle ; l’endroit est indiqué.",
    "Follow MHD Comprehensive Provide Document Bundle; the place is shown.",
    status=400,
    issue="structure",
)
ELEMENT_MISSING = _document(
    "element_missing",
    "Un élément obligatoire manque.",
    "A mandatory element is missing.",
    "Ajoutez l’élément à l’endroit indiqué.",
    "Add the element at the place shown.",
    issue="required",
)
ELEMENT_UNSUPPORTED = _document(
    "element_unsupported",
    "Un élément n’est pas pris en charge et ne peut être ignoré sans risque.",
    "An element is not supported and cannot safely be ignored.",
    "Retirez l’élément indiqué.",
    "Remove the element shown.",
    issue="not-supported",
)
VALUE_INVALID = _document(
    "value_invalid",
    "Une valeur n’a pas la forme attendue.",
    "A value does not have the expected form.",
    "Corrigez la valeur à l’endroit indiqué.",
    "Correct the value at the place shown.",
    issue="value",
)
REFERENCE_UNRESOLVED = _document(
    "reference_unresolved",
    "Une référence ne mène à rien dans ce qui a été envoyé.",
    "A reference leads to nothing in what was sent.",
    "La référence doit être le fullUrl d’une entrée du même lot.",
    "The reference must be the fullUrl of an entry of the same bundle.",
    issue="not-found",
)
CODE_UNKNOWN = _document(
    "code_unknown",
    "Un code n’appartient pas au jeu de valeurs attendu.",
    "A code does not belong to the expected value set.",
    "Prenez un code de la table citée, valable à la date du document.",
    "Take a code of the table named, valid at the date of the document.",
    issue="code-invalid",
)
CLASS_MISMATCH = _document(
    "class_mismatch",
    "La classe du document ne correspond pas à son type.",
    "The class of the document does not match its type.",
    "Prenez la classe donnée par la table type → classe (ASS_X04).",
    "Take the class given by the type → class table (ASS_X04).",
    issue="code-invalid",
)
METADATA_MISMATCH = _document(
    "metadata_mismatch",
    "Une métadonnée contredit l’en-tête du document.",
    "A metadata attribute contradicts the header of the document.",
    "Reprenez la valeur de l’en-tête CDA.",
    "Take the value of the CDA header.",
    issue="conflict",
)
HASH_MISMATCH = _document(
    "hash_mismatch",
    "L’empreinte SHA-1 annoncée n’est pas celle du contenu reçu.",
    "The SHA-1 stated is not that of the content received.",
    "Calculez l’empreinte (SHA-1, en base64) sur les octets envoyés, sans les modifier ensuite.",
    "Compute the hash (SHA-1, base64) on the bytes sent, and do not change them afterwards.",
)
SIZE_MISMATCH = _document(
    "size_mismatch",
    "La taille annoncée n’est pas celle du contenu reçu.",
    "The size stated is not that of the content received.",
    "La taille est le nombre d’octets du contenu, avant base64.",
    "The size is the number of bytes of the content, before base64.",
)
CONTENT_EMPTY = _document(
    "content_empty",
    "Ce fichier est vide.",
    "This file is empty.",
    "Vérifiez qu’il s’ouvre et montre quelque chose, puis envoyez-le de nouveau.",
    "Check that it opens and shows something, then send it again.",
)
CONTENT_TOO_LARGE = _document(
    "content_too_large",
    "Ce fichier est trop lourd.",
    "This file is too heavy.",
    "Réduisez-le (moins de pages, ou une photo moins grande), puis envoyez-le de nouveau.",
    "Make it smaller (fewer pages, or a smaller photo), then send it again.",
    status=413,
    issue="too-long",
)
CONTENT_TYPE_MISMATCH = _document(
    "content_type_mismatch",
    "Le contenu n’est pas du type annoncé.",
    "The content is not of the type stated.",
    "Annoncez le type réel du contenu.",
    "State the real type of the content.",
)
CONTENT_TYPE_UNSUPPORTED = _document(
    "content_type_unsupported",
    "Ce type de document n’est pas accepté.",
    "This type of document is not accepted.",
    "Déposez de préférence un CDA R2 (text/xml) ; PDF, JPEG, PNG, TIFF, RTF, texte brut et KOS aussi.",
    "Deposit a CDA R2 (text/xml) if you can; PDF, JPEG, PNG, TIFF, RTF, plain text and KOS too.",
    issue="not-supported",
)
XML_MALFORMED = _document(
    "xml_malformed",
    "Le document n’est pas du XML bien formé.",
    "The document is not well-formed XML.",
    "Corrigez le XML à la ligne indiquée.",
    "Correct the XML at the line shown.",
    issue="structure",
)
XML_DOCTYPE = _document(
    "xml_doctype",
    "Un DOCTYPE est refusé.",
    "A DOCTYPE is refused.",
    "Retirez la déclaration DOCTYPE et toute entité.",
    "Remove the DOCTYPE declaration and any entity.",
)
XML_LIMIT = _document(
    "xml_limit",
    "Le document dépasse une limite de taille, de profondeur ou de nombre d’éléments.",
    "The document exceeds a limit of size, depth or number of elements.",
    "Simplifiez le document ; la limite atteinte est indiquée.",
    "Simplify the document; the limit reached is shown.",
    issue="too-costly",
)
CDA_INCOMPLETE = _document(
    "cda_incomplete",
    "L’en-tête CDA est incomplet ou incorrect.",
    "The CDA header is incomplete or incorrect.",
    "Complétez l’élément indiqué (CI-SIS, structuration minimale).",
    "Complete the element shown (CI-SIS, minimal structuring).",
    issue="required",
)
UNIQUE_ID_REUSED = _document(
    "unique_id_reused",
    "Cet identifiant unique désigne déjà un autre document.",
    "This unique identifier already designates another document.",
    "Donnez un identifiant neuf à un contenu neuf ; pour corriger un document, remplacez-le.",
    "Give new content a new identifier; to correct a document, replace it.",
    status=409,
    issue="duplicate",
)
REPLACE_REFUSED = _document(
    "replace_refused",
    "Le document à remplacer n’existe pas, n’est plus courant ou n’est pas le vôtre.",
    "The document to replace does not exist, is no longer current or is not yours.",
    "Remplacez la version courante d’un document déposé par votre organisme.",
    "Replace the current version of a document deposited by your organisation.",
    issue="business-rule",
)
SOURCE_NOT_YOURS = _document(
    "source_not_yours",
    "Le dépôt est fait au nom d’un autre organisme.",
    "The deposit is made in the name of another organisation.",
    "L’identifiant de source et le conservateur sont ceux de l’organisme authentifié.",
    "The source identifier and the custodian are those of the authenticated organisation.",
    status=403,
    issue="forbidden",
)
VISIBILITY_REFUSED = _document(
    "visibility_refused",
    "Cette restriction de visibilité n’est pas permise.",
    "This visibility restriction is not allowed.",
    "Voyez les combinaisons permises dans la documentation de dépôt.",
    "See the allowed combinations in the deposit documentation.",
    issue="business-rule",
)

MASKING_UNKNOWN = _document(
    "masking_unknown",
    "Cette sorte de documents n’existe pas.",
    "There is no such kind of documents.",
    "Choisissez-la dans la liste de la page « Visibilité ».",
    "Choose it from the list of the page “Visibility”.",
    status=404,
    issue="not-found",
)

TOO_MANY_NAMED = _document(
    "too_many_named",
    "Ce document est déjà masqué à cinquante professionnels.",
    "This document is hidden from fifty professionals already.",
    "Montrez-le de nouveau à l’un d’eux, ou masquez-le à tous les professionnels.",
    "Show it again to one of them, or hide it from all professionals.",
    issue="business-rule",
)

FILE_KIND_REFUSED = _document(
    "file_kind_refused",
    "Ce n’est ni un PDF, ni une photo, ni un texte simple.",
    "This is neither a PDF, nor a photo, nor plain text.",
    "Si c’est un document Word ou un tableau, ouvrez-le, enregistrez-le en PDF, puis ajoutez ce PDF.",
    "If it is a Word document or a spreadsheet, open it, save it as a PDF, then add that PDF.",
    issue="not-supported",
)
FILE_LIES = _document(
    "file_lies",
    "Ce fichier n’est pas ce que dit son nom : il se termine par exemple par « .pdf », et n’est pas un PDF.",
    "This file is not what its name says: for example, it ends with “.pdf” and is no PDF.",
    "Ouvrez le document, enregistrez-le en PDF, puis ajoutez ce PDF.",
    "Open the document, save it as a PDF, then add that PDF.",
)
FILE_BROKEN = _document(
    "file_broken",
    "Ce fichier est abîmé ou incomplet.",
    "This file is damaged or incomplete.",
    "Ouvrez-le sur votre appareil pour vérifier qu’il se lit, enregistrez-le de nouveau, puis ajoutez-le.",
    "Open it on your device to check that it can be read, save it again, then add it.",
)
FILE_ENCRYPTED = _document(
    "file_encrypted",
    "Ce fichier est protégé par un mot de passe : personne ne pourrait le lire ici.",
    "This file is protected by a password: nobody could read it here.",
    "Ouvrez-le avec son mot de passe, imprimez-le dans un nouveau fichier PDF, puis ajoutez ce fichier.",
    "Open it with its password, print it to a new PDF file, then add that file.",
)
FILE_ACTIVE = _document(
    "file_active",
    "Ce fichier peut agir par lui-même (programme, formulaire, autre fichier caché dedans) : il n’est pas accepté.",
    "This file can act by itself (a program, a form, another file hidden in it): it is not accepted.",
    "Ouvrez-le, imprimez-le dans un nouveau fichier PDF, puis ajoutez ce fichier.",
    "Open it, print it to a new PDF file, then add that file.",
)
FILE_OUTSIZED = _document(
    "file_outsized",
    "Ce fichier est trop grand : trop de pages, ou une image immense.",
    "This file is too big: too many pages, or a huge picture.",
    "Réduisez l’image ou le nombre de pages, puis ajoutez le fichier.",
    "Make the picture smaller or the pages fewer, then add the file.",
    status=413,
    issue="too-long",
)
FILES_BUSY = _document(
    "files_busy",
    "Trop de fichiers sont examinés en ce moment.",
    "Too many files are being examined at this moment.",
    "Réessayez dans un instant ; rien n’a été enregistré.",
    "Try again in a moment; nothing was stored.",
    status=503,
    issue="throttled",
)
OWN_FULL = _document(
    "own_full",
    "Il n’y a plus assez de place pour les documents ajoutés ici.",
    "There is not enough room left for the documents added here.",
    "Supprimez ceux dont vous n’avez plus besoin : leur place se libère quand il n’est plus possible de les remettre.",
    "Delete those that you no longer need: their room is free once they can be put back no more.",
    status=413,
    issue="too-costly",
)
OWN_TYPE_UNKNOWN = _document(
    "own_type_unknown",
    "Le type choisi pour ce document n’est pas dans la liste.",
    "The type chosen for this document is not in the list.",
    "Choisissez un type dans la liste.",
    "Choose a type from the list.",
    issue="code-invalid",
)
TITLE_TOO_LONG = _document(
    "title_too_long",
    "Ce titre est trop long.",
    "This title is too long.",
    "Donnez un titre de 120 caractères au plus.",
    "Give a title of at most 120 characters.",
    issue="value",
)
DAY_REFUSED = _document(
    "day_refused",
    "Cette date n’est pas possible.",
    "This date is not possible.",
    "Donnez une date entre 1900 et aujourd’hui, ou aucune.",
    "Give a date between 1900 and today, or none.",
    issue="value",
)
TOO_MANY_AT_ONCE = _document(
    "too_many_at_once",
    "C’est trop de documents à la fois.",
    "That is too many documents at once.",
    "Faites-le en plusieurs fois : le nombre permis est indiqué.",
    "Do it in several times: the number allowed is shown.",
    issue="too-long",
)
NOT_YOUR_DOCUMENT = _document(
    "not_your_document",
    "Vous pouvez modifier ou supprimer seulement les documents que vous avez ajoutés.",
    "You can change or delete only the documents that you added.",
    "Vous pouvez masquer ce document aux professionnels, ou demander à qui l’a déposé de le corriger.",
    "You can hide this document from professionals, or ask whoever deposited it to correct it.",
    status=403,
    issue="forbidden",
)
TOPIC_UNKNOWN = _document(
    "topic_unknown",
    "Ce sujet n’existe pas.",
    "This topic does not exist.",
    "Choisissez un de vos sujets à la page « Visibilité ».",
    "Choose one of your topics on the page “Visibility”.",
    status=404,
    issue="not-found",
    told="not_found",
)
TOPIC_NAME_REFUSED = _document(
    "topic_name_refused",
    "Ce nom de sujet ne convient pas.",
    "This topic name will not do.",
    "Donnez un nom de 1 à 80 caractères.",
    "Give a name of 1 to 80 characters.",
    issue="value",
)
TOPIC_EXISTS = _document(
    "topic_exists",
    "Un autre sujet porte déjà ce nom.",
    "Another topic already has this name.",
    "Choisissez un autre nom.",
    "Choose another name.",
    status=409,
    issue="duplicate",
)
TOPICS_TOO_MANY = _document(
    "topics_too_many",
    "Il n’est pas possible d’avoir plus de sujets.",
    "It is not possible to have more topics.",
    "Supprimez un sujet dont vous n’avez plus besoin : ses documents restent.",
    "Remove a topic that you no longer need: its documents stay.",
    issue="too-costly",
)
FOLDER_UNKNOWN = _document(
    "folder_unknown",
    "Ce dossier n’existe pas.",
    "This folder does not exist.",
    "Choisissez un dossier de la liste.",
    "Choose a folder of the list.",
    status=404,
    issue="not-found",
    told="not_found",
)
FOLDER_NAME_REFUSED = _document(
    "folder_name_refused",
    "Ce nom de dossier ne convient pas.",
    "This folder name will not do.",
    "Donnez un nom de 1 à 60 caractères.",
    "Give a name of 1 to 60 characters.",
    issue="value",
)
FOLDER_EXISTS = _document(
    "folder_exists",
    "Un autre dossier porte déjà ce nom.",
    "Another folder already has this name.",
    "Choisissez un autre nom.",
    "Choose another name.",
    status=409,
    issue="duplicate",
)
FOLDERS_TOO_MANY = _document(
    "folders_too_many",
    "Il n’est pas possible d’avoir plus de dossiers.",
    "It is not possible to have more folders.",
    "Supprimez un dossier dont vous n’avez plus besoin : ses documents restent.",
    "Remove a folder that you no longer need: its documents stay.",
    issue="too-costly",
)
