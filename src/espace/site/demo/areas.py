"""The neighbourhoods of the demonstration: their structures, their professionals, and the teams that they make.

Rennes has the cast's own and a few more; Nantes, Lyon and Lille have all of theirs here. All invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.kernel.values import replace
from espace.site.demo import structures as cast
from espace.site.demo.making import Structure, made_professional, made_structure
from espace.site.demo.team import Team
from espace.wire.cda_writing import Address, Professional


@dataclass(frozen=True, slots=True)
class Area:
    """A neighbourhood: `towns` are the postcodes and cities where its people live."""

    slug: str
    city: str
    region: str
    towns: tuple[tuple[str, str], ...]
    structures: Mapping[str, Structure]
    teams: tuple[Team, ...]

    @property
    def departements(self) -> frozenset[str]:
        return frozenset(postcode[:2] for postcode, _city in self.towns)


_PLACES = {
    "hospital": ("SA01", "ETABLISSEMENT"),
    "laboratory": ("SA25", "AMBULATOIRE"),
    "pharmacy": ("SA33", "AMBULATOIRE"),
    "practice": ("SA52", "AMBULATOIRE"),
    "solo": ("SA07", "AMBULATOIRE"),
    "imaging": ("SA08", "AMBULATOIRE"),
    "screening": ("SA54", "DEPISTAGE"),
    "home": ("SA17", "ESSMS"),
    "midwives": ("SA08", "AMBULATOIRE"),
    "dentist": ("SA07", "AMBULATOIRE"),
}
"""Kind of place → sector (J02), setting (J04)."""

_ROLES: Mapping[str, tuple[str, str]] = {
    "attending": ("G15_10/SM54", "practice"),
    "partner": ("G15_10/SM54", "practice"),
    "solo": ("G15_10/SM54", "solo"),
    "nurse": ("G15_60", "practice"),
    "physiotherapist": ("G15_70", "practice"),
    "speech_therapist": ("G15_91", "practice"),
    "pharmacist": ("G15_21/A", "pharmacy"),
    "biologist": ("G15_10/SM03", "laboratory"),
    "radiologist": ("G15_10/SM44", "imaging"),
    "screener": ("G15_10/SM49", "screening"),
    "midwife": ("G15_50", "midwives"),
    "dentist": ("G15_40", "dentist"),
    "home_doctor": ("G15_10/SM54", "home"),
    "home_nurse": ("G15_60", "home"),
    "birth_midwife": ("G15_50", "hospital"),
    "obstetrician": ("G15_10/SM20", "hospital"),
    "paediatrician": ("G15_10/SM40", "hospital"),
    "emergency": ("G15_10/SM59", "hospital"),
    "cardiologist": ("G15_10/SM04", "hospital"),
    "lung_doctor": ("G15_10/SM41", "hospital"),
    "diabetologist": ("G15_10/SM62", "hospital"),
    "dietitian": ("G15_95", "hospital"),
    "gastroenterologist": ("G15_10/SM24", "hospital"),
    "urologist": ("G15_10/SM12", "hospital"),
    "neurologist": ("G15_10/SM32", "hospital"),
    "rheumatologist": ("G15_10/SM48", "hospital"),
    "dermatologist": ("G15_10/SM15", "hospital"),
    "ophthalmologist": ("G15_10/SM38", "hospital"),
    "throat_doctor": ("G15_10/SM39", "hospital"),
    "psychiatrist": ("G15_10/SM42", "hospital"),
    "geriatrician": ("G15_10/SM18", "hospital"),
    "oncologist": ("G15_10/SM36", "hospital"),
    "radiotherapist": ("G15_10/SM45", "hospital"),
    "pathologist": ("G15_10/SM01", "hospital"),
    "anaesthetist": ("G15_10/SM02", "hospital"),
    "bone_surgeon": ("G15_10/SM08", "hospital"),
    "surgeon": ("G15_10/SM14", "hospital"),
}
"""What they do → specialty (J01), kind of place."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WOMEN = _words(
    "Agathe Aline Bénédicte Blandine Capucine Céline Clémence Delphine Edwige Éléonore Élise Estelle Fanny Flore "
    "Garance Gwenaëlle Hanna Hortense Ingrid Jasmine Judith Leïla Lucile Mathilde Mireille Naïma Noémie Ondine "
    "Perrine Rachida Rozenn Salomé Sandrine Solveig Sylvie Tiphaine Valentine Viviane Yasmina Zélie"
)
_MEN = _words(
    "Adrien Amaury Aymeric Bastien Benoît Corentin Cyrille Damien Didier Étienne Fabien Florent Gaspard Geoffroy "
    "Grégoire Guilhem Hakim Hubert Ismaël Jérôme Kévin Laurent Loïc Malo Mehdi Nicolas Octave Pascal Philibert "
    "Raphaël Régis Rémi Samuel Sofiane Sylvain Tanguy Thierry Ulysse Vincent Xavier"
)
_FAMILIES = _words(
    "ABGRALL ALLARD AMRANI ANDRIEU ARNOUX BARBIER BASTIDE BELKACEM BERNIER BESNARD BLONDEL BOSSARD BOUCHET BRETON "
    "BRIAND CADIOU CARPENTIER CHAUVIN CHEVALIER CISSÉ COSTE COURTOIS DELATTRE DELMAS DESCHAMPS DIALLO DUFOUR DUMONT "
    "DURIEUX ESTEVE FABRE FAVRE FERRY FONTAINE FOURNIER GACHET GARNIER GAUDIN GHERBI GIRAUD GODARD GRANGER GUÉRIN "
    "GUYOT HAMEL HERBERT HOARAU HUMBERT ILIESCU JACOB JAOUEN JOLIVET JOUBERT KACI KERGOAT LACROIX LAGARDE LAMBERT "
    "LANGLOIS LAURENT LEBLANC LECLERCQ LEDOUX LEGRAND LEROUX LHERMITTE MAILLARD MALLET MARCHAL MARECHAL MASSON "
    "MERCIER MILLOT MONNIER MORIN MOULIN NAVARRO NGUYEN NICOLAS OLIVIER OUEDRAOGO PARMENTIER PASQUIER PELLETIER "
    "PERRIN PICARD PINEAU POIRIER POULAIN PRIEUR RAULT REBOUL RENARD RIVIÈRE ROCHE ROLLAND ROUSSET SALAÜN SAUNIER "
    "SCHMITT SEGUIN SERRES TANGUY TESSIER THIBAULT TRAORÉ URVOY VALLET VERDIER VIGNERON VIDAL WEBER YVON ZIANI"
)
_STREETS = {
    "hospital": "boulevard des Grands-Ormes",
    "laboratory": "place du Vieux-Marché",
    "pharmacy": "rue de la Fontaine-Claire",
    "practice": "rue du Moulin-Neuf",
    "solo": "allée des Acacias",
    "imaging": "avenue des Lilas",
    "screening": "rue des Trois-Fontaines",
    "home": "chemin des Hortensias",
    "midwives": "rue des Cerisiers",
    "dentist": "place des Platanes",
}
_RENNES = {
    "home": "Résidence Les Camélias",
    "midwives": "Cabinet de sages-femmes des Cerisiers",
    "dentist": "Cabinet dentaire du Thabor-Vert",
}
_NANTES = {
    "hospital": "Centre hospitalier de l’Estuaire",
    "laboratory": "Laboratoire des Salorges-Bleues",
    "pharmacy": "Pharmacie des Voyageurs",
    "practice": "Maison de santé des Deux-Îles",
    "solo": "Cabinet médical des Acacias",
    "imaging": "Imagerie médicale du Fleuve",
    "screening": "Centre de dépistage de l’Ouest",
    "home": "Résidence Les Magnolias",
    "midwives": "Sages-femmes de l’Île-Claire",
    "dentist": "Cabinet dentaire des Platanes",
}
_LYON = {
    "hospital": "Hôpital des Trois-Collines",
    "laboratory": "Laboratoire des Tisserands",
    "pharmacy": "Pharmacie de la Passerelle",
    "practice": "Maison de santé de la Croix-Verte",
    "solo": "Cabinet médical du Belvédère",
    "imaging": "Imagerie des Deux-Fleuves",
    "screening": "Centre de dépistage des Collines",
    "home": "Résidence Les Glycines",
    "midwives": "Maison des sages-femmes du Parc",
    "dentist": "Cabinet dentaire de la Soierie",
}
_LILLE = {
    "hospital": "Centre hospitalier du Beffroi",
    "laboratory": "Laboratoire du Carillon",
    "pharmacy": "Pharmacie des Géants",
    "practice": "Maison de santé des Filatures",
    "solo": "Cabinet médical du Canal",
    "imaging": "Imagerie des Briques-Rouges",
    "screening": "Centre de dépistage du Nord",
    "home": "Résidence Les Coquelicots",
    "midwives": "Sages-femmes de la Citadelle-Verte",
    "dentist": "Cabinet dentaire des Remparts",
}
_CAST_PLACES = {
    "hospital": cast.HOSPITAL,
    "laboratory": cast.LABORATORY,
    "pharmacy": cast.PHARMACY,
    "practice": cast.PRACTICE,
    "imaging": cast.IMAGING,
    "screening": cast.SCREENING,
    "solo": cast.OTHER_PRACTICE,
}
_CAST_PEOPLE = {
    "attending": cast.ATTENDING,
    "solo": cast.STRANGER,
    "nurse": cast.NURSE,
    "physiotherapist": cast.PHYSIOTHERAPIST,
    "pharmacist": cast.PHARMACIST,
    "biologist": cast.BIOLOGIST,
    "radiologist": cast.RADIOLOGIST,
    "screener": cast.SCREENER,
    "birth_midwife": cast.MIDWIFE,
    "paediatrician": cast.PAEDIATRICIAN,
    "emergency": cast.EMERGENCY,
    "cardiologist": cast.CARDIOLOGIST,
    "lung_doctor": cast.LUNG_DOCTOR,
    "diabetologist": cast.DIABETOLOGIST,
    "ophthalmologist": cast.OPHTHALMOLOGIST,
    "psychiatrist": cast.PSYCHIATRIST,
    "geriatrician": cast.GERIATRICIAN,
    "pathologist": cast.PATHOLOGIST,
    "anaesthetist": cast.ANAESTHETIST,
    "bone_surgeon": cast.SURGEON,
}


def _places(
    first: int, names: Mapping[str, str], slug: str, address: tuple[str, str], region: str, phone: str
) -> dict[str, Structure]:
    """The structures of an area, whose ranks follow `first`; `address` is the postcode and the city."""
    made = {}
    for rank, (kind, name) in enumerate(names.items(), first):
        where = Address(str(rank % 40 + 1), _STREETS[kind], *address)
        sector, setting = _PLACES[kind]
        made[kind] = made_structure(
            rank, f"{kind}-{slug}", name, where, sector, setting, region=region, phone=f"{phone}{rank:02d}"
        )
    return made


def _people(first: int, places: Mapping[str, Structure], known: Mapping[str, Professional]) -> dict[str, Professional]:
    """Who works there, by role: those `known`, and somebody new for every other role, ranked from `first` on."""
    found = dict(known)
    for rank, (role, (specialty, kind)) in enumerate(_ROLES.items(), first):
        if role not in found:
            found[role] = made_professional(rank, _name(rank), specialty, places[kind])
    return found


def _name(rank: int) -> tuple[str, str, str]:
    woman = rank * 7 % 12 < 7
    given = _WOMEN if woman else _MEN
    return "MME" if woman else "M", given[rank * 11 % len(given)], _FAMILIES[rank * 17 % len(_FAMILIES)]


def _teams(people: dict[str, Professional]) -> tuple[Team, ...]:
    """The same people around each of the three attending doctors of the area."""
    solo = people.pop("solo")
    first = Team(**people)
    return first, replace(first, attending=first.partner, partner=first.attending), replace(first, attending=solo)


def _area(
    slug: str,
    region: str,
    phone: str,
    first: int,
    towns: tuple[tuple[str, str], ...],
    names: Mapping[str, str],
    known: tuple[Mapping[str, Structure], Mapping[str, Professional]] = ({}, {}),
) -> Area:
    places = dict(known[0]) | _places(first, names, slug, towns[0], region, phone)
    people = _people(first * 10, places, known[1])
    return Area(slug, towns[0][1], region, towns, places, _teams(people))


AREAS: tuple[Area, ...] = (
    _area(
        "rennes", "53", "02619100", 11,
        (("35000", "RENNES"), ("35400", "SAINT-MALO"), ("22000", "SAINT-BRIEUC"), ("56000", "VANNES")),
        _RENNES, (_CAST_PLACES, _CAST_PEOPLE),
    ),
    _area(
        "nantes", "52", "02619101", 21,
        (("44000", "NANTES"), ("44600", "SAINT-NAZAIRE"), ("49000", "ANGERS"), ("85000", "LA ROCHE-SUR-YON")),
        _NANTES,
    ),
    _area(
        "lyon", "84", "04657100", 31,
        (("69003", "LYON"), ("69100", "VILLEURBANNE"), ("38200", "VIENNE"), ("42000", "SAINT-ÉTIENNE")),
        _LYON,
    ),
    _area(
        "lille", "32", "03530100", 41,
        (("59000", "LILLE"), ("59100", "ROUBAIX"), ("62000", "ARRAS"), ("80000", "AMIENS")),
        _LILLE,
    ),
)  # fmt: skip

CAST_TEAM: Team = AREAS[0].teams[0]
"""Those who look after the cast."""


def _everybody() -> tuple[Professional, ...]:
    found = {who.id: who for who in cast.PROFESSIONALS}
    for area in AREAS:
        for team in area.teams:
            found |= {who.id: who for who in (getattr(team, role) for role in Team.__dataclass_fields__)}
    return tuple(found.values())


STRUCTURES: tuple[Structure, ...] = tuple(
    {one.slug: one for area in AREAS for one in (*cast.STRUCTURES, *area.structures.values())}.values()
)
PROFESSIONALS: tuple[Professional, ...] = _everybody()
_OF: Mapping[str, Structure] = {one.organisation.id: one for one in STRUCTURES}


def structure_of(professional: Professional) -> Structure:
    """Where they work. KeyError for somebody of elsewhere."""
    return _OF[professional.organisation.id]
