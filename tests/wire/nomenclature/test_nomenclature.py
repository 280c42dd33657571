"""The tables say what the published lists say, and what is deduced from them is right."""

from datetime import date

import pytest

from espace.wire import nomenclature
from espace.wire.nomenclature import (
    CLASSES,
    CONFIDENTIALITY,
    FACILITY_TYPES,
    FORMATS,
    KINDS,
    PRACTICE_SETTINGS,
    ROLES,
    SPECIALTIES,
    SUBMISSION_TYPES,
    TYPES,
    VISIBILITIES,
    class_of,
    format_of,
    kind_named,
    kind_of,
    same_system,
    specialty_label,
    system_of,
    systems,
    type_in_force,
    type_label,
)

TODAY = date(2025, 3, 4)


def test_the_tables_have_the_published_sizes() -> None:
    # X04 has 130 pairs; J07 adds the implant card; TRE_A05 adds two codes that ended.
    assert len(TYPES) == 133
    assert sum(known.dmp for known in TYPES.values()) == 108
    assert len(CLASSES) == 13
    assert len(FACILITY_TYPES) == 69
    assert len(PRACTICE_SETTINGS) == 12
    assert len(SPECIALTIES) == 396
    assert len(ROLES) == 51
    assert list(CONFIDENTIALITY) == ["N", "R", "V"]
    assert len(VISIBILITIES) == 3
    assert list(SUBMISSION_TYPES) == ["03", "07", "19", "97"]


@pytest.mark.parametrize(
    ("code", "class_code"),
    [
        ("11502-2", "10"),
        ("11490-0", "10"),
        ("SYNTH", "11"),
        ("18748-4", "31"),
        ("57833-6", "42"),
        ("60593-1", "43"),
        ("PROT_ALD", "44"),
        ("80565-5", "45"),
        ("87273-9", "52"),
        ("REMB", "60"),
        ("EXPPAT_3", "90"),
        ("ATTEST-RESID", "95"),
        ("FEUILLE-DE-STYLE", "99"),
        ("E1762", "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"),
    ],
)
def test_a_type_has_its_class(code: str, class_code: str) -> None:
    assert class_of(code) == class_code


def test_what_a_patient_deposits_has_the_class_of_its_content() -> None:
    assert [class_of(f"DOCPAT0{number}") for number in range(1, 10)] == [
        "11", "42", "10", "31", "10", "10", "52", "11", "95",
    ]  # fmt: skip


def test_an_expired_type_is_in_force_until_its_last_day() -> None:
    assert type_in_force("DOCPAT10", date(2022, 6, 24)) is TYPES["DOCPAT10"]
    assert type_in_force("DOCPAT10", date(2022, 6, 25)) is None
    assert type_in_force("CONTACTS-URGENCE", TODAY) is None
    assert TYPES["CONTACTS-URGENCE"].valid_until == date(2022, 6, 24)


def test_a_type_that_the_lists_dropped_is_not_in_force_today() -> None:
    assert type_in_force("29551-9", TODAY) is None
    assert type_in_force("29551-9", date(2019, 1, 1)) is TYPES["29551-9"]


def test_a_known_type_is_in_force_and_an_unknown_one_never_is() -> None:
    known = type_in_force("11502-2", TODAY)
    assert known is not None
    assert (known.system, known.label_fr, known.dmp) == (
        "2.16.840.1.113883.6.1",
        "CR d'examens biologiques",
        True,
    )
    for code in ("", "00000-0", "11502-2 ", "DOCPAT11", "'; DROP TABLE"):
        assert type_in_force(code, TODAY) is None
        assert class_of(code) is None
        assert type_label(code) == "Document"


def test_the_implant_card_is_a_type_without_a_published_class() -> None:
    known = type_in_force("101881-1", TODAY)
    assert known is not None
    assert known.dmp
    assert class_of("101881-1") is None
    assert type_label("101881-1") == "Carte d’implant"


def test_the_shared_record_has_its_own_types() -> None:
    assert not TYPES["FEUILLE-DE-STYLE"].dmp
    assert not TYPES["DOCPAT10"].dmp
    assert TYPES["DOCPAT09"].dmp
    assert TYPES["E1762"].system == "1.2.840.10065.1.12"
    assert TYPES["IMG-KOS"].system == "1.2.250.1.213.1.1.4.12"


def test_labels_are_whole_words() -> None:
    assert type_label("11502-2") == "Compte rendu d’examens biologiques"
    assert type_label("11488-4") == "Compte rendu ou fiche de consultation ou de visite"
    assert type_label("29551-9") == "Prescription"
    assert type_label("E1762") == "Full Document"


@pytest.mark.parametrize(
    ("templates", "embedded", "expected"),
    [
        (("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.55"), None, "urn:ihe:lab:xd-lab:2008"),
        (("1.3.6.1.4.1.19376.1.3.3",), None, "urn:ihe:lab:xd-lab:2008"),
        (("1.2.250.1.213.1.1.1.59",), None, "urn:ans:ci-sis:trod:2024"),
        (("1.2.250.1.213.1.1.1.13",), None, "urn:asip:ci-sis:vsm:2012"),
        (("1.3.6.1.4.1.19376.1.2.20",), "application/pdf", "urn:ihe:iti:xds-sd:pdf:2008"),
        (
            ("1.3.6.1.4.1.19376.1.2.20", "1.2.250.1.213.1.1.1.45"),
            "application/pdf",
            "urn:ihe:iti:xds-sd:pdf:2008",
        ),
        ((), "text/plain; charset=utf-8", "urn:ihe:iti:xds-sd:text:2008"),
        ((), "TEXT/RTF", "urn:ihe:iti-fr:xds-sd:rtf:2010"),
        ((), "image/jpeg", "urn:ihe:iti-fr:xds-sd:jpeg:2010"),
        ((), "image/tiff", "urn:ihe:iti-fr:xds-sd:tiff:2010"),
        ((), "text/html", None),
        (("1.2.250.1.213.1.1.1.1",), None, None),
        ((), None, None),
    ],
)
def test_the_format_is_deduced_from_the_document(
    templates: tuple[str, ...], embedded: str | None, expected: str | None
) -> None:
    assert format_of(templates, embedded) == expected


def test_every_deduced_format_is_a_known_format() -> None:
    assert set(nomenclature.FORMAT_OF_TEMPLATE.values()) <= set(FORMATS)
    assert FORMATS["urn:asip:ci-sis:cva:2017"].valid_until == date(2019, 10, 25)
    assert FORMATS["urn:asip:ci-sis:vsm:2012"].system == "1.2.250.1.213.1.1.4.2.282"
    assert FORMATS["urn:ihe:lab:xd-lab:2008"].system == "1.3.6.1.4.1.19376.1.2.3"
    assert nomenclature.NO_PROFILE in FORMATS
    assert nomenclature.KEY_OBJECT_SELECTION in FORMATS


@pytest.mark.parametrize(
    ("type_code", "class_code", "slug"),
    [
        ("SYNTH", "", "synthesis"),
        ("60591-5", "11", "synthesis"),
        ("57833-6", "", "prescriptions"),
        ("60593-1", "", "prescriptions"),
        ("11502-2", "", "biology"),
        ("18748-4", "", "imaging"),
        ("11488-4", "", "reports"),
        ("11490-0", "", "hospital"),
        ("34874-8", "", "hospital"),
        ("75492-9", "", "screening"),
        ("87273-9", "", "vaccinations"),
        ("89601-9", "", "certificates"),
        ("18776-5", "", "care-plans"),
        ("51851-4", "", "administrative"),
        ("REMB", "", "reimbursements"),
        ("EXPPAT_3", "", "advance-directives"),
        ("EXPPAT_1", "", "patient-expression"),
        ("NEW-CODE", "31", "imaging"),
        ("NEW-CODE", "unknown", "other"),
        ("", "", "other"),
    ],
)
def test_people_find_a_document_under_its_kind(type_code: str, class_code: str, slug: str) -> None:
    assert kind_of(type_code, class_code).slug == slug


def test_kinds_have_distinct_words_in_both_languages_and_a_picture() -> None:
    assert len(KINDS) == 15
    for column in ("slug", "label_fr", "label_en", "icon"):
        values = [getattr(kind, column) for kind in KINDS]
        assert all(values)
        assert len(set(values)) == 15
    assert kind_named("biology") == kind_of("11502-2")
    assert kind_named("nothing") is None


def test_every_type_that_may_come_has_a_kind_of_its_own() -> None:
    lost = {code for code, known in TYPES.items() if known.dmp and kind_of(code).slug == "other"}
    assert lost == {"E1762"}


def test_a_system_is_known_by_its_oid_and_by_its_address() -> None:
    assert system_of("urn:oid:2.16.840.1.113883.6.1") is systems.LOINC
    assert system_of("http://loinc.org") is systems.LOINC
    assert systems.CLASS.uri == ("https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument")
    assert same_system("2.16.840.1.113883.6.1", "http://loinc.org")
    assert not same_system("2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12")
    assert same_system("urn:example", "urn:example")
    assert not same_system("urn:example", "")
    assert system_of("") is None


def test_no_two_systems_share_an_oid_or_an_address() -> None:
    assert len({system.oid for system in systems.SYSTEMS}) == len(systems.SYSTEMS)
    assert len({system.uri for system in systems.SYSTEMS}) == len(systems.SYSTEMS)


def test_a_specialty_is_said_in_plain_words() -> None:
    assert specialty_label("G15_10/SM54") == "Médecine générale"
    assert specialty_label("G15_10/SM04") == "Cardiologie et maladies vasculaires"
    assert specialty_label("G15_60") == "Infirmier"
    assert specialty_label("G15_21/A") == "Pharmacien titulaire d'officine"
    assert specialty_label("nobody") == ""


def test_places_and_people_have_their_words() -> None:
    assert FACILITY_TYPES["SA01"].display == "Etablissement public de santé"
    assert FACILITY_TYPES["SA25"].display == "Laboratoire de biologie médicale"
    assert FACILITY_TYPES["EXP_PATIENT"].system == "1.2.250.1.213.1.1.4.6"
    assert PRACTICE_SETTINGS["AMBULATOIRE"].system == "1.2.250.1.213.1.1.4.9"
    assert ROLES["60"].display == "Infirmier"
    assert ROLES["93"].system == "1.2.250.1.213.1.6.1.109"
