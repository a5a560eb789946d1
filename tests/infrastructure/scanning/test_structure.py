"""A file is taken only if it is of a kind we know, can be read by everybody, and unfolds to a bearable size."""

import hashlib
import io

import pytest
from PIL import Image

from infrastructure.scanning import archives
from infrastructure.scanning.archives import unpack
from infrastructure.scanning.refusals import LARGEST_BYTES, SENTENCES, Reason, Refused
from infrastructure.scanning.structure import inspect, media_type_of
from tests.infrastructure.scanning import files

SOUND = {
    "letter.pdf": (files.PDF, "application/pdf"),
    "letter.docx": (files.office("docx"), f"{files.OOXML}.wordprocessingml.document"),
    "costs.xlsx": (files.office("xlsx"), f"{files.OOXML}.spreadsheetml.sheet"),
    "talk.pptx": (files.office("pptx"), f"{files.OOXML}.presentationml.presentation"),
    "letter.odt": (files.opendocument(), "application/vnd.oasis.opendocument.text"),
    "letter.rtf": (files.RTF, "application/rtf"),
    "letter.txt": (files.TEXT, "text/plain"),
    "old.txt": ("A café in Windows".encode("cp1252"), "text/plain"),
    "photo.jpg": (files.picture("JPEG"), "image/jpeg"),
    "PHOTO.JPEG": (files.picture("JPEG"), "image/jpeg"),
    "scan.png": (files.picture("PNG"), "image/png"),
    "phone.heic": (files.heic(), "image/heic"),
    "voice.mp3": (files.MP3, "audio/mpeg"),
    "voice.m4a": (files.M4A, "audio/mp4"),
    "memo.m4a": (files.PHONE_RECORDING, "audio/mp4"),
    "with-a-table.docx": (
        files.office(more={"word/embeddings/costs.xlsx": files.office("xlsx")}),
        f"{files.OOXML}.wordprocessingml.document",
    ),
}


def refusal(name: str, content: bytes, declared_type: str = "") -> Reason:
    with pytest.raises(Refused) as refused:
        inspect(io.BytesIO(content), name, declared_type)
    assert refused.value.sentence == SENTENCES[refused.value.reason_code]
    return refused.value.reason_code


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_sound_file_is_taken_for_what_it_is(name: str) -> None:
    content, media_type = SOUND[name]
    stream = io.BytesIO(content)
    facts = inspect(stream, name, "application/octet-stream")
    assert facts.media_type == media_type
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.size == len(content)
    assert facts.extension == name.lower().rpartition(".")[2].replace("jpeg", "jpg")
    assert stream.tell() == 0


@pytest.mark.parametrize("name", sorted(SOUND))
def test_no_file_is_taken_under_the_name_of_another_kind(name: str) -> None:
    content, media_type = SOUND[name]
    for other, (_, other_type) in SOUND.items():
        if other_type != media_type and not (media_type == "text/plain" and other_type == "text/plain"):
            assert refusal(other, content) is Reason.WRONG_TYPE


@pytest.mark.parametrize(
    "name",
    [
        "page.html",
        "drawing.svg",
        "data.xml",
        "all.zip",
        "run.exe",
        "old.doc",
        "macro.docm",
        "list.csv",
        "none",
        ".pdf",
        "",
    ],
)
def test_other_kinds_are_refused_by_name(name: str) -> None:
    assert refusal(name, files.PDF) is Reason.WRONG_TYPE
    with pytest.raises(Refused):
        media_type_of(name)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><title>x</title>",
        b"\xef\xbb\xbf \n<html><script>1</script></html>",
        b"<!-- harmless --><svg xmlns='http://www.w3.org/2000/svg'/>",
        b'<?xml version="1.0"?><svg/>',
        b"<script>1</script>",
    ],
)
def test_markup_under_any_name_is_refused(content: bytes) -> None:
    for name in SOUND:
        assert refusal(name, content) is Reason.WRONG_TYPE


@pytest.mark.parametrize("declared", ["text/html", "Image/SVG+XML; charset=utf-8", "application/javascript"])
def test_a_file_that_is_sent_as_a_web_page_is_refused(declared: str) -> None:
    assert refusal("letter.pdf", files.PDF, declared) is Reason.WRONG_TYPE


def test_text_without_letters_is_refused() -> None:
    assert refusal("letter.txt", "Windows „Unicode“".encode("utf-16")) is Reason.WRONG_TYPE
    assert refusal("letter.txt", b"\x81\x8d\xff") is Reason.WRONG_TYPE
    assert refusal("letter.txt", files.PROGRAM) is Reason.WRONG_TYPE


def test_an_empty_file_says_so() -> None:
    assert refusal("letter.pdf", b"") is Reason.EMPTY


def test_the_limit_is_25_megabytes_and_not_a_byte_more() -> None:
    padded = files.PDF.ljust(LARGEST_BYTES, b"\n")
    assert inspect(io.BytesIO(padded), "letter.pdf").size == LARGEST_BYTES
    assert refusal("letter.pdf", padded + b"\n") is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", files.LOCKED_PDF),
        ("letter.docx", files.LOCKED_WORD),
        ("letter.docx", files.marked_encrypted(files.office())),
        ("letter.odt", files.opendocument(b"<manifest:encryption-data/>")),
    ],
)
def test_a_password_is_named_as_the_reason(name: str, content: bytes) -> None:
    assert refusal(name, content) is Reason.PASSWORD_PROTECTED


def test_an_old_word_document_is_not_taken_for_a_locked_one() -> None:
    assert refusal("letter.docx", files.OLD_WORD) is Reason.WRONG_TYPE


def test_macros_are_refused() -> None:
    assert refusal("letter.docx", files.office("docm")) is Reason.WRONG_TYPE
    assert refusal("letter.docx", files.office(more={"word/vbaProject.bin": b"x"})) is Reason.MACROS


@pytest.mark.parametrize(
    "content",
    [
        files.office(more={f"{number}.xml": b"" for number in range(1_000)}),
        files.bomb(entries=4, megabytes=60),
        files.bomb(entries=1, megabytes=20),
        files.nested(b"x", depth=3),
        files.nested(files.EICAR, depth=4),
        files.nested(files.EICAR, depth=12),
        files.overlapping(),
        files.reaching_into_directory(),
    ],
    ids=["entries", "bytes", "ratio", "depth 3", "depth 4", "depth 12", "overlap", "reach"],
)
def test_a_file_that_unfolds_without_measure_is_refused(content: bytes) -> None:
    assert refusal("letter.docx", content) is Reason.UNSAFE_ARCHIVE


def test_many_embedded_archives_share_one_budget() -> None:
    inner = files.archive({f"{number}": b"" for number in range(300)})
    content = files.office(more={f"{number}.bin": inner for number in range(4)})
    assert refusal("letter.docx", content) is Reason.UNSAFE_ARCHIVE


@pytest.mark.parametrize("name", ["../up.xml", "/root.xml", "a\\b.xml", "c:evil.xml", "word/../../up.xml"])
def test_a_path_that_leads_elsewhere_is_refused(name: str) -> None:
    assert refusal("letter.docx", files.office(more={name: b"x"})) is Reason.UNREADABLE


def test_bytes_are_counted_over_all_archives_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = files.archive({"a": files.TEXT * 10})
    content = files.office(more={"1.bin": inner, "2.bin": inner})
    unpacked = sum(len(member.content.read()) for member in unpack(io.BytesIO(content)))
    monkeypatch.setattr(archives, "MOST_BYTES", unpacked)
    inspect(io.BytesIO(content), "letter.docx")
    monkeypatch.setattr(archives, "MOST_BYTES", unpacked - 1)
    assert refusal("letter.docx", content) is Reason.UNSAFE_ARCHIVE


def test_two_files_of_one_name_are_refused() -> None:
    twins = files.office(more={"part-a.xml": b"1", "part-b.xml": b"2"}).replace(b"part-b.xml", b"part-a.xml")
    assert refusal("letter.docx", twins) is Reason.UNREADABLE


def test_a_film_is_not_taken_for_a_recording() -> None:
    assert refusal("voice.m4a", files.FILM) is Reason.WRONG_TYPE


def test_a_directory_that_lies_is_refused() -> None:
    lying = files.lying_about_size(files.office(more={"big.xml": bytes(100_000)}), "big.xml", 10)
    assert refusal("letter.docx", lying) is Reason.UNREADABLE
    assert refusal("letter.docx", files.office()[:-30]) is Reason.UNREADABLE


def test_what_comes_out_is_what_went_in() -> None:
    content = files.office(more={"inner.bin": files.archive({"deep.txt": files.TEXT})})
    seen = {(member.depth, member.name): member.content.read() for member in unpack(io.BytesIO(content))}
    assert seen[2, "deep.txt"] == files.TEXT
    assert set(seen) == {(1, "[Content_Types].xml"), (1, "main.xml"), (1, "inner.bin"), (2, "deep.txt")}


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 9_000), (7_072, 7_072)])
def test_a_picture_of_too_many_pixels_is_refused_unopened(size: tuple[int, int]) -> None:
    content = files.flat_png(*size)
    assert len(content) < 1_000_000
    assert refusal("scan.png", content) is Reason.TOO_MANY_PIXELS
    assert refusal("phone.heic", files.heic(*size)) is Reason.TOO_MANY_PIXELS


def test_a_large_photograph_is_taken() -> None:
    assert inspect(io.BytesIO(files.flat_png(7_000, 7_000)), "scan.png").media_type == "image/png"


def test_a_picture_that_cannot_be_opened_is_refused() -> None:
    assert refusal("scan.png", files.picture("PNG")[:20]) is Reason.UNREADABLE
    assert refusal("phone.heic", files.heic().replace(b"ispe", b"xxxx")) is Reason.UNREADABLE
    assert Image.MAX_IMAGE_PIXELS is not None


def test_every_reason_has_a_sentence_for_people() -> None:
    for reason in Reason:
        assert SENTENCES[reason].startswith("The selected ")
        assert not SENTENCES[reason].endswith(".")
