"""Reason → family, sources and examples: what is a reason's own, else what its family says."""

import re
from collections.abc import Mapping

from espace.kernel.reasons import REASONS, Reason, Sentence
from espace.site.refusals import machines, national, people, samples, samples_soap, samples_text
from espace.site.refusals.facts import Family, Sample

FAMILIES: tuple[Family, ...] = (*machines.FAMILIES, *national.FAMILIES, *people.FAMILIES)
OF: Mapping[str, Family] = {reason.code: family for family in FAMILIES for reason in family.reasons}
"""By code told outside, its family."""
TOLD: Mapping[str, Reason] = {code: REASONS[code] for code in OF}
PLATFORM = Sentence("Règle de la plateforme", "A rule of this platform")
NOTHING = Sentence("Il n’y a rien à corriger.", "There is nothing to correct.")

_ERRORS = "ITI TF-3, table 4.2.4.1-2"
_MINIMAL = "CI-SIS, « Structuration minimale des documents de santé »"
_VIHF = "CI-SIS, « transport synchrone » (VIHF)"
_HL7 = "CI-SIS, « Transmission d’un document CDA en HL7 v2 » 2.1"

SOURCES: Mapping[str, tuple[str, ...]] = {
    "not_found": ("RFC 9110, 15.5.5",),
    "method_not_allowed": ("RFC 9110, 15.5.6",),
    "not_acceptable": ("RFC 9110, 15.5.7",),
    "media_type_unsupported": ("RFC 9110, 15.5.16",),
    "payload_too_large": ("RFC 9110, 15.5.14",),
    "request_malformed": ("RFC 9110, 15.5.1",),
    "unexpected_fault": ("RFC 9110, 15.6.1",),
    "large_requests_busy": ("RFC 9110, 15.6.4", "RFC 9110, 10.2.3"),
    "temporarily_unavailable": ("RFC 9110, 15.6.4",),
    "precondition_failed": ("RFC 9110, 15.5.13", "FHIR R4, http.html#concurrency"),
    "page_expired": ("RFC 9110, 15.5.11", "FHIR R4, http.html#paging"),
    "type_unsupported": ("FHIR R4, http.html",),
    "parameter_unsupported": ("FHIR R4, search.html",),
    "json_malformed": ("RFC 8259", "FHIR R4, json.html"),
    "reference_unresolved": ("FHIR R4, bundle.html#references",),
    "code_unknown": ("CI-SIS, JDV_J01, J02, J04, J06, J07, J10, J58", "ITI TF-3, 4.2.3.2"),
    "class_mismatch": ("ANS, ASS_X04 (type → classe)",),
    "metadata_mismatch": (_MINIMAL, "ITI TF-3, 4.2.3.2"),
    "visibility_refused": ("ANS, EX_2.1-1050 (DMP)", "JDV_J58", "CSP, art. R1111-49", "CSP, art. R1111-50"),
    "source_not_yours": (),
    "hash_mismatch": ("ITI TF-3, 4.2.3.2 (hash)",),
    "size_mismatch": ("ITI TF-3, 4.2.3.2 (size)",),
    "content_type_mismatch": ("ITI TF-3, 4.2.3.2 (mimeType)",),
    "content_empty": ("ANS, EX_GEN-1060 (DMP)",),
    "content_too_large": (),
    "content_type_unsupported": (),
    "xml_malformed": ("W3C, XML 1.0",),
    "xml_doctype": (),
    "xml_limit": (),
    "cda_incomplete": (_MINIMAL, "HL7 CDA R2"),
    "unique_id_reused": (_ERRORS,),
    "replace_refused": ("ITI TF-3, 4.2.2.2", _ERRORS),
    "relation_refused": (),
    "ins_authority_unknown": ("RNIV", "ANS, OID de l’INS (1.2.250.1.213.1.4.8, .9)"),
    "traits_disagree": ("RNIV",),
    "traits_frozen": (),
    "identities_differ": ("RNIV", _ERRORS),
    "soap_type_unsupported": ("SOAP 1.2 part 2, 7",),
    "multipart_malformed": ("RFC 2387", "W3C, XOP 1.0"),
    "part_unknown": ("W3C, XOP 1.0", "RFC 2392"),
    "envelope_malformed": ("SOAP 1.2 part 1, 5",),
    "soap_version": ("SOAP 1.2 part 1, 5.4.7",),
    "header_not_understood": ("SOAP 1.2 part 1, 5.4.8",),
    "addressing_invalid": ("WS-Addressing 1.0, SOAP Binding", "ITI TF-2, appendix V.3"),
    "action_unknown": ("WS-Addressing 1.0, SOAP Binding", "ITI TF-2, appendix V.3"),
    "vihf_malformed": (_VIHF, "SAML 2.0 core, 2"),
    "vihf_algorithm": ("XML Signature 1.1", "Exclusive XML Canonicalization 1.0", _VIHF),
    "vihf_signature": ("XML Signature 1.1", "SAML 2.0 core, 5.4"),
    "vihf_certificate_missing": ("ITI TF-2, 3.19", _VIHF),
    "vihf_certificate": ("RFC 5280, 6", "IGC-Santé, « gabarits »"),
    "vihf_expired": ("SAML 2.0 core, 2.5",),
    "vihf_audience": ("SAML 2.0 core, 2.5",),
    "vihf_replayed": (),
    "vihf_not_a_centre": (),
    "unique_id_twice": (_ERRORS,),
    "lot_signature_wrong": ("IHE « Document Digital Signature »", "XML Signature 1.1"),
    "lot_signature_unchecked": ("IHE « Document Digital Signature »", "CI-SIS, XAdES"),
    "association_unsupported": ("ITI TF-3, 4.2.2",),
    "extra_not_kept": ("ITI TF-3, 4.2.3.1.6",),
    "stored_query_unknown": ("ITI TF-2, 3.18.4.1.2.4",),
    "query_parameter_missing": ("ITI TF-2, 3.18.4.1.2.3.7",),
    "query_parameter_number": ("ITI TF-2, 3.18.4.1.2.3.7",),
    "query_parameter_invalid": ("ITI TF-2, 3.18.4.1.2.3.5",),
    "too_many_results": (_ERRORS,),
    "patient_unstated": (_VIHF,),
    "retrieval_malformed": ("ITI TF-2, 3.43",),
    "repository_unknown": ("ITI TF-2, 3.43", _ERRORS),
    "retrieval_too_large": (),
    "hl7_charset": ("HL7 v2.5.1, chapter 2 (MSH-18)",),
    "hl7_acts_differ": (_HL7,),
    "hl7_routing_refused": (_HL7,),
    "hl7_framing": ("HL7 v2.5.1, appendix C",),
    "feeding_objected": ("PAM-FR 2.11 (ZFA-9)", "CSP, art. R1111-47"),
    "archive_malformed": ("PKWARE APPNOTE 6.3.10",),
    "archive_unsafe": (),
    "archive_outsized": (),
    "file_undescribed": (),
    "mail_malformed": ("RFC 5322", "RFC 2045"),
    "space_not_open": ("CSP, art. R1111-36",),
    "space_suspended": ("CSP, art. R1111-36",),
    "organisation_cannot_read": ("CSP, art. L1111-17", "CSP, art. R1111-46"),
    "holder_cannot_feed": (),
    "no_rule_allows": ("CSP, art. L1111-17",),
    "content_unavailable": (),
    "not_the_holder": (),
    "change_refused": (),
    "consent_term_refused": (),
    "secret_for_minors": ("CSP, art. L1111-5",),
}
"""By code, what is its own source; () where the rule is this platform's."""

_BYTES = (samples.BYTES, samples_soap.EBXML_BYTES)
_QUERY_PATIENT = (samples_soap.QUERY, samples_soap.ASSERTION)
SAMPLES: Mapping[str, tuple[Sample, ...]] = {
    "precondition_failed": (samples.CHANGE,),
    "value_invalid": (samples.DATES, samples_text.HL7_PATIENT),
    "code_unknown": (samples.CODES, samples_soap.EBXML_CODES),
    "class_mismatch": (samples.CODES, samples_soap.EBXML_CODES),
    "metadata_mismatch": (samples.CODES, samples_soap.CDA),
    "visibility_refused": (samples.VISIBILITY, samples_text.ROUTES),
    "source_not_yours": (samples.SOURCE,),
    "hash_mismatch": _BYTES,
    "size_mismatch": _BYTES,
    "xml_malformed": (samples_soap.CDA,),
    "xml_doctype": (samples_soap.CDA,),
    "xml_limit": (samples_soap.CDA,),
    "cda_incomplete": (samples_soap.CDA,),
    "unique_id_reused": (samples.NEW_ID,),
    "identities_differ": (samples.PATIENT, samples_soap.CDA),
    "multipart_malformed": (samples_soap.PARTS,),
    "soap_type_unsupported": (samples_soap.PARTS,),
    "part_unknown": (samples_soap.PARTS,),
    "patient_unstated": _QUERY_PATIENT,
    "retrieval_malformed": (samples_soap.RETRIEVAL,),
    "repository_unknown": (samples_soap.RETRIEVAL,),
    "retrieval_too_large": (samples_soap.RETRIEVAL,),
    "association_unsupported": (samples_soap.SET, samples_soap.EBXML_REPLACES),
    "hl7_routing_refused": (samples_text.ROUTES,),
    "hl7_framing": (samples_text.FRAME,),
    "mail_malformed": (samples_text.MAIL,),
    "mail_not_xdm": (samples_text.MAIL,),
    "feeding_objected": (samples_text.WISH,),
}
"""By code, its own examples."""

_ARTICLE = re.compile(r"CSP, art\. [LR][\d-]+(?:, I\b)?")


def sources_of(reason: Reason) -> tuple[str, ...]:
    """Where the rule comes from, an article that the sentence names first; () for a rule of this platform."""
    said = _ARTICLE.findall(reason.professional.fr)
    known = SOURCES.get(reason.code)
    if known is None:
        known = () if said else OF[reason.code].sources
    return tuple(dict.fromkeys((*said, *known)))


def samples_of(reason: Reason) -> tuple[Sample, ...]:
    return SAMPLES.get(reason.code) or OF[reason.code].samples
