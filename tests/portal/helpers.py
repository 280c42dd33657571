"""Holders who sign in, and documents in their records, for the tests of pages."""

import base64
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from django.test import Client

from cast import AT, Holder, document, entry, holder, organisation, sender, submission
from espace.access import gate
from espace.identity import actions as identity
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Verb, Visibility
from espace.portal.codes import add_authenticator
from espace.record import actions as record
from espace.wire.cda import parse
from espace.wire.nomenclature import class_of
from espace.wire.xds import Coded, DocumentEntry

PARIS = ZoneInfo("Europe/Paris")

PASSWORD = "Les-marees-hautes-1"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 56>>stream
BT /F1 20 Tf 60 760 Td (Lettre de liaison) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>"""
"""A one-page PDF, small enough to read."""

_CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="1.2.250.1.213.1.1.1.1"/><id root="{uid}"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
<title>Analyses de sang</title><effectiveTime value="20260302101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="{ins}"/><patient>
<name><family qualifier="BR">DUVAL</family><given qualifier="CL">CAMILLE</given><given>CAMILLE ROSE</given></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19850307"/>
</patient></patientRole></recordTarget>
<author><time value="20260302101500+0100"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="810002673899"/>
<assignedPerson><name><family>LE GOFF</family><given>Anne</given></name></assignedPerson></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.250.1.71.4.2.2" extension="1990000017"/>
<name>Hopital</name></representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="20260302101500+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="810002673899"/></assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="20260302"/></effectiveTime></serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260302"/></effectiveTime>
<location><healthCareFacility><code code="SA01" codeSystem="1.2.250.1.71.4.2.4"/></healthCareFacility></location>
</encompassingEncounter></componentOf>
<component>{body}</component></ClinicalDocument>"""

_SECTIONS = """<structuredBody><component><section><title>Hémogramme</title><text>
<table><thead><tr><th>Analyse</th><th>Résultat</th></tr></thead><tbody>
<tr><td>Hémoglobine</td><td>13,2 g/dL</td></tr><tr><td>Plaquettes</td><td>250 G/L</td></tr></tbody></table>
</text></section></component><component><section><title>Conclusion</title>
<text><paragraph>Résultats dans les valeurs de référence.</paragraph></text></section></component></structuredBody>"""


@dataclass(frozen=True)
class Member:
    """Somebody of the cast with an account; `codes` are the ways to sign in."""

    of: Holder
    account: UUID
    identifier: str
    password: str = field(default=PASSWORD, repr=False)


def code_at(at: datetime, secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def member(
    identifier: str = "", *, given: str = "CAMILLE", born: date = date(1985, 3, 7), email: str = ""
) -> Member:
    """A fresh holder who has activated their space; `email` is the address of their account."""
    someone = holder(given_names=(given, "ROSE"), born=born)
    account, identifier = uuid4(), identifier or f"camille.{uuid4().hex[:10]}"
    identity.add_account(
        account_id=account, identifier=identifier, password=PASSWORD, email=email, patient=someone.patient
    )
    add_authenticator(get_user_model().objects.get(pk=account), SECRET, 0)
    actor = Actor(ActorKind.HOLDER, account, someone.actor.name, patient=someone.patient)
    return Member(replace(someone, actor=actor), account, identifier)


def signed_in(who: Member) -> Client:
    """A browser in which this member is signed in already."""
    browser = Client()
    browser.force_login(
        get_user_model().objects.get(pk=who.account), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return browser


def cda(of: Holder, body: str = _SECTIONS) -> bytes:
    return _CDA.format(uid=f"1.2.250.1.999.{uuid4().int % 10**12}", ins=of.ins.number, body=body).encode()


def cda_with_file(of: Holder, data: bytes, media_type: str) -> bytes:
    text = base64.b64encode(data).decode()
    return cda(of, f'<nonXMLBody><text mediaType="{media_type}" representation="B64">{text}</text></nonXMLBody>')


def file(
    to: Holder,
    content: bytes,
    *,
    title: str = "Analyses de sang",
    by: Organisation | None = None,
    type_code: str = "11502-2",
    on: datetime = AT,
    at: datetime = AT,
    visibility: frozenset[Visibility] = frozenset(),
    replaces: str | None = None,
    uid: str | None = None,
) -> UUID:
    """Deposit a document as an organisation does; its id."""
    by = by or organisation()
    content = content.replace(b"11502-2", type_code.encode())
    stated: DocumentEntry = replace(
        entry(uid=uid, title=title, visibility=visibility),
        mime_type="text/xml",
        type=Coded(type_code, "2.16.840.1.113883.6.1"),
        class_=Coded(class_of(type_code)),
        service_start=on,
    )
    header = parse(content, zone=PARIS).document
    plain = replace(stated, mime_type="text/plain")
    sent = submission(to, document(stated if header else plain, content, replaces))
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=at
    ) as grant:
        return record.submit(grant, submission=sent, headers=[header]).documents[0]
