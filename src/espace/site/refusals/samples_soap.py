"""Valid fragments of SOAP, ebXML and the VIHF, of the patient and the hospital of the vendors' pages."""

from espace.kernel.reasons import Sentence
from espace.site.refusals.facts import Form, Sample

ENVELOPE = Sample(
    Form.XML,
    Sentence("Une enveloppe SOAP 1.2 adressée", "A SOAP 1.2 envelope with its addressing"),
    """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
            xmlns:a="http://www.w3.org/2005/08/addressing">
  <s:Header>
    <a:Action s:mustUnderstand="1">urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b</a:Action>
    <a:MessageID>urn:uuid:0fbfdced-6c01-4d09-a110-2201afedaa02</a:MessageID>
    <a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>
    <wsse:Security s:mustUnderstand="true"
      xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
      <!-- le VIHF signé -->
    </wsse:Security>
  </s:Header>
  <s:Body>
    <ProvideAndRegisterDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"/>
  </s:Body>
</s:Envelope>""",
)
PARTS = Sample(
    Form.HTTP,
    Sentence("Un message en deux parties (MTOM)", "A message in two parts (MTOM)"),
    """POST /xds/repository HTTP/1.1
Content-Type: multipart/related; type="application/xop+xml"; start="<root@hopital.example.fr>";
  start-info="application/soap+xml"; boundary="MIMEBoundary_1"

--MIMEBoundary_1
Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"
Content-Transfer-Encoding: binary
Content-ID: <root@hopital.example.fr>

<s:Envelope …>…<Document id="Document01"><xop:Include
  xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document01%40hopital.example.fr"/></Document>…
--MIMEBoundary_1
Content-Type: application/octet-stream
Content-Transfer-Encoding: binary
Content-ID: <document01@hopital.example.fr>

Glycémie à jeun : 0,92 g/l
--MIMEBoundary_1--""",
)
BEARER = Sample(
    Form.HTTP,
    Sentence("Les en-têtes d’une demande avec un jeton", "The headers of a request with a token"),
    """POST /xds/registry HTTP/1.1
Host: sante.example.org
Authorization: Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl
Content-Type: application/soap+xml; charset=utf-8""",
)
ASSERTION = Sample(
    Form.XML,
    Sentence("Les conditions et le patient d’un VIHF", "The conditions and the patient of a VIHF"),
    """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"
    ID="_5c6f0a4e-3b0e-4f38-9d52-1d3d0f6f6a11" IssueInstant="2026-03-04T09:20:00Z">
  <saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
    >CN=810001288385,O=ASIP-SANTE,C=FR</saml:Issuer>
  <!-- ds:Signature : RSA ou ECDSA, SHA-256, enveloped-signature puis xml-exc-c14n -->
  <saml:Subject><saml:NameID>810001288385</saml:NameID></saml:Subject>
  <saml:Conditions NotBefore="2026-03-04T09:20:00Z" NotOnOrAfter="2026-03-04T10:00:00Z">
    <saml:AudienceRestriction><saml:Audience>https://sante.example.org/xds</saml:Audience></saml:AudienceRestriction>
  </saml:Conditions>
  <saml:AttributeStatement>
    <saml:Attribute Name="Authentification_Mode"><saml:AttributeValue>DIRECTE</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="Identifiant_Structure"><saml:AttributeValue>1990000017</saml:AttributeValue></saml:Attribute>
    <saml:Attribute Name="urn:oasis:names:tc:xacml:2.0:resource:resource-id">
      <saml:AttributeValue>285054499900161^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH</saml:AttributeValue>
    </saml:Attribute>
  </saml:AttributeStatement>
</saml:Assertion>""",
)
EBXML_BYTES = Sample(
    Form.XML,
    Sentence("Empreinte (hexadécimale) et taille en ebXML", "Hash (hexadecimal) and size in ebXML"),
    """<rim:ExtrinsicObject xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="Document01"
    mimeType="text/plain" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">
  <rim:Slot name="hash"><rim:ValueList>
    <rim:Value>823b8d1c37b13ae7f5297edcb07430a2ad6fd149</rim:Value></rim:ValueList></rim:Slot>
  <rim:Slot name="size"><rim:ValueList><rim:Value>28</rim:Value></rim:ValueList></rim:Slot>
</rim:ExtrinsicObject>""",
)
EBXML_PATIENT = Sample(
    Form.XML,
    Sentence("Le patient en ebXML", "The patient in ebXML"),
    """<rim:ExtrinsicObject xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="Document01"
    mimeType="text/plain" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">
  <rim:Slot name="sourcePatientInfo"><rim:ValueList>
    <rim:Value>PID-5|GUERIN^ALICE^ALICE MARIE^^^^L</rim:Value>
    <rim:Value>PID-7|19850514</rim:Value>
    <rim:Value>PID-8|F</rim:Value>
  </rim:ValueList></rim:Slot>
  <rim:ExternalIdentifier identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
      value="285054499900161^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH">
    <rim:Name><rim:LocalizedString value="XDSDocumentEntry.patientId"/></rim:Name>
  </rim:ExternalIdentifier>
</rim:ExtrinsicObject>""",
)
EBXML_CODES = Sample(
    Form.XML,
    Sentence("Un code et sa table en ebXML", "A code and its table in ebXML"),
    """<rim:Classification xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
    classificationScheme="urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
    classifiedObject="Document01" nodeRepresentation="10">
  <rim:Slot name="codingScheme"><rim:ValueList><rim:Value>1.2.250.1.213.1.1.4.1</rim:Value></rim:ValueList></rim:Slot>
  <rim:Name><rim:LocalizedString value="Compte rendu"/></rim:Name>
</rim:Classification>""",
)
EBXML_REPLACES = Sample(
    Form.XML,
    Sentence("L’association RPLC, vers un entryUUID d’ITI-18", "The association RPLC, to an entryUUID of ITI-18"),
    """<rim:Association xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="Association02"
    associationType="urn:ihe:iti:2007:AssociationType:RPLC" sourceObject="Document01"
    targetObject="urn:uuid:0192f3c4-5b7e-7a10-9c7d-0a4b6f1e2d3c"/>""",
)
EBXML_APPENDS = Sample(
    Form.XML,
    Sentence("L’association APND, vers un entryUUID d’ITI-18", "The association APND, to an entryUUID of ITI-18"),
    """<rim:Association xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="Association02"
    associationType="urn:ihe:iti:2007:AssociationType:APND" sourceObject="Document01"
    targetObject="urn:uuid:0192f3c4-5b7e-7a10-9c7d-0a4b6f1e2d3c"/>""",
)
SET = Sample(
    Form.XML,
    Sentence("Un lot : chaque fiche a son lien et son document", "A set: each entry has its link and its document"),
    """<ProvideAndRegisterDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"
    xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
    xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">
  <lcm:SubmitObjectsRequest><rim:RegistryObjectList>
    <rim:ExtrinsicObject id="Document01" mimeType="text/xml"
      objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"><!-- métadonnées --></rim:ExtrinsicObject>
    <rim:RegistryPackage id="SubmissionSet01"><!-- métadonnées --></rim:RegistryPackage>
    <rim:Association id="Association01" sourceObject="SubmissionSet01" targetObject="Document01"
      associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember">
      <rim:Slot name="SubmissionSetStatus"><rim:ValueList><rim:Value>Original</rim:Value></rim:ValueList></rim:Slot>
    </rim:Association>
  </rim:RegistryObjectList></lcm:SubmitObjectsRequest>
  <Document id="Document01">PENsaW5pY2FsRG9jdW1lbnQ+</Document>
</ProvideAndRegisterDocumentSetRequest>""",
)
QUERY = Sample(
    Form.XML,
    Sentence("La requête FindDocuments", "The query FindDocuments"),
    """<query:AdhocQueryRequest xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
    xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">
  <query:ResponseOption returnComposedObjects="true" returnType="LeafClass"/>
  <rim:AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">
    <rim:Slot name="$XDSDocumentEntryPatientId"><rim:ValueList>
      <rim:Value>'285054499900161^^^&amp;1.2.250.1.213.1.4.10&amp;ISO'</rim:Value></rim:ValueList></rim:Slot>
    <rim:Slot name="$XDSDocumentEntryStatus"><rim:ValueList>
      <rim:Value>('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')</rim:Value></rim:ValueList></rim:Slot>
    <rim:Slot name="$XDSDocumentEntryCreationTimeFrom"><rim:ValueList>
      <rim:Value>20250101</rim:Value></rim:ValueList></rim:Slot>
  </rim:AdhocQuery>
</query:AdhocQueryRequest>""",
)
UPDATE = Sample(
    Form.XML,
    Sentence("Un document archivé par son statut", "A document archived by its status"),
    """<rim:Association xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="Association01"
    associationType="urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
    sourceObject="SubmissionSet01" targetObject="urn:uuid:0192f3c4-5b7e-7a10-9c7d-0a4b6f1e2d3c">
  <rim:Slot name="OriginalStatus"><rim:ValueList>
    <rim:Value>urn:oasis:names:tc:ebxml-regrep:StatusType:Approved</rim:Value></rim:ValueList></rim:Slot>
  <rim:Slot name="NewStatus"><rim:ValueList>
    <rim:Value>urn:asip:ci-sis:2010:StatusType:Archived</rim:Value></rim:ValueList></rim:Slot>
</rim:Association>""",
)
RETRIEVAL = Sample(
    Form.XML,
    Sentence("Une demande de document (ITI-43)", "A request for a document (ITI-43)"),
    """<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007">
  <DocumentRequest>
    <RepositoryUniqueId>1.2.250.1.999.7</RepositoryUniqueId>
    <DocumentUniqueId>1.2.250.1.999.1.1.8</DocumentUniqueId>
  </DocumentRequest>
</RetrieveDocumentSetRequest>""",
)
CDA = Sample(
    Form.XML,
    Sentence("Le début d’un en-tête CDA", "The beginning of a CDA header"),
    """<ClinicalDocument xmlns="urn:hl7-org:v3">
  <realmCode code="FR"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.2.8.2.1"/>
  <templateId root="1.2.250.1.213.1.1.1.1"/>
  <id root="2.25.200000000000000000000000000000000000001"/>
  <code code="11488-4" codeSystem="2.16.840.1.113883.6.1" displayName="CR ou fiche de consultation ou de visite"/>
  <title>Compte rendu de consultation</title>
  <effectiveTime value="20260304100000+0100"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="fr-FR"/>
  <recordTarget><patientRole>
    <id root="1.2.250.1.213.1.4.10" extension="285054499900161"/>
    <patient>
      <name><given>ALICE MARIE</given><given qualifier="BR">ALICE</given><family qualifier="BR">GUERIN</family></name>
      <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
      <birthTime value="19850514"/>
    </patient>
  </patientRole></recordTarget>
  <!-- author, custodian, legalAuthenticator, documentationOf, componentOf, component -->
</ClinicalDocument>""",
)
AUTHORISATION = Sample(
    Form.XML,
    Sentence("Une autorisation ajoutée (TD0.3)", "An authorisation added (TD0.3)"),
    """<setAuthorization xmlns="urn:si-dmp-habilitations:v1">
  <patientId root="1.2.250.1.213.1.4.10" extension="285054499900161"/>
  <action>AJOUT</action>
  <role>STANDARD</role>
</setAuthorization>""",
)
EXISTENCE = Sample(
    Form.XML,
    Sentence("Un test d’existence (TD0.2)", "A test of existence (TD0.2)"),
    """<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">
  <id root="1.2.250.1.999.9" extension="42"/>
  <creationTime value="20260304093000"/>
  <interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>
  <processingCode code="P"/>
  <processingModeCode code="T"/>
  <acceptAckCode code="AL"/>
  <receiver typeCode="RCV">
    <device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.8"/></device>
  </receiver>
  <sender typeCode="SND">
    <device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.7"/></device>
  </sender>
  <controlActProcess classCode="CACT" moodCode="EVN">
    <code code="PRPA_TE201307UV02" codeSystem="2.16.840.1.113883.1.6"/>
    <reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>
    <queryByParameter>
      <queryId root="1.2.250.1.999.9" extension="42"/>
      <statusCode code="new"/>
      <parameterList><patientIdentifier>
        <value root="1.2.250.1.213.1.4.10" extension="285054499900161"/>
        <semanticsText>Patient.id</semanticsText>
      </patientIdentifier></parameterList>
    </queryByParameter>
  </controlActProcess>
</PRPA_IN201307UV02>""",
)
ADDRESS = Sample(
    Form.XML,
    Sentence("Une autre adresse, demandée par le logiciel (TD0.9)", "Another address, asked by the program (TD0.9)"),
    """<getContextualAddress xmlns="urn:si-dmp-habilitations:v1">
  <patientId root="1.2.250.1.213.1.4.10" extension="285054499900161"/>
  <page>TABLEAU_DE_BORD</page>
</getContextualAddress>""",
)
