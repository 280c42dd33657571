"""Valid fragments for the FHIR door, of the patient and the hospital of the vendors' pages."""

from espace.kernel.reasons import Sentence
from espace.site.refusals.facts import Form, Sample

TOKEN = Sample(
    Form.HTTP,
    Sentence("Demander un jeton, puis l’envoyer", "Ask for a token, then send it"),
    """POST /oauth/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&scope=system%2FDocumentReference.cuds
&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer
&client_assertion=eyJhbGciOiJFUzM4NCJ9…

POST /fhir HTTP/1.1
Authorization: Bearer eyJhbGciOiJFZERTQSJ9…
Content-Type: application/fhir+json""",
)
REQUEST = Sample(
    Form.HTTP,
    Sentence("L’en-tête d’un dépôt", "The head of a deposit"),
    """POST /fhir HTTP/1.1
Authorization: Bearer eyJhbGciOiJFZERTQSJ9…
Content-Type: application/fhir+json; charset=utf-8
Accept: application/fhir+json
Accept-Language: fr
Content-Length: 18342""",
)
SEARCH = Sample(
    Form.HTTP,
    Sentence("Une recherche, l’INS hors de l’adresse", "A search, the INS outside the address"),
    """POST /fhir/DocumentReference/_search HTTP/1.1
Authorization: Bearer eyJhbGciOiJFZERTQSJ9…
Content-Type: application/x-www-form-urlencoded

patient.identifier=urn%3Aoid%3A1.2.250.1.213.1.4.10%7C285054499900161&status=current""",
)
APPENDS = Sample(
    Form.JSON,
    Sentence("Un document qui en complète un autre", "A document that completes another one"),
    """{"resourceType": "DocumentReference", "status": "current",
  "relatesTo": [{"code": "appends",
    "target": {"reference": "DocumentReference/0192f3c4-5b7e-7a10-9c7d-0a4b6f1e2d3c"}}]}""",
)
CHANGE = Sample(
    Form.HTTP,
    Sentence("Un changement de la version lue", "A change of the version that was read"),
    """PATCH /fhir/DocumentReference/0192f3c4-5b7e-7a10-9c7d-0a4b6f1e2d3c HTTP/1.1
Authorization: Bearer eyJhbGciOiJFZERTQSJ9…
If-Match: W/"2"
Content-Type: application/json-patch+json

[{"op": "add", "path": "/securityLabel/-",
  "value": {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}]}}]""",
)
BUNDLE = Sample(
    Form.JSON,
    Sentence("Le squelette d’un lot (ITI-65)", "The skeleton of a bundle (ITI-65)"),
    """{"resourceType": "Bundle", "type": "transaction", "entry": [
  {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
   "request": {"method": "POST", "url": "List"},
   "resource": {"resourceType": "List", "status": "current", "mode": "working",
     "entry": [{"item": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"}}]}},
  {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000002",
   "request": {"method": "POST", "url": "DocumentReference"},
   "resource": {"resourceType": "DocumentReference", "status": "current", "content": [
     {"attachment": {"url": "urn:uuid:00000000-0000-4000-8000-000000000003"}}]}},
  {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000003",
   "request": {"method": "POST", "url": "Binary"},
   "resource": {"resourceType": "Binary", "contentType": "text/xml", "data": "PENsaW5pY2FsRG9jdW1lbnQ+"}}
]}""",
)
ENTRY = Sample(
    Form.JSON,
    Sentence("Les éléments obligatoires d’un DocumentReference", "The mandatory elements of a DocumentReference"),
    """{"resourceType": "DocumentReference", "status": "current",
  "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:6f0b2a34-51a7-4d7e-8c0a-3d1d7a2b9e10"},
  "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
  "category": [{"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.1", "code": "10"}]}],
  "subject": {"reference": "#patient"},
  "date": "2026-03-04T10:00:00+01:00",
  "author": [{"display": "Anne LE GOFF"}],
  "securityLabel": [{"coding": [{"code": "N"}]}],
  "content": [{
    "attachment": {"contentType": "text/xml", "language": "fr-FR", "title": "Compte rendu de consultation",
      "url": "urn:uuid:00000000-0000-4000-8000-000000000003"},
    "format": {"system": "urn:oid:1.2.250.1.213.1.1.4.2.282", "code": "urn:asipSante:modelesHorsProfils:2011"}}],
  "context": {
    "facilityType": {"coding": [{"system": "urn:oid:1.2.250.1.71.4.2.4", "code": "SA01"}]},
    "practiceSetting": {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.9", "code": "ETABLISSEMENT"}]},
    "sourcePatientInfo": {"reference": "#patient"}}}""",
)
DATES = Sample(
    Form.JSON,
    Sentence("Des valeurs bien formées", "Values of the right form"),
    """{"date": "2026-03-04T10:00:00+01:00",
  "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1.42"},
  "context": {"period": {"start": "2026-03-04", "end": "2026-03-04"}}}""",
)
CODES = Sample(
    Form.JSON,
    Sentence("Un type, et la classe que la table lui donne", "A type, and the class that the table gives it"),
    """{"type": {"coding": [{"system": "http://loinc.org", "code": "11488-4",
      "display": "CR ou fiche de consultation ou de visite"}]},
  "category": [{"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.1", "code": "10",
      "display": "Compte rendu"}]}]}""",
)
VISIBILITY = Sample(
    Form.JSON,
    Sentence("Un niveau, puis une restriction permise", "One level, then a restriction that is allowed"),
    """{"securityLabel": [
  {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}]},
  {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}]}]}""",
)
SOURCE = Sample(
    Form.JSON,
    Sentence("L’identifiant de source de votre organisme", "The source identifier of your organisation"),
    """{"extension": [
  {"url": "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId",
   "valueIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:2.25.7500.1"}}]}""",
)
BYTES = Sample(
    Form.JSON,
    Sentence("Empreinte et taille des octets, avant base64", "Hash and size of the bytes, before base64"),
    """{"attachment": {"contentType": "text/plain", "language": "fr-FR", "title": "Glycémie à jeun",
  "url": "urn:uuid:00000000-0000-4000-8000-000000000003",
  "size": 28, "hash": "gjuNHDexOuf1KX7csHQwoq1v0Uk="},
 "binary": {"resourceType": "Binary", "contentType": "text/plain",
  "data": "R2x5Y8OpbWllIMOgIGpldW4gOiAwLDkyIGcvbA=="}}""",
)
NEW_ID = Sample(
    Form.JSON,
    Sentence("Un contenu neuf, un identifiant neuf", "New content, a new identifier"),
    """{"resourceType": "DocumentReference", "status": "current",
  "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:6f0b2a34-51a7-4d7e-8c0a-3d1d7a2b9e10"}}""",
)
REPLACES = Sample(
    Form.JSON,
    Sentence("Une nouvelle version, qui nomme l’ancienne", "A new version, which names the old one"),
    """{"resourceType": "DocumentReference", "status": "current",
  "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0d5e9c1b-7f64-4b0e-9a52-8f2d1c3b4a59"},
  "relatesTo": [{"code": "replaces", "target": {"identifier": {
    "system": "urn:ietf:rfc:3986", "value": "urn:uuid:6f0b2a34-51a7-4d7e-8c0a-3d1d7a2b9e10"}}}]}""",
)
PATIENT = Sample(
    Form.JSON,
    Sentence("L’INS et les traits stricts", "The INS and the strict traits"),
    """{"resourceType": "Patient", "id": "patient",
  "identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "285054499900161"}],
  "name": [{"use": "official", "family": "GUERIN", "given": ["ALICE", "MARIE"]}],
  "gender": "female", "birthDate": "1985-05-14"}""",
)
