"""The page of an imaging examination's manifest: what it is and how it opens, never an error."""

import re
from uuid import UUID

import pytest

import kos_made as made
from cast import AT, Holder, document, entry, organisation, sender, submission
from espace.access import gate
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb
from espace.record import actions as record
from espace.wire import kos
from espace.wire.nomenclature import KEY_OBJECT_SELECTION
from espace.wire.xds import Coded
from portal.helpers import member, signed_in

pytestmark = pytest.mark.django_db


def filed(to: Holder) -> tuple[UUID, bytes]:
    data = made.manifest(number=to.ins.number, authority=to.ins.authority)
    stated = replace(
        entry(uid=f"urn:oid:{made.SOP}", title="Images de la radio du poignet"),
        mime_type=kos.MEDIA_TYPE,
        type=Coded("IMG-KOS"),
        class_=Coded("31"),
        format=Coded(KEY_OBJECT_SELECTION),
    )
    sent = submission(to, document(stated, data))
    with gate.open_record(
        actor=sender(organisation()), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
    ) as grant:
        return record.submit(grant, submission=sent, headers=[kos.read(data).document]).documents[0], data


def test_a_manifest_says_that_its_images_open_with_a_viewer() -> None:
    camille = member()
    one, data = filed(camille.of)
    browser = signed_in(camille)
    page = browser.get(f"/documents/{one}/")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))
    assert page.status_code == 200
    assert "Images d’un examen (à ouvrir avec une visionneuse)." in words
    assert "Télécharger le lien vers les images" in words
    assert "ne peut pas être affiché" not in words
    offered = browser.get(f"/documents/{one}/pieces/1/?telecharger")
    assert (offered.content, offered["Content-Type"]) == (data, "application/dicom")
    assert offered["Content-Disposition"] == 'attachment; filename="Images de la radio du poignet.dcm"'
