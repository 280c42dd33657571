"""Writing clinical documents (CDA R2, CI-SIS): values in, bytes out, the same bytes for the same values.

Level 3 for seven models (biology, imaging, prescription, dispensation, medical summary, discharge letter, vaccination
note and history), level 1 for any type around a PDF, rich text or plain text. Documents made here are for the
demonstration, the tests and what the platform itself writes; they are never a copy of anybody's file.
"""

from espace.wire.cda_writing.entries.conditions import (
    DRUG_ALLERGY,
    FOOD_ALLERGY,
    LEFT,
    RIGHT,
    SUBSTANCE_ALLERGY,
    Allergy,
    Problem,
    Procedure,
)
from espace.wire.cda_writing.entries.measures import Measure
from espace.wire.cda_writing.entries.medicines import (
    CUTANEOUS,
    INHALED,
    INTRAMUSCULAR,
    ORAL,
    SUBCUTANEOUS,
    Medicine,
)
from espace.wire.cda_writing.entries.told import (
    ARTIFICIAL_LENS,
    CORONARY_STENT,
    DAILY_SMOKER,
    FATHER,
    FORMER_SMOKER,
    HIP_PROSTHESIS,
    KNEE_PROSTHESIS,
    MATERNAL_AUNT,
    MATERNAL_GRANDMOTHER,
    MOTHER,
    NEVER_SMOKED,
    Ancestry,
    Habit,
    Implant,
    Relative,
    Smoking,
)
from espace.wire.cda_writing.entries.vaccines import Injection
from espace.wire.cda_writing.models.biology import BIOCHEMISTRY, HAEMATOLOGY, MICROBIOLOGY, Chapter, biology
from espace.wire.cda_writing.models.discharge import Stay, discharge
from espace.wire.cda_writing.models.imaging import Examination, imaging
from espace.wire.cda_writing.models.letters import embedded, pdf_letter, rtf_letter, text_letter
from espace.wire.cda_writing.models.medication import Delivery, dispensation, prescription
from espace.wire.cda_writing.models.synthesis import Chapters, Row, Summary, medical_summary, synthesis
from espace.wire.cda_writing.models.vaccination import vaccination, vaccination_history
from espace.wire.cda_writing.words import (
    INS_TEST,
    LOINC,
    SNOMED,
    Address,
    Frame,
    Organisation,
    Patient,
    Professional,
    loinc,
    snomed,
)

__all__ = [
    "ARTIFICIAL_LENS",
    "BIOCHEMISTRY",
    "CORONARY_STENT",
    "CUTANEOUS",
    "DAILY_SMOKER",
    "DRUG_ALLERGY",
    "FATHER",
    "FOOD_ALLERGY",
    "FORMER_SMOKER",
    "HAEMATOLOGY",
    "HIP_PROSTHESIS",
    "INHALED",
    "INS_TEST",
    "INTRAMUSCULAR",
    "KNEE_PROSTHESIS",
    "LEFT",
    "LOINC",
    "MATERNAL_AUNT",
    "MATERNAL_GRANDMOTHER",
    "MICROBIOLOGY",
    "MOTHER",
    "NEVER_SMOKED",
    "ORAL",
    "RIGHT",
    "SNOMED",
    "SUBCUTANEOUS",
    "SUBSTANCE_ALLERGY",
    "Address",
    "Allergy",
    "Ancestry",
    "Chapter",
    "Chapters",
    "Delivery",
    "Examination",
    "Frame",
    "Habit",
    "Implant",
    "Injection",
    "Measure",
    "Medicine",
    "Organisation",
    "Patient",
    "Problem",
    "Procedure",
    "Professional",
    "Relative",
    "Row",
    "Smoking",
    "Stay",
    "Summary",
    "biology",
    "discharge",
    "dispensation",
    "embedded",
    "imaging",
    "loinc",
    "medical_summary",
    "pdf_letter",
    "prescription",
    "rtf_letter",
    "snomed",
    "synthesis",
    "text_letter",
    "vaccination",
    "vaccination_history",
]
