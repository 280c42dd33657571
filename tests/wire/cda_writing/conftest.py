"""A doctor, a patient, a visit: values that every test of the writer starts from."""

from datetime import date, datetime, timedelta, timezone

import pytest

from espace.wire.cda_writing import INS_TEST, Address, Frame, Organisation, Patient, Professional
from espace.wire.nomenclature import FACILITY_TYPES, PRACTICE_SETTINGS, SPECIALTIES

ADDRESS = Address("27", "rue du Canal-Vert", "35000", "RENNES")
PARIS = timezone(timedelta(hours=1))


@pytest.fixture
def doctor() -> Professional:
    practice = Organisation(
        "1990000044",
        "Maison de santé du Canal",
        ADDRESS,
        "0299000004",
        FACILITY_TYPES["SA08"],
        PRACTICE_SETTINGS["AMBULATOIRE"],
    )
    return Professional("810999000010", "MORVAN", "Hélène", "MME", "DR", SPECIALTIES["G15_10/SM54"], practice)


@pytest.fixture
def patient() -> Patient:
    return Patient(
        ins="282053523899178",
        authority=INS_TEST,
        birth_name="MARCHAND",
        given_names=("CAMILLE", "ANNE"),
        birth_date=date(1982, 5, 17),
        sex="F",
        birth_place="35238",
        birth_city="RENNES",
        address=ADDRESS,
        phone="0699000000",
        local=("2.25.7500.4.1", "000123"),
    )


@pytest.fixture
def frame(doctor: Professional, patient: Patient) -> Frame:
    return Frame(
        id="2.25.7500.4.20250304.1",
        set_id="2.25.7500.4.20250304.1.0",
        version=1,
        written=datetime(2025, 3, 4, 10, 30, tzinfo=PARIS),
        patient=patient,
        author=doctor,
        performer=doctor,
        began=datetime(2025, 3, 4, 10, 0, tzinfo=PARIS),
        ended=datetime(2025, 3, 4, 10, 20, tzinfo=PARIS),
    )
