"""The fixed cast of the demonstration and the people around them: all invented.

Their INS are under the OID of test numbers (1.2.250.1.213.1.4.10), with right keys and orders of birth from 991 on,
which those towns never reach in a month. Passwords and secrets are for the demonstration only, and shown on its pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from espace.site.demo.structures import PROFESSIONALS, STRUCTURES
from espace.wire.cda_writing import INS_TEST, Address, Patient

__all__ = ["CAST", "NEIGHBOURS", "PEOPLE", "PROFESSIONALS", "STRUCTURES", "Person", "SignIn", "person"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody of the cast signs in; `totp_secret` is in base 32, as an authenticator reads it."""

    identifier: str
    password: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a space: `about` says in a sentence who they are; only the cast signs in."""

    slug: str
    patient: Patient
    about_fr: str = ""
    about_en: str = ""
    sign_in: SignIn | None = None

    @property
    def name(self) -> str:
        return self.patient.name

    @property
    def email(self) -> str:
        return f"{self.slug}@example.org"


def _patient(
    ins: str, family: str, given: str, born: date, sex: str, place: tuple[str, str], used: str = ""
) -> Patient:
    number = str(int(ins[10:13]) % 90 + 1)
    return Patient(
        ins=ins,
        authority=INS_TEST,
        birth_name=family,
        given_names=tuple(given.split()),
        birth_date=born,
        sex=sex,
        birth_place=place[0],
        birth_city=place[1],
        address=Address(number, "rue des Bruyères-Roses", "35000", "RENNES"),
        phone=f"06990{ins[8:13]}",
        used_name=used,
    )


def _person(
    slug: str, ins: str, family: str, given: str, born: date, sex: str, place: str, city: str, used: str = ""
) -> Person:
    return Person(slug, _patient(ins, family, given, born, sex, (place, city), used))


def _cast(someone: Person, about_fr: str, about_en: str, password: str, secret: str) -> Person:
    sign_in = SignIn(someone.slug, password, secret)
    return Person(someone.slug, someone.patient, about_fr, about_en, sign_in)


CAMILLE = _cast(
    _person("camille", "282053523899178", "MARCHAND", "CAMILLE ANNE", date(1982, 5, 17), "F", "35238", "RENNES"),
    "La patiente : thyroïde, migraines, un genou opéré. Elle représente Léo et aide Monique.",
    "The patient: thyroid, migraines, a knee operation. She represents Léo and helps Monique.",
    "Camille-et-la-mer-82",
    "2DWFY7JZ3GSQKWGUOBHRFYRIXCFM6VH6",
)
MONIQUE = _cast(
    _person(
        "monique",
        "253115626099276",
        "LE BIHAN",
        "MONIQUE MARIE",
        date(1953, 11, 8),
        "F",
        "56260",
        "VANNES",
        "MARCHAND",
    ),
    "Sa mère, qui l’aide et que l’on aide : diabète, tension, une hanche neuve.",
    "Her mother, who helps and is helped: diabetes, blood pressure, a new hip.",
    "Les-hortensias-bleus-53",
    "X6ZGAXD4WRCWM7JMCIGAYH7XYOWQRB3H",
)
LEO = _cast(
    _person("leo", "111033523899381", "MARCHAND", "LÉO YANN", date(2011, 3, 22), "M", "35238", "RENNES"),
    "Son fils, mineur : asthme, un poignet cassé.",
    "Her son, a minor: asthma, a broken wrist.",
    "Planche-a-voile-2011",
    "VWXBLCWNAXTLSPH2PY65CUKBFGES42WN",
)
YOUSSEF = _cast(
    _person("youssef", "167021305599409", "BENALI", "YOUSSEF", date(1967, 2, 11), "M", "13055", "MARSEILLE"),
    "Un voisin : le cœur, depuis un séjour à l’hôpital.",
    "A neighbour: his heart, since a stay in hospital.",
    "Le-vieux-port-1967",
    "XYV4QB33BPFG44WC5Y4VNSS7VDHQFKW2",
)
JEANNE = _cast(
    _person("jeanne", "239092901999553", "KERVELLA", "JEANNE LOUISE", date(1939, 9, 30), "F", "29019", "BREST"),
    "Une voisine âgée : insuffisance cardiaque, une chute.",
    "An elderly neighbour: heart failure, a fall.",
    "Tempete-sur-le-phare-39",
    "4AX3XHUADXVIPFA2CYSNIPO5CYGU7AB5",
)
INES = _cast(
    _person("ines", "295074410999688", "MOREAU", "INÈS CLAIRE", date(1995, 7, 4), "F", "44109", "NANTES"),
    "Une voisine : une grossesse et une naissance.",
    "A neighbour: a pregnancy and a birth.",
    "Un-elephant-a-Nantes-95",
    "YRMGVL2OCDZDRRZKBAYLITVJ5M5UICQF",
)
ANGE = _cast(
    _person("ange", "161062A00499783", "PAOLI", "ANGE FRANÇOIS", date(1961, 6, 2), "M", "2A004", "AJACCIO"),
    "Un voisin né en Corse : les bronches, l’arrêt du tabac.",
    "A neighbour born in Corsica: his lungs, giving up tobacco.",
    "Maquis-et-chataignes-61",
    "XMGTK5BH6DQXEEOSGSH5GFOLXULEB6LB",
)
LINH = _cast(
    _person("linh", "274019924399873", "NGUYEN", "LINH", date(1974, 1, 26), "F", "99243", "HO CHI MINH-VILLE"),
    "Une voisine née au Vietnam : un dépistage, une attente, un soulagement.",
    "A neighbour born in Vietnam: a screening, a wait, a relief.",
    "Le-fleuve-et-le-lotus-74",
    "FMYQZFZKGLKGQIZ3AUE7VJICHXPE3GH6",
)
NOEMIE = _cast(
    _person("noemie", "290068715499142", "CARADEC", "NOÉMIE", date(1990, 6, 18), "F", "87154", "SAINT-JUNIEN"),
    "Une conseillère numérique : elle aide, avec son propre compte, qui lui donne un code.",
    "A digital adviser: with her own account she helps whoever gives her a code.",
    "Les-gants-de-Saint-Junien-90",
    "QK5T7ZC3VWJ2NHYE6MXGD4RBULPAOSIF",
)

CAST: tuple[Person, ...] = (CAMILLE, MONIQUE, LEO, YOUSSEF, JEANNE, INES, ANGE, LINH, NOEMIE)

NEIGHBOURS: tuple[Person, ...] = (
    _person("alain", "149042923299134", "GUILLOU", "ALAIN PIERRE", date(1949, 4, 12), "M", "29232", "QUIMPER"),
    _person("brigitte", "257122227899280", "TANGUY", "BRIGITTE", date(1957, 12, 3), "F", "22278", "SAINT-BRIEUC"),
    _person("cedric", "179083528899382", "LAMBERT", "CÉDRIC", date(1979, 8, 19), "M", "35288", "SAINT-MALO"),
    _person("denise", "244025012999401", "ROUSSEL", "DENISE ODETTE", date(1944, 2, 27), "F", "50129", "CHERBOURG"),
    _person("elias", "116103523899543", "HADJI", "ELIAS", date(2016, 10, 5), "M", "35238", "RENNES"),
    _person("fatou", "288039306699643", "DIALLO", "FATOU BINTA", date(1988, 3, 14), "F", "93066", "SAINT-DENIS"),
    _person("gael", "191052915199728", "PRIGENT", "GAËL", date(1991, 5, 30), "M", "29151", "MORLAIX"),
    _person("helene", "269094900799849", "COLIN", "HÉLÈNE", date(1969, 9, 9), "F", "49007", "ANGERS"),
    _person("ibrahim", "184119932699918", "KONÉ", "IBRAHIM", date(1984, 11, 21), "M", "99326", "ABIDJAN"),
    _person("julien", "186017218199194", "BERTHELOT", "JULIEN MARC", date(1986, 1, 17), "M", "72181", "LE MANS"),
    _person("karine", "276065612199232", "OLLIVIER", "KARINE", date(1976, 6, 25), "F", "56121", "LORIENT"),
    _person("lucas", "103047511299385", "FERREIRA", "LUCAS", date(2003, 4, 2), "M", "75112", "PARIS"),
    _person("maelle", "219073523899490", "BRIAND", "MAËLLE", date(2019, 7, 15), "F", "35238", "RENNES"),
    _person("nadia", "271106912399524", "CHERKAOUI", "NADIA", date(1971, 10, 28), "F", "69123", "LYON"),
    _person("olivier", "164033726199635", "RENAULT", "OLIVIER", date(1964, 3, 6), "M", "37261", "TOURS"),
    _person("pauline", "298127654099797", "DUVAL", "PAULINE", date(1998, 12, 11), "F", "76540", "ROUEN"),
    _person("quentin", "194082901999808", "LE ROUX", "QUENTIN", date(1994, 8, 8), "M", "29019", "BREST"),
    _person("rosa", "251059913999918", "MARTINS", "ROSA", date(1951, 5, 20), "F", "99139", "PORTO"),
    _person("simon", "108025935099186", "VASSEUR", "SIMON", date(2008, 2, 13), "M", "59350", "LILLE"),
    _person("therese", "236115603499226", "MAHÉ", "THÉRÈSE", date(1936, 11, 1), "F", "56034", "CARNAC"),
)

PEOPLE: tuple[Person, ...] = CAST + NEIGHBOURS
_BY_SLUG: Mapping[str, Person] = {someone.slug: someone for someone in PEOPLE}


def person(slug: str) -> Person:
    """Somebody of the demonstration; KeyError for another name."""
    return _BY_SLUG[slug]
