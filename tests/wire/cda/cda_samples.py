"""A small valid CDA R2 and ways to change one thing in it. Nobody in it exists."""

from datetime import timedelta, timezone

from espace.wire.cda import CdaResult, parse, render_html

PARIS_WINTER = timezone(timedelta(hours=1))

NAMESPACES = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

RECORD_TARGET = """<recordTarget>
<patientRole>
<id extension="279035121518989" root="1.2.250.1.213.1.4.10"/>
<id extension="IPP-42" root="1.2.3.4"/>
<patient>
<name><family qualifier="BR">PAT-TROIS</family><given>DOMINIQUE MARIE-LOUISE</given>
<given qualifier="BR">DOMINIQUE</given><family qualifier="CL">DURAND</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="19790328"/>
<birthplace><place><addr><county>51215</county><city>DOMPREMY</city></addr></place></birthplace>
</patient>
</patientRole>
</recordTarget>"""

AUTHOR = """<author><time value="20240106113623+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="801234567897"/>
<code code="G15_10/SM26" displayName="Médecin généraliste" codeSystem="1.2.250.1.213.1.1.4.5"/>
<assignedPerson><name><given>Stéphane</given><family>MEDIONI</family></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1120456789"/><name>Cabinet du Port</name>
</representedOrganization></assignedAuthor></author>"""

CUSTODIAN = """<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1120456789"/><name>Cabinet du Port</name>
</representedCustodianOrganization></assignedCustodian></custodian>"""

HEADER = f"""<realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/>
<templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.13"/>
<id root="1.2.250.1.213.1.1.1.13.99.1"/>
<code code="34133-9" displayName="Synthèse" codeSystem="2.16.840.1.113883.6.1"/>
<title>Synthèse médicale</title>
<effectiveTime value="20240106113623+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="fr-FR"/>
<setId root="1.2.250.1.213.1.1.1.13.99"/>
<versionNumber value="2"/>
{RECORD_TARGET}
{AUTHOR}
{CUSTODIAN}
<legalAuthenticator><time value="20240106113623+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="801234567897"/>
<assignedPerson><name><given>Stéphane</given><family>MEDIONI</family></name></assignedPerson>
</assignedEntity></legalAuthenticator>
<inFulfillmentOf><order><id root="1.2.250.1.213.1.1.9" extension="CMD-7"/></order></inFulfillmentOf>
<documentationOf><serviceEvent><code code="34117-2" codeSystem="2.16.840.1.113883.6.1"/></serviceEvent>
</documentationOf>
<documentationOf><serviceEvent>
<code code="IMP" codeSystem="1.2.250.1.213.1.1.4.9" displayName="Acte"/>
<effectiveTime><low value="20240105"/><high value="202401061000-0500"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="801234567897"/>
<representedOrganization><standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"/>
</representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>
<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.213.1.1.1.13.98"/>
<versionNumber value="1"/></parentDocument></relatedDocument>
<componentOf><encompassingEncounter><effectiveTime value="20240105"/><location><healthCareFacility>
<code code="SA07" codeSystem="1.2.250.1.71.4.2.4" displayName="Cabinet"/></healthCareFacility></location>
</encompassingEncounter></componentOf>"""


def section(narrative: str, title: str = "Section", rest: str = "") -> str:
    return f"<component><section><title>{title}</title><text>{narrative}</text>{rest}</section></component>"


def structured(narrative: str, rest: str = "") -> str:
    return f"<component><structuredBody>{section(narrative, rest=rest)}</structuredBody></component>"


def level_1(text: str) -> str:
    return f"<component><nonXMLBody>{text}</nonXMLBody></component>"


BODY = structured("<paragraph>Rien à signaler.</paragraph>")


def cda(header: str = HEADER, body: str = BODY) -> bytes:
    return f"<ClinicalDocument {NAMESPACES}>\n{header}\n{body}\n</ClinicalDocument>".encode()


def with_header(old: str, new: str) -> bytes:
    assert old in HEADER
    return cda(HEADER.replace(old, new))


def read(data: bytes) -> CdaResult:
    return parse(data, zone=PARIS_WINTER)


def rendered(narrative: str, rest: str = "") -> str:
    """The HTML of one narrative, without its section."""
    result = read(cda(body=structured(narrative, rest)))
    assert result.document is not None, result.problems
    whole = render_html(result.document, media_url=lambda name: f"/media/{name}")
    start = '<div class="cda-text">'
    return whole[whole.index(start) + len(start) : whole.rindex("</div></section>")]


def codes(result: CdaResult) -> list[str]:
    return [problem.reason.code for problem in result.problems]
