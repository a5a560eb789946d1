"""A picture is kept as a picture and nothing else: no place, no camera, nothing hidden."""

import hashlib
import io

import pytest
from PIL import Image, PngImagePlugin

from infrastructure.scanning.pictures import clean_image
from infrastructure.scanning.refusals import Reason, Refused
from infrastructure.scanning.structure import inspect
from tests.infrastructure.scanning import files

PLACE = b"Oakfield Lane 7"
MAKE, ORIENTATION, GPS, GPS_AREA = 0x010F, 0x0112, 0x8825, 0x001C


def camera_data(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[MAKE] = PLACE.decode()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[GPS_AREA] = PLACE
    return exif.tobytes()


def cleaned(content: bytes, name: str) -> bytes:
    facts = inspect(io.BytesIO(content), name)
    copy, new = clean_image(io.BytesIO(content), facts)
    clean = copy.read()
    assert (new.sha256, new.size) == (hashlib.sha256(clean).hexdigest(), len(clean))
    assert (new.media_type, new.extension) == (facts.media_type, facts.extension)
    return clean


def test_a_photograph_forgets_where_it_was_taken() -> None:
    content = files.picture("JPEG", exif=camera_data(), comment=PLACE)
    assert PLACE in content
    clean = cleaned(content, "photo.jpg")
    assert PLACE not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_a_scan_forgets_its_notes() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", PLACE.decode())
    content = files.picture("PNG", exif=camera_data(), pnginfo=notes)
    assert content.count(PLACE) >= 2
    assert PLACE not in cleaned(content, "scan.png")


def test_a_photograph_keeps_standing_upright() -> None:
    turned = files.picture("JPEG", size=(40, 20), exif=camera_data(orientation=6))
    assert Image.open(io.BytesIO(cleaned(turned, "photo.jpg"))).size == (20, 40)


def test_a_web_page_inside_a_picture_is_gone() -> None:
    content = files.png_with_markup()
    assert content.count(b"<script") == 2
    assert b"<script" not in cleaned(content, "scan.png")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_looks_the_same_afterwards(mode: str) -> None:
    file = io.BytesIO()
    before = (
        Image.linear_gradient("L").resize((16, 16)).convert("RGBA").convert("L" if mode == "I;16" else mode)
    )
    before = before.convert("I;16") if mode == "I;16" else before
    before.save(file, "PNG")
    after = Image.open(io.BytesIO(cleaned(file.getvalue(), "scan.png")))
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()


def test_what_can_be_seen_through_stays_so() -> None:
    glass = files.picture("PNG", transparency=(0, 128, 128))
    after = Image.open(io.BytesIO(cleaned(glass, "scan.png")))
    assert after.convert("RGBA").getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_can_be_cleaned(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (8, 8)).save(file, "JPEG")
    assert Image.open(io.BytesIO(cleaned(file.getvalue(), "photo.jpg"))).mode == mode


def test_a_torn_picture_is_refused() -> None:
    content = files.picture("JPEG", size=(200, 200))[:-300]
    with pytest.raises(Refused) as refused:
        cleaned(content, "photo.jpg")
    assert refused.value.reason_code is Reason.UNREADABLE


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_phone_picture_forgets_its_place_and_stays_otherwise_as_it_is(order: str) -> None:
    exif = Image.Exif()
    exif.endian = order
    exif[MAKE] = "A phone"
    exif.get_ifd(GPS).update({GPS_AREA: PLACE, 0x0002: (51.0, 30.0, 26.5), 0x0001: "N"})
    content = files.heic() + exif.tobytes() + b"the picture itself"
    clean = cleaned(content, "phone.heic")
    assert len(clean) == len(content)
    assert PLACE not in clean
    read = Image.Exif()
    read.load(clean[clean.index(b"Exif") :])
    assert read[MAKE] == "A phone"
    assert dict(read.get_ifd(GPS)) == {}
    assert clean.endswith(b"the picture itself")


def test_camera_data_that_points_nowhere_does_no_harm() -> None:
    for tail in (b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0MM\0*", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"):
        assert cleaned(files.heic() + tail, "phone.heic") == files.heic() + tail


def test_other_files_are_left_as_they_are() -> None:
    for name, content in (("letter.pdf", files.PDF), ("letter.docx", files.office())):
        assert cleaned(content, name) == content
