"""PDFs and photographs are opened in a bounded process of its own: what acts or bursts is refused, what a camera noted
is not kept."""

import io
import threading
import zlib
from collections.abc import Callable, Sequence

import pikepdf
import pytest
from django.conf import LazySettings, settings
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from cast import holder
from espace.kernel.words import Refused, Verb
from espace.record import actions, queries
from espace.record.adapters import inspection
from record.owning import add, opened, pdf, picture, refusing, upload

Make = Callable[[Pdf], object]
SHORT = pikepdf.ObjectStreamMode.generate


def made(make: Make = lambda _: None, *, pages: int = 1, **saving: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as new:
        for _ in range(pages):
            new.add_blank_page()
        make(new)
        new.save(out, **saving)
    return out.getvalue()


def action(**what: object) -> Make:
    def make(new: Pdf) -> None:
        new.Root.OpenAction = new.make_indirect(Dictionary(**what))

    return make


def script(new: Pdf) -> None:
    new.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", Dictionary(S=Name.JavaScript, JS="1")])))


def attached(new: Pdf) -> None:
    new.attachments["a.exe"] = b"MZ"


def form(new: Pdf) -> None:
    new.Root.AcroForm = Dictionary(XFA=new.make_stream(b"<xdp/>"), Fields=Array([]))


def form_that_shows(new: Pdf) -> None:
    new.Root.AcroForm = Dictionary(Fields=Array([]))


def link(new: Pdf) -> None:
    where = Dictionary(S=Name.URI, URI="https://exemple.fr/")
    new.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=where)])


def stream(data: bytes, **keys: object) -> Make:
    def make(new: Pdf) -> None:
        held = new.make_stream(data)
        for key, value in keys.items():
            held[f"/{key}"] = value
        new.Root.Held = held

    return make


def protected(user: str) -> dict[str, object]:
    return {"encryption": pikepdf.Encryption(owner="propriétaire", user=user)}


FILES: dict[str, tuple[bytes, str]] = {
    "a page": (made(), ""),
    "a link to the web": (made(link), ""),
    "a script mentioned in its text": (made(stream(b"/JavaScript /Launch")), ""),
    "a form that only shows": (made(form_that_shows), ""),
    "printing forbidden, no password": (made(**protected("")), ""),
    "a password": (made(**protected("secret")), "file_encrypted"),
    "a script at opening": (made(action(S=Name.JavaScript, JS="app.alert(1)")), "file_active"),
    "a script in a packed object": (made(action(S=Name.JavaScript, JS="1"), object_stream_mode=SHORT), "file_active"),
    "a script in a written name": (made(action(S=Name.JavaScript, JS="1")).replace(b"/JS", b"/J#53"), "file_active"),
    "a script by name": (made(script), "file_active"),
    "a program to launch": (made(action(S=Name.Launch, F="cmd.exe")), "file_active"),
    "a form to send": (made(action(S=Name.SubmitForm, F="http://192.0.2.1/")), "file_active"),
    "another file to open": (made(action(S=Name.GoToR, F="\\\\192.0.2.1\\a")), "file_active"),
    "a file inside": (made(attached), "file_active"),
    "a form of the old kind": (made(form), "file_active"),
    "a film": (made(stream(b"", Subtype=Name.RichMedia)), "file_active"),
    "a picture of a thousand million": (
        made(stream(b"x", Subtype=Name.Image, Width=100_000, Height=10_000)),
        "file_outsized",
    ),
    "too many pages": (made(pages=2001), "file_outsized"),
    "no page": (made(pages=0), "file_broken"),
    "noise": (b"%PDF-1.7 noise %%EOF", "file_broken"),
    "pages that turn in circles": (made().replace(b"/Kids [ 3 0 R ]", b"/Kids [ 2 0 R ]"), "file_broken"),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    """All of them in one process: one file never makes another's answer."""
    found = inspection.faults_of_pdf([data for data, _ in FILES.values()])
    return {name: fault.code if fault else "" for name, fault in zip(FILES, found, strict=True)}


@pytest.mark.parametrize("name", FILES)
def test_a_pdf_is_refused_for_what_it_holds(answers: dict[str, str], name: str) -> None:
    assert answers[name] == FILES[name][1]


def test_a_pdf_that_bursts_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed once or twice, some hundred bytes open to sixty million."""
    monkeypatch.setattr(inspection, "_OPENED", 50_000_000)
    once = zlib.compress(b"\0" * 60_000_000, 1)
    twice = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    flat = made(stream(once, Filter=Name.FlateDecode))
    bomb = made(stream(zlib.compress(once), Filter=Array([Name.FlateDecode, Name.FlateDecode])), **twice)
    assert len(bomb) < 5_000
    found = inspection.faults_of_pdf([pdf(), flat, bomb, pdf()])
    assert [fault and fault.code for fault in found] == [None, "file_outsized", "file_outsized", None]


def test_a_process_that_dies_or_hangs_refuses_the_file_that_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inspection.faults_of_pdf([]) == ()
    monkeypatch.setattr(inspection, "_SECONDS", 0.001)
    (fault,) = inspection.faults_of_pdf([pdf()])
    assert fault and fault.code == "file_outsized"
    monkeypatch.setattr(inspection.sys, "executable", "/nowhere")
    with pytest.raises(Refused) as caught:
        inspection.faults_of_pdf([pdf()])
    assert caught.value.reason.code == "temporarily_unavailable"


def test_few_files_are_opened_at_once_and_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is inside and one waits: the third is refused at once, the second when its time is over."""
    turns = inspection.Turns(at_once=1, waiting=1, seconds=0.2)
    monkeypatch.setattr(inspection, "TURNS", turns)
    with turns.taken():
        second = threading.Thread(target=waits, args=(told := list[str](),))
        second.start()
        while turns._queue._value:
            second.join(0.005)
        with pytest.raises(Refused) as third:
            inspection.faults_of_pdf([pdf()])
        assert third.value.reason.code == "files_busy"
        second.join()
        assert told == ["files_busy"]
    assert inspection.faults_of_pdf([pdf()]) == (None,), "every turn was given back"


def waits(told: list[str]) -> None:
    try:
        actions.photos_to_pdf([picture()])
    except Refused as refusal:
        told.append(refusal.reason.code)


@pytest.mark.django_db
def test_files_are_never_looked_into_inside_a_transaction() -> None:
    with opened(holder(), Verb.ADD), pytest.raises(TypeError):
        actions.inspected([upload(pdf())])


@pytest.mark.django_db
def test_what_a_camera_noted_is_neither_stored_nor_what_makes_two_documents_of_one_picture() -> None:
    camille, plain = holder(), picture()
    comment = b"\xff\xfe" + (len(PLANTED) + 2).to_bytes(2) + PLANTED
    (first,) = add(camille, upload(plain[:2] + comment + plain[2:], name="a.jpg"))
    assert add(camille, upload(plain, name="b.jpg")) == (first,)
    with opened(camille, Verb.READ) as grant:
        found = queries.content(grant, first)
    assert found.data == plain
    assert found.document.size == len(plain)


@pytest.mark.django_db
def test_what_is_found_inside_refuses_the_upload_at_its_place() -> None:
    camille = holder()
    with refusing() as found:
        add(camille, upload(), upload(FILES["a file inside"][0], name="a.pdf"), upload(pdf(), name="b.pdf"))
    assert found == [("file_active", "files[1]")]
    assert add(camille, upload(FILES["printing forbidden, no password"][0], name="labo.pdf"))


# --- photographs ------------------------------------------------------------------------------------------

PLANTED = b"Zygomatique"


def photo(turned: int = 1, size: tuple[int, int] = (320, 200)) -> bytes:
    """A picture, red above and blue below as its camera held it, with all that a camera notes."""
    noted = Image.Exif()
    noted[0x0112], noted[0x010E] = turned, PLANTED.decode()
    noted.get_ifd(0x8825).update({1: "N", 2: (47.0, 13.0, 0.0), 3: "W"})
    out, shot = io.BytesIO(), Image.new("RGB", size, "red")
    shot.paste("blue", (0, size[1] // 2, *size))
    shot.save(out, "JPEG", exif=noted, comment=PLANTED, icc_profile=PLANTED, xmp=PLANTED)
    return out.getvalue()


def pages(data: bytes) -> list[Image.Image]:
    with pikepdf.open(io.BytesIO(data)) as made:
        held = (next(iter(page.obj.Resources.XObject.as_dict().values())) for page in made.pages)
        return [pikepdf.PdfImage(one).as_pil_image() for one in held]


def test_photographs_become_pages_upright_and_without_what_the_camera_noted() -> None:
    shot = photo(turned=6)
    assert PLANTED in shot and b"Exif" in shot
    shots = [shot, photo(), picture("PNG", colour="#00ff0000", size=(30, 20))]
    made = actions.photos_to_pdf(shots)
    assert actions.photos_to_pdf(shots) == made
    assert made.startswith(b"%PDF-") and len(made) <= settings.ESPACE_UPLOAD_MAX_BYTES
    first, second, third = pages(made)
    assert [one.size for one in (first, second, third)] == [(200, 320), (320, 200), (30, 20)]
    assert nearest(first, (190, 160)) == "red" and nearest(first, (10, 160)) == "blue"
    assert nearest(second, (160, 10)) == "red" and nearest(second, (160, 190)) == "blue"
    assert PLANTED not in made and b"Exif" not in made
    (fault,) = inspection.faults_of_pdf([made])
    assert fault is None


def nearest(image: Image.Image, place: tuple[int, int]) -> str:
    red, _, blue = image.convert("RGB").getpixel(place)
    return "red" if red > 200 > blue else "blue" if blue > 200 > red else "neither"


def test_photographs_of_many_points_are_made_smaller_to_fit(settings: LazySettings) -> None:
    out = io.BytesIO()
    Image.effect_noise((2600, 1200), 90).convert("RGB").save(out, "JPEG", quality=60)
    (page,) = pages(actions.photos_to_pdf([out.getvalue()]))
    assert page.size == (2339, 1080)
    settings.ESPACE_UPLOAD_MAX_BYTES = 900_000
    (page,) = pages(actions.photos_to_pdf([out.getvalue()]))
    assert max(page.size) in (1754, 1240)
    settings.ESPACE_UPLOAD_MAX_BYTES = 100_000
    with refusing() as found:
        actions.photos_to_pdf([out.getvalue()])
    assert found == [("file_outsized", "")]


def test_the_picture_behind_a_telephones_picture_is_left() -> None:
    out, shot = io.BytesIO(), Image.new("RGB", (40, 20), "red")
    shot.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 10), "blue")])
    assert [page.size for page in pages(actions.photos_to_pdf([out.getvalue()]))] == [(40, 20)]


@pytest.mark.parametrize(
    ("images", "refused"),
    [
        ([], [("content_empty", "")]),
        ([picture(), pdf(), b"", b"bonjour"], [("file_kind_refused", "files[1]"), ("content_empty", "files[2]"),
                                              ("file_kind_refused", "files[3]")]),
        ([picture()] * 21, [("too_many_at_once", "")]),
    ],
)  # fmt: skip
def test_what_is_no_photograph_is_refused_at_its_place(
    images: Sequence[bytes], refused: list[tuple[str, str]]
) -> None:
    with refusing() as found:
        actions.photos_to_pdf(images)
    assert found == refused


def test_a_picture_that_cannot_be_decoded_is_broken() -> None:
    shot = bytearray(picture("PNG"))
    place = shot.index(b"IDAT") + 4
    shot[place : place + 8] = b"\0" * 8
    crc = zlib.crc32(shot[place - 4 : shot.index(b"IEND") - 8]).to_bytes(4)
    shot[shot.index(b"IEND") - 8 : shot.index(b"IEND") - 4] = crc
    with refusing() as found:
        actions.photos_to_pdf([bytes(shot)])
    assert found == [("file_broken", "")]
