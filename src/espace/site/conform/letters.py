"""The documents that the kit deposits: a CDA whose header lacks nothing of the national framework (CI-SIS)."""

import base64
import hashlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

from espace import edge
from espace.site.conform.equipment import Patient

TITLE = "Document du banc de conformité"
TYPE, CLASS, FORMAT = "11488-4", "10", "urn:asipSante:modelesHorsProfils:2011"
AUTHOR = "810001288385"
"""An invented professional (PS_IdNat)."""
_CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<id root="{oid}"/>
<code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="CR ou fiche de consultation ou de visite"/>
<title>{title}</title><effectiveTime value="20260304100000+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="{set_oid}"/><versionNumber value="{version}"/>
<recordTarget><patientRole><id root="{authority}" extension="{ins}"/><patient>
<name><family qualifier="BR">{family}</family><given>{given}</given><given qualifier="BR">{first}</given></name>
<administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{born}"/>
<birthplace><place><addr><county>{birth_place}</county></addr></place></birthplace>
</patient></patientRole></recordTarget>
<author><time value="20260304100000+0100"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="{author}"/>
<assignedPerson><name><family>LE GOFF</family><given>Anne</given></name></assignedPerson>
<representedOrganization><name>Structure du banc</name></representedOrganization></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.250.1.71.4.2.2" extension="{structure}"/>
<name>Structure du banc</name></representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260304100000+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="{author}"/>
<assignedPerson><name><family>LE GOFF</family><given>Anne</given></name></assignedPerson></assignedEntity>
</legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="20260304093000+0100"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="{author}"/>
<representedOrganization><standardIndustryClassCode code="ETABLISSEMENT" codeSystem="1.2.250.1.213.1.1.4.9"/>
</representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260304093000+0100"/></effectiveTime><location>
<healthCareFacility><code code="SA01" codeSystem="1.2.250.1.71.4.2.4"/></healthCareFacility></location>
</encompassingEncounter></componentOf>
<component><structuredBody><component><section><title>Essai</title><text>
<paragraph>Document d’essai sans valeur, version {version}.</paragraph></text></section></component></structuredBody>
</component></ClinicalDocument>
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A document: its id and that of its versions (OID), which version it is, its bytes."""

    oid: str
    set_oid: str
    version: int
    content: bytes

    @property
    def name(self) -> str:
        return f"urn:oid:{self.oid}"

    @property
    def base64(self) -> str:
        return base64.b64encode(self.content).decode()

    @property
    def sha1(self) -> bytes:
        return hashlib.sha1(self.content, usedforsecurity=False).digest()


def new_letter(patient: Patient, structure: str, before: Letter | None = None) -> Letter:
    """A document that was never sent; the next version of the one before."""
    oid = new_oid()
    set_oid, version = (before.set_oid, before.version + 1) if before else (oid, 1)
    said = {
        "oid": oid,
        "set_oid": set_oid,
        "version": str(version),
        "title": TITLE,
        "authority": patient.authority,
        "ins": patient.ins,
        "family": patient.birth_name,
        "given": " ".join(patient.given_names),
        "first": patient.given_names[0],
        "sex": patient.sex,
        "born": f"{patient.birth_date:%Y%m%d}",
        "birth_place": patient.birth_place,
        "author": AUTHOR,
        "structure": structure,
    }
    text = _CDA.format(**{name: escape(value, {'"': "&quot;"}) for name, value in said.items()})
    return Letter(oid, set_oid, version, text.encode())


def new_oid() -> str:
    """An OID made of a new UUID (ITU-T X.667)."""
    return f"2.25.{edge.new_id().int}"


def new_uuid() -> str:
    return f"urn:uuid:{edge.new_id()}"
