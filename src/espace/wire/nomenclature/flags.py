"""Confidentiality of documents and kinds of submission.

Confidentiality: JDV_J08 CI-SIS (OID 1.2.250.1.213.1.1.5.463, 2020-04-24), JDV_J58 DMP (OID
1.2.250.1.213.1.1.5.9): exactly one of HL7's N, R, V, plus any of TRE_A07 (`kernel.words.Visibility`).

Submissions (contentTypeCode): JDV_J03, JDV_J59 DMP (OID 1.2.250.1.213.1.1.5.2) were not found as published.
The four activities here are those of the correspondence with HL7 v2 PV1-2 (CDA in HL7v2, 2.1); a code that
is not here is no fault, and J03 also draws from TRE_R02 and TRE_A00 (PDSm 3.1.1).
"""

from collections.abc import Mapping

from espace.wire.nomenclature.systems import ACTIVITY, CONFIDENTIALITY_CODE, VISIBILITY
from espace.wire.xds import Coded

CONFIDENTIALITY: Mapping[str, Coded] = {
    code: Coded(code, CONFIDENTIALITY_CODE.oid, label)
    for code, label in (("N", "Normal"), ("R", "Restreint"), ("V", "Très restreint"))
}
VISIBILITIES: Mapping[str, Coded] = {
    code: Coded(code, VISIBILITY.oid, label)
    for code, label in (
        ("MASQUE_PS", "Masqué aux professionnels de santé"),
        ("INVISIBLE_PATIENT", "Non visible par le patient"),
        ("INVISIBLE_REPRESENTANTS_LEGAUX", "Non visible par les représentants légaux du patient"),
    )
}
SUBMISSION_TYPES: Mapping[str, Coded] = {
    code: Coded(code, ACTIVITY.oid, label)
    for code, label in (
        ("03", "Hospitalisation complète"),
        ("07", "Consultations, soins externes"),
        ("19", "Traitements et cures ambulatoires"),
        ("97", "Type d'activité indifférencié"),
    )
}
