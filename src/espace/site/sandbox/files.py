"""The files that a vendor takes away, and the small archive of them."""

import csv
import json
import shlex
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cryptography.x509 import load_pem_x509_certificate

from espace.site.enrolment_file import HEADER
from espace.site.sandbox import documents, words
from espace.site.sandbox.facts import Sandbox
from espace.wire.cda_writing import Patient

FOLDER = "bac-a-sable"


def files_of(made: Sandbox, *, url: str, certificates: Mapping[str, str], at: datetime) -> dict[str, bytes]:
    """Name → content. `url` is the address of the platform; every file is text."""
    letter, second, third = (documents.letter(made, place, at=at) for place in range(3))
    texts = {
        **{name: _page(*page, made, url, bool(certificates)) for name, page in words.PAGES.items()},
        "espace.env": _environment(made, url),
        "token.sh": words.TO_GET_A_TOKEN,
        "key.pem": made.private_key,
        "keys.json": json.dumps(made.jwks, indent=1) + "\n",
        "patients.csv": _patients(made),
        "conform.toml": _conformity(made, url, with_certificates=bool(certificates)),
        "message.hl7": documents.message(made, 1, second, at=at),
        **certificates,
        **(_by_soap(made, third, url, certificates, at) if certificates else {}),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        "letter.xml": letter,
        "bundle.json": documents.bundle(made, letter, at=at),
    }


def archive(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """A ZIP of one folder, whose files their owner alone reads."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as opened:
        for name, content in sorted(files.items()):
            info = ZipInfo(f"{FOLDER}/{name}", (at.year, at.month, at.day, at.hour, at.minute, 0))
            info.external_attr, info.compress_type = 0o600 << 16, ZIP_DEFLATED
            opened.writestr(info, content)
    return made.getvalue()


def _by_soap(
    made: Sandbox, content: bytes, url: str, certificates: Mapping[str, str], at: datetime
) -> dict[str, str]:
    """The message about the third patient, and what signs it."""
    structure = made.structure.organisation.id
    signing = load_pem_x509_certificate(certificates[f"{structure}.signature.pem"].encode())
    issuer = signing.subject.rfc4514_string()
    program = words.TO_SIGN.format(structure=structure, url=url, issuer=issuer, signed=documents.SIGNED)
    return {"message.xml": documents.envelope(made, 2, content, url=url, at=at), "soap.py": program}


def _environment(made: Sandbox, url: str) -> str:
    """What is typed by somebody stands in a comment, on one line: names have no sign that ends it."""
    keys = made.jwks["keys"]
    kid = keys[0]["kid"] if isinstance(keys, list) else ""
    return words.ENVIRONMENT.format(
        organisation=made.vendor.organisation,
        software=made.vendor.software,
        url=shlex.quote(url),
        client=made.client_id,
        key=kid,
        structure=made.structure.organisation.id,
        source=made.structure.source_id,
        professional=made.professional.id,
        token=made.professional_token,
        ins=[one.ins for one in made.patients],
        authority=made.patients[0].authority,
    )


def _conformity(made: Sandbox, url: str, *, with_certificates: bool) -> str:
    """All that the conformance kit is given, about the last patient: nothing of it was typed by anybody."""
    patient, structure, professional = made.patients[-1], made.structure.organisation.id, made.professional.id
    cards = {
        "authorities": 'ca = "authority.pem"\n',
        "feeding": f'certificate = "{structure}.connection.pem"\nsigning_certificate = "{structure}.signature.pem"\n',
        "reading": f'certificate = "{professional}.pem"\n',
    }
    return words.CONFORMITY.format(
        url=url,
        ins=patient.ins,
        authority=patient.authority,
        birth_name=patient.birth_name,
        given_names=" ".join(patient.given_names),
        birth_date=patient.birth_date.isoformat(),
        sex=patient.sex,
        birth_place=patient.birth_place,
        structure=structure,
        source=made.structure.source_id,
        token=made.professional_token,
        professional=professional,
        **(cards if with_certificates else dict.fromkeys(cards, "")),
    )


def _page(text: str, of_certificates: str, made: Sandbox, url: str, with_certificates: bool) -> str:
    numbers = {"structure": made.structure.organisation.id, "professional": made.professional.id}
    return text.format(
        organisation=made.vendor.organisation,
        software=made.vendor.software,
        url=url,
        deposit=words.FIRST_DEPOSIT,
        message=words.FIRST_MESSAGE,
        reading=words.READING,
        certificates=of_certificates.format(**numbers, soap=words.FIRST_SOAP) if with_certificates else "",
    )


def _patients(made: Sandbox) -> str:
    """In the form of `./espace enrol`."""
    written = StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(HEADER)
    lines.writerows(_line(one) for one in made.patients)
    return written.getvalue()


def _line(one: Patient) -> tuple[str, ...]:
    given, born = " ".join(one.given_names), one.birth_date.isoformat()
    return (one.ins, one.authority, one.birth_name, given, born, one.sex, one.birth_place, "")
