"""Who looks after somebody: the professionals near them, by what they do."""

from dataclasses import dataclass

from espace.wire.cda_writing import Professional


@dataclass(frozen=True, slots=True)
class Team:
    """The professionals of one neighbourhood; `attending` is the attending doctor."""

    attending: Professional
    partner: Professional
    nurse: Professional
    physiotherapist: Professional
    speech_therapist: Professional
    pharmacist: Professional
    biologist: Professional
    radiologist: Professional
    screener: Professional
    midwife: Professional
    dentist: Professional
    home_doctor: Professional
    home_nurse: Professional
    birth_midwife: Professional
    obstetrician: Professional
    paediatrician: Professional
    emergency: Professional
    cardiologist: Professional
    lung_doctor: Professional
    diabetologist: Professional
    dietitian: Professional
    gastroenterologist: Professional
    urologist: Professional
    neurologist: Professional
    rheumatologist: Professional
    dermatologist: Professional
    ophthalmologist: Professional
    throat_doctor: Professional
    psychiatrist: Professional
    geriatrician: Professional
    oncologist: Professional
    radiotherapist: Professional
    pathologist: Professional
    anaesthetist: Professional
    bone_surgeon: Professional
    surgeon: Professional
