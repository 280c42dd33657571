"""The code systems that the national tables draw from: OID (XDS, CDA) and URI (FHIR) of each.

Sources: CI-SIS SVS value sets of 2024-09-27 and 2024-12-13 for the OIDs; ans.fr.terminologies 1.12.0, PDSm
3.1.1 and MHD 4.2 for the URIs; C-CDA on FHIR 1.1 for those of the systems of other countries. A system whose FHIR URI
was not found has its OID as `urn:oid:`.
"""

from dataclasses import dataclass

_NOS = "https://mos.esante.gouv.fr/NOS"


@dataclass(frozen=True, slots=True)
class System:
    """A code system: what it holds, its OID (bare) and its FHIR URI."""

    name: str
    oid: str
    uri: str


def _national(table: str, title: str, oid: str) -> System:
    return System(f"{table}-{title}", oid, f"{_NOS}/{table}-{title}/FHIR/{table.replace('_', '-')}-{title}")


LOINC = System("LOINC", "2.16.840.1.113883.6.1", "http://loinc.org")
SNOMED_CT = System("SNOMED CT", "2.16.840.1.113883.6.96", "http://snomed.info/sct")
ICD_10 = System("CIM-10", "2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10")
ATC = System("ATC", "2.16.840.1.113883.6.73", "http://www.whocc.no/atc")
UCUM = System("UCUM", "2.16.840.1.113883.6.8", "http://unitsofmeasure.org")
ASTM = System("ASTM E1762", "1.2.840.10065.1.12", "urn:iso-astm:E1762-95:2013")

PRODUCER = _national("TRE_A00", "ProducteurDocNonPS", "1.2.250.1.213.1.1.4.6")
PRACTICE_SETTING = _national("TRE_A01", "CadreExercice", "1.2.250.1.213.1.1.4.9")
SPECIALTY = _national("TRE_A02", "ProfessionSavFaire-CISIS", "1.2.250.1.213.1.1.4.5")
CLASS = _national("TRE_A03", "ClasseDocument", "1.2.250.1.213.1.1.4.1")
TYPE = _national("TRE_A05", "TypeDocComplementaire", "1.2.250.1.213.1.1.4.12")
FORMAT = _national("TRE_A06", "FormatCodeComplementaire", "1.2.250.1.213.1.1.4.2.282")
VISIBILITY = _national("TRE_A07", "StatusVisibiliteDocument", "1.2.250.1.213.1.1.4.13")
SOP_CLASS = _national("TRE_A09", "DICOMuidRegistry", "1.2.840.10008.2.6.1")
IHE_FORMAT = System(
    "IHE format codes", "1.3.6.1.4.1.19376.1.2.3", "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
)
SECTOR = _national("TRE_R02", "SecteurActivite", "1.2.250.1.71.4.2.4")
ACTIVITY = _national("TRE_R209", "TypeActivite", "1.2.250.1.213.2.2")
PROFESSION = _national("TRE_G15", "ProfessionSante", "1.2.250.1.71.1.2.7")
SOCIAL_PROFESSION = System("TRE_R94", "1.2.250.1.213.1.6.1.4", "urn:oid:1.2.250.1.213.1.6.1.4")
TITLE_USE = System("TRE_R95", "1.2.250.1.213.1.6.1.109", "urn:oid:1.2.250.1.213.1.6.1.109")
OTHER_ROLE = System("Other people in care", "1.2.250.1.213.1.6.1.107", "urn:oid:1.2.250.1.213.1.6.1.107")
CONFIDENTIALITY_CODE = System(
    "HL7 Confidentiality",
    "2.16.840.1.113883.5.25",
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
)

RXNORM = System("RxNorm", "2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm")
NDC = System("NDC", "2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc")
CVX = System("CVX", "2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx")
CPT = System("CPT", "2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt")
ICD_9_CM = System("ICD-9-CM", "2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm")
ICD_10_CM = System("ICD-10-CM", "2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm")
ICD_10_PCS = System("ICD-10-PCS", "2.16.840.1.113883.6.4", "http://www.cms.gov/Medicare/Coding/ICD10")
UNII = System("UNII", "2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov")
NCI = System("NCI Thesaurus", "2.16.840.1.113883.3.26.1.1", "http://ncithesaurus-stage.nci.nih.gov")

_V3 = "http://terminology.hl7.org/CodeSystem/v3"
ACT_CODE = System("HL7 ActCode", "2.16.840.1.113883.5.4", f"{_V3}-ActCode")
INTERPRETATION = System("HL7 ObservationInterpretation", "2.16.840.1.113883.5.83", f"{_V3}-ObservationInterpretation")
ROLE_CODE = System("HL7 RoleCode", "2.16.840.1.113883.5.111", f"{_V3}-RoleCode")
ACT_REASON = System("HL7 ActReason", "2.16.840.1.113883.5.8", f"{_V3}-ActReason")
GENDER = System("HL7 AdministrativeGender", "2.16.840.1.113883.5.1", f"{_V3}-AdministrativeGender")
OBSERVATION_VALUE = System("HL7 ObservationValue", "2.16.840.1.113883.5.1063", f"{_V3}-ObservationValue")
ROUTE = System("HL7 RouteOfAdministration", "2.16.840.1.113883.5.112", f"{_V3}-RouteOfAdministration")
ABSENT_OR_UNKNOWN = System(
    "IPS absent or unknown", "2.16.840.1.113883.5.1150.1", "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
)
EDQM = System("EDQM standard terms", "0.4.0.127.0.16.1.1.2.1", "http://standardterms.edqm.eu")

SYSTEMS: tuple[System, ...] = tuple(value for value in list(vars().values()) if isinstance(value, System))
_BY_OID = {system.oid: system for system in SYSTEMS}
_BY_OID["2.16.840.1.113883.6.59"] = CVX  # as it was numbered before C-CDA R2.1
_BY_URI = {system.uri: system for system in SYSTEMS}
_BY_URI |= {
    # The names that published examples also use for the same lists.
    f"{_NOS}/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument": VISIBILITY,
    f"{_NOS}/TRE_A11-IheFormatCode/FHIR/TRE-A11-IheFormatCode": IHE_FORMAT,
}


def system_of(name: str) -> System | None:
    """The system named by a bare OID, `urn:oid:` followed by it, or its FHIR URI; None if unknown."""
    return _BY_OID.get(name.removeprefix("urn:oid:")) or _BY_URI.get(name)


def same_system(one: str, other: str) -> bool:
    """Whether two names (OID or URI) are those of the same code system."""
    return one == other or ((known := system_of(one)) is not None and known is system_of(other))
