"""XDS.b as a feeder or a reader writes it (ITI TF-2: 3.18, 3.41, 3.42, 3.43, 3.57; CI-SIS): bodies of SOAP messages.

Written out, and not with the writers of our own door: what those would get wrong must not be right here.
"""

from xml.sax.saxutils import escape

from espace.site.conform.letters import AUTHOR, CLASS, FORMAT, TITLE, TYPE, Letter, new_oid, new_uuid
from espace.site.conform.staging import Stage

PROVIDE = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
QUERY = "urn:ihe:iti:2007:RegistryStoredQuery"
RETRIEVE = "urn:ihe:iti:2007:RetrieveDocumentSet"
UPDATE = "urn:ihe:iti:2010:UpdateDocumentSet"
REGISTER = "urn:ihe:iti:2007:RegisterDocumentSet-b"
FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
GET_RELATED = "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6"
FIND_FOLDERS = "urn:uuid:958f3006-baad-4929-a4de-ff1114824431"
GET_FOLDER_AND_CONTENTS = "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
CONTENT_ID = "document@conformite"
DOCUMENT, SET, FOLDER = "Document01", "SubmissionSet01", "Folder01"
RPLC, APND, XFRM, XFRM_RPLC = (
    f"urn:ihe:iti:2007:AssociationType:{one}" for one in ("RPLC", "APND", "XFRM", "XFRM_RPLC")
)
MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
_NAMES = (
    'xmlns="urn:ihe:iti:xds-b:2007" xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
    'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"'
)
_PERSON = f"{AUTHOR}^LE GOFF^Anne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
_SCHEMES = {
    "class": ("urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", CLASS, "1.2.250.1.213.1.1.4.1"),
    "confidentiality": ("urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f", "N", "2.16.840.1.113883.5.25"),
    "format": ("urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", FORMAT, "1.2.250.1.213.1.1.4.2.282"),
    "facility": ("urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "SA01", "1.2.250.1.71.4.2.4"),
    "practice": ("urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead", "ETABLISSEMENT", "1.2.250.1.213.1.1.4.9"),
    "type": ("urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", TYPE, "2.16.840.1.113883.6.1"),
}
_CONTENT_TYPE = ("urn:uuid:aa543740-bdda-424e-8c96-df4873be8500", "07", "1.2.250.1.213.2.2")


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{escape(value)}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


ORIGINAL = slot("SubmissionSetStatus", "Original")


def provide(
    stage: Stage, name: str = "first", *, target: str = "", link: str = RPLC, more: str = "", inline: bool = True
) -> str:
    """ITI-41 of one document, in the message or beside it; `target` is the entryUUID that it has that link to, `more`
    are further objects."""
    letter = stage.letter(name)
    include = f'<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:{CONTENT_ID}"/>'
    content = letter.base64 if inline else include
    linked = association(link, DOCUMENT, target) if target else ""
    return (
        f"<ProvideAndRegisterDocumentSetRequest {_NAMES}>{_submitted(stage, name, entry(stage, letter), linked, more)}"
        f'<Document id="{DOCUMENT}">{content}</Document></ProvideAndRegisterDocumentSetRequest>'
    )


def register(stage: Stage, repository: str, *, sized: bool = True) -> str:
    """ITI-42 of the first document, which that repository keeps; without its size where it is not `sized`."""
    described = entry(stage, stage.letter(), more=slot("repositoryUniqueId", repository))
    if not sized:
        described = described.replace(slot("size", str(len(stage.letter().content))), "")
    return _submitted(stage, "first", described, names=_NAMES)


def metadata(stage: Stage, name: str, file: str) -> str:
    """METADATA.XML of an XDM archive: the document is that file of its folder."""
    return _submitted(stage, name, entry(stage, stage.letter(name), more=slot("URI", file)), names=_NAMES)


def _submitted(stage: Stage, name: str, *objects: str, names: str = "") -> str:
    """A set that brings one document."""
    brought = association(MEMBER, SET, DOCUMENT, ORIGINAL)
    listed = "".join((*objects, submission_set(stage, f"set {name}"), brought))
    opened = f"lcm:SubmitObjectsRequest {names}".rstrip()
    return f"<{opened}><rim:RegistryObjectList>{listed}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"


def update(stage: Stage, target: str, before: str, after: str) -> str:
    """ITI-57: another status of the document of that entryUUID."""
    slots = slot("OriginalStatus", before) + slot("NewStatus", after)
    kind = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
    return _updating(stage, association(kind, SET, target, slots))


def restate(stage: Stage, target: str, version: int, title: str) -> str:
    """ITI-57: the first document, which has that entryUUID, by another title; `version` is the one that was read."""
    brought = association(MEMBER, SET, DOCUMENT, ORIGINAL + slot("PreviousVersion", str(version)))
    return _updating(stage, entry(stage, stage.letter(), lid=target, title=title) + brought)


def _updating(stage: Stage, objects: str) -> str:
    return (
        f"<lcm:SubmitObjectsRequest {_NAMES}><rim:RegistryObjectList>{submission_set(stage, 'update')}"
        f"{objects}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    )


def find(stage: Stage, *, whole: bool = True, patient: bool = True) -> str:
    """ITI-18, FindDocuments: the current documents of the patient."""
    said = {"$XDSDocumentEntryStatus": f"('{APPROVED}')"}
    if patient:
        said["$XDSDocumentEntryPatientId"] = f"'{stage.kit.patient.cx}'"
    return query(FIND_DOCUMENTS, said, whole=whole)


def get(stage: Stage, name: str = "first", *, whole: bool = True) -> str:
    """ITI-18, GetDocuments: one document by its uniqueId."""
    return query(GET_DOCUMENTS, {"$XDSDocumentEntryUniqueId": f"('{stage.letter(name).oid}')"}, whole=whole)


def set_uid(stage: Stage, name: str = "first") -> str:
    """The uniqueId of the set that brings this document."""
    return _set_uid(stage, f"set {name}")


def related(stage: Stage, link: str) -> str:
    """ITI-18, GetRelatedDocuments: what has that link to the first document, or this to it."""
    said = {"$XDSDocumentEntryUniqueId": f"'{stage.letter().oid}'", "$AssociationTypes": f"('{link}')"}
    return query(GET_RELATED, said)


def folders(stage: Stage) -> str:
    """ITI-18, FindFolders: the folders of the patient that are in use."""
    said = {"$XDSFolderPatientId": f"'{stage.kit.patient.cx}'", "$XDSFolderStatus": f"('{APPROVED}')"}
    return query(FIND_FOLDERS, said)


def folder_contents(stage: Stage) -> str:
    """ITI-18, GetFolderAndContents: the folder of the scenario."""
    return query(GET_FOLDER_AND_CONTENTS, {"$XDSFolderUniqueId": f"'{folder_oid(stage)}'"})


def query(kind: str, said: dict[str, str], *, whole: bool = True) -> str:
    slots = "".join(slot(name, value) for name, value in said.items())
    wanted = "LeafClass" if whole else "ObjectRef"
    return (
        '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" '
        'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f'<q:ResponseOption returnComposedObjects="true" returnType="{wanted}"/>'
        f'<rim:AdhocQuery id="{kind}">{slots}</rim:AdhocQuery></q:AdhocQueryRequest>'
    )


def retrieve(stage: Stage, repository: str) -> str:
    """ITI-43: the first document of the scenario."""
    return (
        f'<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"><DocumentRequest><RepositoryUniqueId>'
        f"{escape(repository)}</RepositoryUniqueId><DocumentUniqueId>{stage.letter().oid}</DocumentUniqueId>"
        "</DocumentRequest></RetrieveDocumentSetRequest>"
    )


def submission_set(stage: Stage, name: str) -> str:
    return (
        f'<rim:RegistryPackage id="{SET}">{slot("submissionTime", "20260304093000")}{_name(TITLE)}'
        '<rim:Classification id="set-kind" classifiedObject="SubmissionSet01" '
        'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
        + _author("urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", SET)
        + _code(SET, *_CONTENT_TYPE)
        + _identifier("urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", "XDSSubmissionSet.sourceId", stage.kit.source_id)
        + _identifier("urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", "XDSSubmissionSet.uniqueId",
                      _set_uid(stage, name))
        + _identifier("urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", "XDSSubmissionSet.patientId",
                      stage.kit.patient.cx)
        + "</rim:RegistryPackage>"
    )  # fmt: skip


def folder_oid(stage: Stage) -> str:
    return stage.id("folder", new_oid)


def folder(stage: Stage) -> str:
    """A folder that the set brings, and the document of the request in it."""
    codes = _code(FOLDER, "urn:uuid:1ba97051-7806-41a8-a48b-8fce7af683c5", "BANC", f"{stage.kit.source_id}.1")
    return (
        f'<rim:RegistryPackage id="{FOLDER}">{_name(TITLE)}<rim:Classification id="folder-kind" classifiedObject='
        f'"{FOLDER}" classificationNode="urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"/>{codes}'
        + _identifier("urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a", "XDSFolder.uniqueId", folder_oid(stage))
        + _identifier("urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a", "XDSFolder.patientId", stage.kit.patient.cx)
        + "</rim:RegistryPackage>"
        + association(MEMBER, SET, FOLDER, ORIGINAL)
        + association(MEMBER, FOLDER, DOCUMENT)
    )


def _set_uid(stage: Stage, name: str) -> str:
    return stage.id(f"xds {name}", new_uuid)


def association(kind: str, source: str, target: str, slots: str = "") -> str:
    return (
        f'<rim:Association id="{new_uuid()}" associationType="{kind}" sourceObject="{source}" '
        f'targetObject="{_attribute(target)}">{slots}</rim:Association>'
    )


def entry(stage: Stage, letter: Letter, *, lid: str = "", title: str = TITLE, more: str = "") -> str:
    """A DocumentEntry; `lid` is the entryUUID of one that is stated anew, `more` are further slots."""
    named = f' lid="{_attribute(lid)}"' if lid else ""
    patient = stage.kit.patient
    traits = (
        f"PID-5|{patient.birth_name}^{patient.given_names[0]}^{' '.join(patient.given_names)}^^^^L",
        f"PID-7|{patient.birth_date:%Y%m%d}",
        f"PID-8|{patient.sex}",
    )
    return (
        f'<rim:ExtrinsicObject id="{DOCUMENT}"{named} mimeType="text/xml" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        + slot("creationTime", "20260304090000")
        + slot("languageCode", "fr-FR")
        + slot("serviceStartTime", "20260304083000")
        + slot("legalAuthenticator", _PERSON)
        + slot("hash", letter.sha1.hex())
        + slot("size", str(len(letter.content)))
        + slot("sourcePatientId", patient.cx)
        + slot("sourcePatientInfo", *traits)
        + more
        + _name(title)
        + _author("urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d", DOCUMENT)
        + "".join(_code(DOCUMENT, *one) for one in _SCHEMES.values())
        + _identifier("urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", "XDSDocumentEntry.patientId", patient.cx)
        + _identifier("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", "XDSDocumentEntry.uniqueId", letter.oid)
        + "</rim:ExtrinsicObject>"
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _name(text: str) -> str:
    return f'<rim:Name><rim:LocalizedString value="{_attribute(text)}"/></rim:Name>'


def _code(of: str, scheme: str, code: str, system: str) -> str:
    return (
        f'<rim:Classification id="{new_uuid()}" classificationScheme="{scheme}" classifiedObject="{of}" '
        f'nodeRepresentation="{code}">{slot("codingScheme", system)}{_name(code)}</rim:Classification>'
    )


def _author(scheme: str, of: str) -> str:
    return (
        f'<rim:Classification id="{new_uuid()}" classificationScheme="{scheme}" classifiedObject="{of}" '
        f'nodeRepresentation="">{slot("authorPerson", _PERSON)}</rim:Classification>'
    )


def _identifier(scheme: str, name: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="{new_uuid()}" identificationScheme="{scheme}" value="{_attribute(value)}">'
        f"{_name(name)}</rim:ExternalIdentifier>"
    )
