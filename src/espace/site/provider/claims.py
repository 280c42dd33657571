"""What the provider says of somebody, with the claims of Pro Santé Connect (userinfo of its test environment)."""

from espace.site.provider.accounts import Account
from espace.wire.cda_writing import Organisation

ACR = "eidas1"
TIER = "APPPRIP3^1.2.250.1.213.1.5.1.1.1"
SECTORS = "1.2.250.1.71.4.2.4"
PROFESSIONS = "1.2.250.1.213.1.1.5.5"
LOCAL = "1.2.250.1.213.1.3.1.1"


def userinfo(account: Account) -> dict[str, object]:
    """The claims about an account; where they act is said when there is only one place."""
    who = account.professional
    only = account.structures[0] if len(account.structures) == 1 else None
    return {
        "sub": account.sub,
        "preferred_username": who.id,
        "SubjectNameID": who.id,
        "family_name": who.family,
        "given_name": who.given,
        "codeCivilite": who.civility,
        "SubjectRole": [f"{profession_of(account)}^{PROFESSIONS}"],
        "SubjectOrganization": only.name if only else "",
        "SubjectOrganizationID": _finess(only) if only else "",
        "Secteur_Activite": f"{only.facility.code}^{SECTORS}" if only else "",
        "codeGenreActivite": "GENR01",
        "Mode_Acces_Raison": "",
        "Acces_Regulation_Medicale": "VRAI" if account.regulates else "FAUX",
        "UITVersion": "1.0",
        "Palier_Authentification": TIER,
        "PSI_Locale": LOCAL,
        "otherIds": [{"identifiant": who.id, "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {"exercices": [_exercise(account)]},
    }


def profession_of(account: Account) -> str:
    """« G15_10/SM54 » is profession 10."""
    return account.professional.specialty.code.partition("/")[0].removeprefix("G15_")


def _exercise(account: Account) -> dict[str, object]:
    who = account.professional
    skill = who.specialty.code.partition("/")[2]
    return {
        "codeProfession": profession_of(account),
        "codeCategorieProfessionnelle": "C",
        "codeCiviliteDexercice": who.title,
        "nomDexercice": who.family,
        "prenomDexercice": who.given,
        "codeTypeSavoirFaire": "S" if skill else "",
        "codeSavoirFaire": skill,
        "activities": [_activity(one) for one in account.structures],
    }


def _activity(structure: Organisation) -> dict[str, object]:
    place = structure.address
    return {
        "codeModeExercice": "L",
        "codeSecteurDactivite": structure.facility.code,
        "codeGenreActivite": "GENR01",
        "numeroFinessSite": _finess(structure),
        "numeroSiretSite": "",
        "identifiantTechniqueDeLaStructure": f"R{_finess(structure)}",
        "raisonSocialeSite": structure.name,
        "numeroVoie": place.number,
        "libelleVoie": place.street,
        "codePostal": place.postcode,
        "bureauCedex": place.city,
        "codePays": "99000",
        "autoriteDenregistrement": "DEMO/DEMO/DEMO",
    }


def _finess(structure: Organisation) -> str:
    """Struct_IdNat « 1 » and a FINESS."""
    return structure.id.removeprefix("1")
