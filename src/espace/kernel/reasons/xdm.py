"""Why an archive of documents (IHE XDM), or the mail that brought it, was refused before its metadata were looked at.

Sources: ITI TF-1, 16; ITI TF-2, 3.32; CI-SIS, « échange de documents de santé »; RFC 5321 and 5322.
"""

from espace.kernel.reasons.words import Reason, Sentence


def _xdm(code: str, status: int, issue: str, fr: str, en: str, fix_fr: str, fix_en: str) -> Reason:
    said = Sentence(fr, en)
    return Reason(code, status, issue, said, said, Sentence(fix_fr, fix_en))


ARCHIVE_MALFORMED = _xdm(
    "archive_malformed",
    400,
    "structure",
    "Ce n’est pas une archive ZIP lisible.",
    "This is not a readable ZIP archive.",
    "Refaites l’archive avec un outil courant et envoyez-la entière ; le défaut est indiqué.",
    "Make the archive again with a common tool and send it whole; the fault is shown.",
)
ARCHIVE_UNSAFE = _xdm(
    "archive_unsafe",
    422,
    "security",
    "L’archive contient ce qui n’est pas pris ici : un nom dangereux, un lien, un chiffrement, une double lecture.",
    "The archive holds what is not taken here: a dangerous name, a link, encryption, two possible readings.",
    "Un ZIP simple : des fichiers, stockés ou compressés (deflate), sans mot de passe ni doublon ; le défaut est "
    "indiqué.",
    "A plain ZIP: files, stored or deflated, without password or duplicate; the fault is shown.",
)
ARCHIVE_OUTSIZED = _xdm(
    "archive_outsized",
    413,
    "too-long",
    "Une fois ouverte, l’archive est trop grande, ou elle a trop de fichiers.",
    "Once opened, the archive is too large, or it has too many files.",
    "Envoyez moins de documents à la fois.",
    "Send fewer documents at a time.",
)
ARCHIVE_WITHOUT_METADATA = _xdm(
    "archive_without_metadata",
    422,
    "required",
    "L’archive n’a pas de METADATA.XML là où IHE XDM le veut.",
    "The archive has no METADATA.XML where IHE XDM wants it.",
    "Dans l’archive, chaque lot est un dossier IHE_XDM/SUBSET01 (02, 03…) qui contient METADATA.XML et ses documents.",
    "In the archive, each set is a folder IHE_XDM/SUBSET01 (02, 03…) that holds METADATA.XML and its documents.",
)
FILE_UNDESCRIBED = _xdm(
    "file_undescribed",
    422,
    "required",
    "Un fichier du lot n’a pas de fiche dans METADATA.XML.",
    "A file of the set has no entry in METADATA.XML.",
    "Décrivez-le par un ExtrinsicObject dont le Slot URI donne son nom, ou retirez-le du dossier du lot.",
    "Describe it by an ExtrinsicObject whose URI slot gives its name, or take it out of the folder of the set.",
)
FILE_UNNAMED = _xdm(
    "file_unnamed",
    422,
    "value",
    "L’URI d’une fiche ne désigne pas un fichier du dossier de son lot, à lui seul.",
    "The URI of an entry does not name a file of the folder of its set, and that file alone.",
    "Dans le Slot URI, le nom du fichier depuis le dossier de METADATA.XML, par exemple DOC0001.XML ; un fichier a une "
    "seule fiche.",
    "In the URI slot, the name of the file from the folder of METADATA.XML, for instance DOC0001.XML; a file has a "
    "single entry.",
)
MAIL_MALFORMED = _xdm(
    "mail_malformed",
    400,
    "structure",
    "Ce courrier n’est pas lisible, ou il a plus de parties et d’en-têtes qu’il n’en faut.",
    "This mail cannot be read, or it has more parts and headers than it needs.",
    "Un courrier MIME (RFC 5322, 2045), lignes finies par CR LF, pièces jointes en base64 ; le défaut est indiqué.",
    "A MIME mail (RFC 5322, 2045), lines that end with CR LF, attachments in base64; the fault is shown.",
)
MAIL_NOT_XDM = _xdm(
    "mail_not_xdm",
    422,
    "not-supported",
    "Ce courrier ne dépose pas de document : seuls ceux qui portent une archive IHE XDM sont pris ici.",
    "This mail deposits no document: only mails that carry an IHE XDM archive are taken here.",
    "L’objet commence par XDM/1.0/DDM+ et une seule pièce jointe se nomme IHE_XDM.ZIP.",
    "The subject begins with XDM/1.0/DDM+ and a single attachment is named IHE_XDM.ZIP.",
)
