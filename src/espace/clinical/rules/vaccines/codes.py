"""What a vaccine protects against, from its class (ATC), its name, or the diseases that its entry names.

Classes: WHO Collaborating Centre, ATC index 2025 (J07 vaccines, J06BD antiviral antibodies). Names: vaccines that are
or were sold in France. Whatever is not in these tables is listed as it is written, and counts for nothing.
"""

import re
from collections.abc import Iterator

from espace.clinical.facts import Detail, Fact
from espace.clinical.rules.vaccines.values import Disease as D
from espace.kernel.folding import folded
from espace.wire.clinical_statements.values import Concept

ATC = "2.16.840.1.113883.6.73"
_DTP = (D.DIPHTHERIA, D.TETANUS, D.POLIO)
_MMR = (D.MEASLES, D.MUMPS, D.RUBELLA)

CLASSES: dict[str, tuple[D, ...]] = {
    "J06BD01": (D.RSV,), "J06BD08": (D.RSV,), "J06BD09": (D.RSV,),
    "J07AE": (D.CHOLERA,), "J07AF": (D.DIPHTHERIA,), "J07AG": (D.HIB,), "J07AG51": (D.HIB, *_DTP[:2], D.PERTUSSIS),
    "J07AG52": (D.HIB, *_DTP, D.PERTUSSIS), "J07AG53": (D.HIB, D.MENINGOCOCCUS_C), "J07AG54": (D.HIB, D.HEPATITIS_B),
    "J07AH04": (D.MENINGOCOCCUS_ACWY,), "J07AH06": (D.MENINGOCOCCUS_B,), "J07AH07": (D.MENINGOCOCCUS_C,),
    "J07AH08": (D.MENINGOCOCCUS_ACWY,), "J07AH09": (D.MENINGOCOCCUS_B,),
    "J07AJ": (D.PERTUSSIS,), "J07AJ51": (D.PERTUSSIS, *_DTP[:2]), "J07AJ52": (D.PERTUSSIS, *_DTP[:2]),
    "J07AL": (D.PNEUMOCOCCUS,), "J07AM": (D.TETANUS,), "J07AM51": (D.TETANUS, D.DIPHTHERIA),
    "J07AN": (D.TUBERCULOSIS,), "J07AP": (D.TYPHOID,), "J07BA01": (D.TICK_ENCEPHALITIS,),
    "J07BA02": (D.JAPANESE_ENCEPHALITIS,), "J07BA03": (D.JAPANESE_ENCEPHALITIS,), "J07BB": (D.FLU,),
    "J07BC01": (D.HEPATITIS_B,), "J07BC02": (D.HEPATITIS_A,), "J07BC20": (D.HEPATITIS_A, D.HEPATITIS_B),
    "J07BD01": (D.MEASLES,), "J07BD51": (D.MEASLES, D.MUMPS), "J07BD52": _MMR, "J07BD53": (D.MEASLES, D.RUBELLA),
    "J07BD54": (*_MMR, D.VARICELLA), "J07BE": (D.MUMPS,), "J07BF": (D.POLIO,), "J07BG": (D.RABIES,),
    "J07BH": (D.ROTAVIRUS,), "J07BJ": (D.RUBELLA,), "J07BJ51": (D.RUBELLA, D.MUMPS), "J07BK01": (D.VARICELLA,),
    "J07BK02": (D.SHINGLES,), "J07BK03": (D.SHINGLES,), "J07BL": (D.YELLOW_FEVER,), "J07BM": (D.HPV,),
    "J07BN": (D.COVID,), "J07BX01": (D.SMALLPOX,), "J07BX03": (D.COVID,), "J07BX04": (D.DENGUE,),
    "J07BX05": (D.RSV,), "J07CA01": _DTP, "J07CA02": (*_DTP, D.PERTUSSIS),
    "J07CA03": (D.DIPHTHERIA, D.RUBELLA, D.TETANUS),
    "J07CA05": (*_DTP[:2], D.PERTUSSIS, D.HEPATITIS_B), "J07CA06": (*_DTP, D.PERTUSSIS, D.HIB),
    "J07CA07": (*_DTP[:2], D.HEPATITIS_B), "J07CA08": (D.HIB, D.MENINGOCOCCUS_C),
    "J07CA09": (*_DTP, D.PERTUSSIS, D.HIB, D.HEPATITIS_B), "J07CA10": (D.TYPHOID, D.HEPATITIS_A),
    "J07CA11": (*_DTP[:2], D.PERTUSSIS, D.HIB, D.HEPATITIS_B), "J07CA12": (*_DTP, D.PERTUSSIS, D.HEPATITIS_B),
}  # fmt: skip
"""ATC class → diseases; the longest class that a code begins with decides."""

NAMES: dict[str, tuple[D, ...]] = {
    **dict.fromkeys(("infanrix hexa", "infanrixhexa", "hexyon", "hexacima", "vaxelis"), CLASSES["J07CA09"]),
    **dict.fromkeys(("infanrixquinta", "infanrix quinta", "pentavac", "pentacoq"), CLASSES["J07CA06"]),
    **dict.fromkeys(
        ("infanrixtetra", "infanrix tetra", "tetravac", "repevax", "boostrixtetra", "boostrix tetra", "tetracoq"),
        CLASSES["J07CA02"],
    ),
    **dict.fromkeys(("revaxis", "dtpolio", "dt polio", "dt-polio", "dtp"), _DTP),
    **dict.fromkeys(("dtcap", "dtcapolio", "dtcp", "tetracoque"), CLASSES["J07CA02"]),
    **dict.fromkeys(("prevenar", "vaxneuvance", "capvaxive", "pneumovax", "pneumo 23", "synflorix"), (D.PNEUMOCOCCUS,)),
    **dict.fromkeys(("bexsero", "trumenba"), (D.MENINGOCOCCUS_B,)),
    **dict.fromkeys(("nimenrix", "menquadfi", "menveo", "mencevax"), (D.MENINGOCOCCUS_ACWY,)),
    **dict.fromkeys(("neisvac", "menjugate", "menjugatekit", "meningitec"), (D.MENINGOCOCCUS_C,)),
    **dict.fromkeys(("priorix", "m-m-rvaxpro", "mmrvaxpro", "ror"), _MMR),
    "proquad": CLASSES["J07BD54"], "priorix tetra": CLASSES["J07BD54"], "rouvax": (D.MEASLES,), "rudivax": (D.RUBELLA,),
    **dict.fromkeys(("gardasil", "cervarix", "hpv"), (D.HPV,)),
    **dict.fromkeys(("rotarix", "rotateq"), (D.ROTAVIRUS,)),
    **dict.fromkeys(
        ("vaxigrip", "vaxigriptetra", "influvac", "fluarix", "fluarixtetra", "fluenz", "efluelda", "fluad", "flucelvax",
         "immugrip", "agrippal", "previgrip"), (D.FLU,),
    ),
    **dict.fromkeys(
        ("comirnaty", "spikevax", "nuvaxovid", "vaxzevria", "jcovden", "bimervax", "vidprevtyn", "mnexspike"),
        (D.COVID,),
    ),
    **dict.fromkeys(("shingrix", "zostavax"), (D.SHINGLES,)),
    **dict.fromkeys(("abrysvo", "arexvy", "mresvia", "beyfortus", "synagis"), (D.RSV,)),
    **dict.fromkeys(("qdenga", "dengvaxia"), (D.DENGUE,)),
    **dict.fromkeys(("engerix", "genhevac", "hbvaxpro", "fendrix", "heplisav", "prehevbri"), (D.HEPATITIS_B,)),
    **dict.fromkeys(("havrix", "avaxim", "vaqta"), (D.HEPATITIS_A,)),
    "twinrix": CLASSES["J07BC20"], "tyavax": CLASSES["J07CA10"], "typhim": (D.TYPHOID,), "typherix": (D.TYPHOID,),
    **dict.fromkeys(("varivax", "varilrix"), (D.VARICELLA,)),
    **dict.fromkeys(("bcg", "tubertest bcg"), (D.TUBERCULOSIS,)),
    "imovax polio": (D.POLIO,), "stamaril": (D.YELLOW_FEVER,), "act-hib": (D.HIB,),
    "ixiaro": (D.JAPANESE_ENCEPHALITIS,),
    "ticovac": (D.TICK_ENCEPHALITIS,), "encepur": (D.TICK_ENCEPHALITIS,), "rabipur": (D.RABIES,),
    "vaccin rabique": (D.RABIES,), "imvanex": (D.SMALLPOX,), "jynneos": (D.SMALLPOX,), "dukoral": (D.CHOLERA,),
    "vaxchora": (D.CHOLERA,), "ixchiq": (D.CHIKUNGUNYA,), "vimkunya": (D.CHIKUNGUNYA,),
}  # fmt: skip
"""Names of vaccines, folded, as whole words."""

WORDS: tuple[tuple[str, tuple[D, ...]], ...] = (
    (r"diphteri\w*|dipht?erie", (D.DIPHTHERIA,)),
    (r"(?:anti)?tetan\w*", (D.TETANUS,)),
    (r"(?:anti)?poli?o\w*", (D.POLIO,)),
    (r"(?:anti)?coquelu\w*|pertussis", (D.PERTUSSIS,)),
    (r"haemophilus\w*|hib", (D.HIB,)),
    (r"hepatite b|hepatitis b", (D.HEPATITIS_B,)),
    (r"hepatite a|hepatitis a", (D.HEPATITIS_A,)),
    (r"(?:anti)?pneumoco\w*", (D.PNEUMOCOCCUS,)),
    (r"mening\w* (?:de groupe |du groupe |groupe |serogroupe )?b", (D.MENINGOCOCCUS_B,)),
    (r"mening\w* (?:de groupe |du groupe |groupe |serogroupe )?c", (D.MENINGOCOCCUS_C,)),
    (r"mening\w* (?:de groupes? |des groupes |groupes? |serogroupes )?a ?,? ?c ?,? ?w\w* ?,?(?: et)? ?y",
     (D.MENINGOCOCCUS_ACWY,)),
    (r"rougeole\w*|measles", (D.MEASLES,)),
    (r"oreillons|mumps|ourlien\w*", (D.MUMPS,)),
    (r"rubeol\w*|rubella", (D.RUBELLA,)),
    (r"rotavirus", (D.ROTAVIRUS,)),
    (r"papill?omavirus\w*", (D.HPV,)),
    (r"(?:anti)?grippe|(?:anti)?gripp(?:al|aux)\w*|influenza", (D.FLU,)),
    (r"covid\w*|sars cov 2", (D.COVID,)),
    (r"zona|shingles", (D.SHINGLES,)),
    (r"virus respiratoire syncytial|vrs", (D.RSV,)),
    (r"(?:anti)?tubercul\w*", (D.TUBERCULOSIS,)),
    (r"fievre jaune|yellow fever|(?:anti)?amarile?", (D.YELLOW_FEVER,)),
    (r"dengue", (D.DENGUE,)),
    (r"varicelle", (D.VARICELLA,)),
    (r"(?:anti)?typhoid\w*", (D.TYPHOID,)),
    (r"rage|(?:anti)?rabique", (D.RABIES,)),
    (r"chikungunya", (D.CHIKUNGUNYA,)),
    (r"variole", (D.SMALLPOX,)),
    (r"cholera", (D.CHOLERA,)),
    (r"encephalite a tiques", (D.TICK_ENCEPHALITIS,)),
    (r"encephalite japonaise", (D.JAPANESE_ENCEPHALITIS,)),
)  # fmt: skip
"""Diseases as vaccines and entries name them, folded. « Haemophilus influenzae » is no flu (`_protected`)."""

_NAMED = [(name, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), found) for name, found in NAMES.items()]
_WORDED = [(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), found) for pattern, found in WORDS]


def diseases_of(fact: Fact) -> frozenset[D]:
    """What this vaccination protects against; empty where no table knows it. The class is believed before the diseases
    that the entry names, these before the name of the vaccine, and that before other words."""
    classes = [_of_class(code) for one in _concepts(fact) for code in _classes(one)]
    for found in (
        frozenset(one for some in classes for one in some),
        _protected(_all_words(fact.details.get(Detail.TARGET, ()))),
        _named(words_of(fact)),
        _protected(words_of(fact)),
    ):
        if found:
            return found
    return frozenset()


def words_of(fact: Fact) -> str:
    """Everything that names the vaccine, folded, its codes too."""
    return _all_words(_concepts(fact))


def _concepts(fact: Fact) -> tuple[Concept, ...]:
    return (fact.what, *fact.details.get(Detail.SUBSTANCE, ()))


def _classes(concept: Concept) -> Iterator[str]:
    if concept.system == ATC:
        yield concept.code
    yield from (other.code for other in concept.others if other.system == ATC)


def _of_class(code: str) -> tuple[D, ...]:
    known = (CLASSES.get(code[:length]) for length in range(len(code), 4, -1))
    return next((found for found in known if found), ())


def _all_words(concepts: tuple[Concept, ...]) -> str:
    said = [(one.display, one.words, one.code) for one in concepts]
    said += [(other.display, "", other.code) for one in concepts for other in one.others]
    return " ".join(folded(word) for words in said for word in words if word)


def _named(words: str) -> frozenset[D]:
    found = [some for name, pattern, some in _NAMED if name in words and pattern.search(words)]
    return frozenset(one for some in found for one in some)


def _protected(words: str) -> frozenset[D]:
    plain = words.replace("haemophilus influenzae", "haemophilus")
    return frozenset(one for pattern, some in _WORDED if pattern.search(plain) for one in some)
