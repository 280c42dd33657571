"""The WSDL 1.1 of an address of this door, made of its table: what is not taken is not described.

The schemas say the frame of each message, in which the IHE ones (ebRS 3.0) fit; what registry objects hold is told by
ITI TF-3, 4.2, better than by any schema.
"""

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from espace.exchange.xds import wsdl_national
from espace.exchange.xds.asked import Transaction
from espace.wire.ebxml.schemes import LCM, QUERY, RIM, RS, XDSB

_OWN = "urn:ihe:iti:xds-b:2007:espace"
_PREFIXES = {"xdsb": XDSB, "lcm": LCM, "rim": RIM, "rs": RS, "query": QUERY} | wsdl_national.PREFIXES
_NAMES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _PREFIXES.items())
_ADDRESSING = "http://www.w3.org/2007/05/addressing/metadata"
_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"

_ANY = '<xs:any minOccurs="0" maxOccurs="unbounded" namespace="##any" processContents="lax"/>'
_FREE = '<xs:anyAttribute namespace="##any" processContents="lax"/>'
_STATUS = "".join(
    f'<xs:attribute name="{name}" type="xs:anyURI" use="{use}"/>'
    for name, use in (("status", "required"), ("requestId", "optional"))
)
_SCHEMAS = {
    RIM: f"""
<xs:element name="RegistryObjectList"><xs:complexType><xs:sequence>{_ANY}</xs:sequence></xs:complexType></xs:element>
<xs:element name="AdhocQuery"><xs:complexType><xs:sequence>{_ANY}</xs:sequence>{_FREE}</xs:complexType></xs:element>""",
    LCM: """
<xs:element name="SubmitObjectsRequest"><xs:complexType><xs:sequence>
<xs:element ref="rim:RegistryObjectList"/></xs:sequence></xs:complexType></xs:element>""",
    RS: f"""
<xs:element name="RegistryErrorList"><xs:complexType><xs:sequence>
<xs:element name="RegistryError" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
<xs:extension base="xs:string"><xs:attribute name="errorCode" type="xs:string" use="required"/>
<xs:attribute name="codeContext" type="xs:string" use="required"/><xs:attribute name="severity" type="xs:anyURI"/>
<xs:attribute name="location" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
</xs:sequence><xs:attribute name="highestSeverity" type="xs:anyURI"/></xs:complexType></xs:element>
<xs:complexType name="RegistryResponseType"><xs:sequence>
<xs:element ref="rs:RegistryErrorList" minOccurs="0"/></xs:sequence>{_STATUS}</xs:complexType>
<xs:element name="RegistryResponse" type="rs:RegistryResponseType"/>""",
    QUERY: f"""
<xs:element name="AdhocQueryRequest"><xs:complexType><xs:sequence>
<xs:element name="ResponseOption"><xs:complexType><xs:attribute name="returnType" type="xs:string"/>
<xs:attribute name="returnComposedObjects" type="xs:boolean"/></xs:complexType></xs:element>
<xs:element ref="rim:AdhocQuery"/></xs:sequence>{_FREE}</xs:complexType></xs:element>
<xs:element name="AdhocQueryResponse"><xs:complexType><xs:sequence>
<xs:element ref="rs:RegistryErrorList" minOccurs="0"/><xs:element ref="rim:RegistryObjectList" minOccurs="0"/>
</xs:sequence>{_STATUS}{_FREE}</xs:complexType></xs:element>""",
    XDSB: """
<xs:element name="ProvideAndRegisterDocumentSetRequest"><xs:complexType><xs:sequence>
<xs:element ref="lcm:SubmitObjectsRequest"/>
<xs:element name="Document" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
<xs:extension base="xs:base64Binary"><xs:attribute name="id" type="xs:anyURI" use="required"/></xs:extension>
</xs:simpleContent></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="RetrieveDocumentSetRequest"><xs:complexType><xs:sequence>
<xs:element name="DocumentRequest" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="HomeCommunityId" type="xs:string" minOccurs="0"/>
<xs:element name="RepositoryUniqueId" type="xs:string"/><xs:element name="DocumentUniqueId" type="xs:string"/>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="RetrieveDocumentSetResponse"><xs:complexType><xs:sequence>
<xs:element ref="rs:RegistryResponse"/>
<xs:element name="DocumentResponse" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="HomeCommunityId" type="xs:string" minOccurs="0"/>
<xs:element name="RepositoryUniqueId" type="xs:string"/><xs:element name="DocumentUniqueId" type="xs:string"/>
<xs:element name="mimeType" type="xs:string"/><xs:element name="Document" type="xs:base64Binary"/>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>""",
    **wsdl_national.SCHEMAS,
}
_SERVICES = {"repository": "DocumentRepository", "registry": "DocumentRegistry", "patients": "PatientRegistry"}


def describe(name: str, address: str, transactions: Mapping[str, Transaction]) -> bytes:
    """The description of the service `name` (the last word of its address) at this URL."""
    listed, service = transactions.values(), _SERVICES.get(name, name.capitalize())
    parts = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/"',
        f' xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsam="{_ADDRESSING}" xmlns:own="{_OWN}"',
        f' {_NAMES} name="{service}" targetNamespace="{_OWN}">\n<w:types>',
        *(_schema(namespace, body) for namespace, body in _SCHEMAS.items()),
        "</w:types>\n",
        *map(_messages, listed),
        f'<w:portType name="{service}_PortType">\n{"".join(map(_operation, listed))}</w:portType>\n',
        f'<w:binding name="{service}_Binding" type="own:{service}_PortType">\n',
        f'<soap:binding style="document" transport="{_TRANSPORT}"/>\n{"".join(map(_bound, listed))}</w:binding>\n',
        f'<w:service name="{service}_Service"><w:port name="{service}_Port" binding="own:{service}_Binding">',
        f"<soap:address location={quoteattr(address)}/></w:port></w:service>\n</w:definitions>\n",
    )
    return "".join(parts).encode()


def _schema(namespace: str, body: str) -> str:
    imports = "".join(f'<xs:import namespace="{other}"/>' for other in _SCHEMAS if other != namespace)
    return (
        f'\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}"'
        f' elementFormDefault="qualified">{imports}{body}\n</xs:schema>'
    )


def _called(one: Transaction) -> str:
    """The name of the operation: the last word of its action."""
    return one.action.rpartition(":")[2]


def _qualified(tag: str) -> str:
    namespace, _, local = tag.removeprefix("{").partition("}")
    return f"{next(prefix for prefix, name in _PREFIXES.items() if name == namespace)}:{local}"


def _messages(one: Transaction) -> str:
    said = {f"{_called(one)}_Message": one.element, f"{_called(one)}Response_Message": one.answer}
    parts = {name: f'<w:part name="body" element="{_qualified(tag)}"/>' for name, tag in said.items()}
    return "".join(f'<w:message name="{name}">{part}</w:message>\n' for name, part in parts.items())


def _operation(one: Transaction) -> str:
    name = _called(one)
    return (
        f'<w:operation name="{name}"><w:input message="own:{name}_Message" wsam:Action="{one.action}"/>'
        f'<w:output message="own:{name}Response_Message" wsam:Action="{one.answers}"/></w:operation>\n'
    )


def _bound(one: Transaction) -> str:
    return (
        f'<w:operation name="{_called(one)}"><soap:operation soapAction="{one.action}"/>'
        '<w:input><soap:body use="literal"/></w:input><w:output><soap:body use="literal"/></w:output></w:operation>\n'
    )
