"""Why an identity was refused. Sources: RNIV; CI-SIS « volet structuration minimale » (CDA header); B01-B25."""

from espace.kernel.reasons.words import Reason, Sentence


def _identity(code: str, fr: str, en: str, fix_fr: str, fix_en: str, told: str = "") -> Reason:
    said = Sentence(fr, en)
    return Reason(code, 422, "business-rule", said, said, Sentence(fix_fr, fix_en), told)


INS_MISSING = _identity(
    "ins_missing",
    "Le patient n’est pas identifié par un INS.",
    "The patient is not identified by an INS.",
    "Donnez le matricule INS (15 caractères) et l’OID de son autorité, par exemple 1.2.250.1.213.1.4.8.",
    "Give the INS (15 characters) and the OID of its authority, for example 1.2.250.1.213.1.4.8.",
)
INS_MALFORMED = _identity(
    "ins_malformed",
    "Le matricule INS n’a pas la bonne forme.",
    "The INS does not have the right form.",
    "Un matricule compte 13 caractères (2A ou 2B pour la Corse) et une clé de 2 chiffres, sans espace.",
    "An INS has 13 characters (2A or 2B for Corsica) and a key of 2 digits, without spaces.",
)
INS_KEY_WRONG = _identity(
    "ins_key_wrong",
    "La clé du matricule INS est fausse.",
    "The key of the INS is wrong.",
    "Relisez le matricule : la clé vaut 97 − (les 13 premiers caractères modulo 97).",
    "Read the INS again: the key is 97 − (the first 13 characters modulo 97).",
)
INS_AUTHORITY_UNKNOWN = _identity(
    "ins_authority_unknown",
    "L’OID n’est pas celui d’une autorité INS acceptée ici.",
    "The OID is not that of an INS authority accepted here.",
    "Utilisez 1.2.250.1.213.1.4.8 (NIR) ou 1.2.250.1.213.1.4.9 (NIA) ; les OID de test sont refusés ici.",
    "Use 1.2.250.1.213.1.4.8 (NIR) or 1.2.250.1.213.1.4.9 (NIA); test OIDs are refused here.",
)
INS_NOT_QUALIFIED = _identity(
    "ins_not_qualified",
    "L’identité du patient n’est pas qualifiée.",
    "The patient’s identity is not qualified.",
    "Qualifiez l’identité (INSi et pièce d’identité à haut niveau de confiance) avant d’alimenter.",
    "Qualify the identity (INSi and a high-trust identity document) before feeding.",
)
TRAITS_MISSING = _identity(
    "traits_missing",
    "Il manque un trait strict de l’identité du patient.",
    "A strict trait of the patient’s identity is missing.",
    "Donnez le nom de naissance, le premier prénom de naissance, la date de naissance et le sexe.",
    "Give the birth name, the first birth given name, the birth date and the sex.",
)
TRAITS_DISAGREE = _identity(
    "traits_disagree",
    "Les traits de l’identité ne concordent pas avec ceux de l’espace.",
    "The identity traits do not agree with those of the space.",
    "Ne déposez pas : vérifiez que le document est bien celui de ce patient (identitovigilance).",
    "Do not deposit: check that the document really is this patient’s (identity vigilance).",
)
TRAITS_FROZEN = Reason(
    "traits_frozen",
    429,
    "throttled",
    Sentence(
        "Ce professionnel a donné trop d’identités qui ne concordent pas : la dernière n’a pas été comparée.",
        "This professional stated too many identities that do not agree: the last one was not compared.",
    ),
    Sentence(
        "Votre compte a donné trop d’identités qui ne concordent pas : pendant quelques heures, nous n’en comparons "
        "plus pour les patients dont vous ne pouvez pas lire l’espace.",
        "Your account stated too many identities that do not agree: for some hours we compare none any more for "
        "patients whose space you may not read.",
    ),
    Sentence(
        "Enregistrez l’accord du patient, ou attendez. Si ce n’est pas vous, signalez-le tout de suite.",
        "Record the patient’s consent, or wait. If it was not you, report it at once.",
    ),
)
IDENTITIES_DIFFER = _identity(
    "identities_differ",
    "Le document et ses métadonnées ne désignent pas la même personne.",
    "The document and its metadata do not designate the same person.",
    "Un dépôt concerne un seul patient : la même identité partout.",
    "A deposit concerns one patient: the same identity everywhere.",
)
DATAMATRIX_UNREADABLE = _identity(
    "datamatrix_unreadable",
    "Ce texte n’est pas celui d’un datamatrix INS, ou il en manque une partie.",
    "This text is not that of an INS datamatrix, or a part of it is missing.",
    "Lisez de nouveau le datamatrix en entier, ou tapez les 15 caractères de l’INS.",
    "Read the whole datamatrix again, or type the 15 characters of the INS.",
)
DATAMATRIX_VERSION_UNKNOWN = _identity(
    "datamatrix_version_unknown",
    "La version de ce datamatrix INS n’est pas connue ici.",
    "The version of this INS datamatrix is not known here.",
    "Tapez les 15 caractères de l’INS.",
    "Type the 15 characters of the INS.",
)
