"""Small files of every kind we take, and of kinds that mean harm, all made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

# In two halves, so that no scanner takes this source for what it describes.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
RTF = rb"{\rtf1\ansi A fictional letter.}"
TEXT = "A fictional letter about nobody, with a café and a “quote”.".encode()
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + bytes(400)
M4A = struct.pack(">I", 24) + b"ftypM4A \0\0\0\0M4A isom" + bytes(64)
PHONE_RECORDING = (
    struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + b"\0\0\0!hdlr" + bytes(8) + b"soun" + bytes(64)
)
FILM = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + b"\0\0\0!hdlr" + bytes(8) + b"vide" + bytes(64)
PROGRAM = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(64)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument".encode("utf-16-le") + bytes(512)
LOCKED_WORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
)
LOCKED_PDF = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R")

OOXML = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {
    "docx": f"{OOXML}.wordprocessingml.document.main+xml",
    "xlsx": f"{OOXML}.spreadsheetml.sheet.main+xml",
    "pptx": f"{OOXML}.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}


def archive(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return file.getvalue()


def office(kind: str = "docx", more: Mapping[str, bytes] | None = None) -> bytes:
    types = f'<Types><Override PartName="/main.xml" ContentType="{MAIN_PARTS[kind]}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), "main.xml": b"<document/>", **(more or {})})


def opendocument(manifest: bytes = b"<manifest:manifest/>") -> bytes:
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"<office:document-content/>",
            "META-INF/manifest.xml": manifest,
        },
        method=zipfile.ZIP_STORED,
    )


def nested(content: bytes, *, depth: int) -> bytes:
    """`content` inside a document, inside as many archives as make up the depth."""
    for _ in range(depth - 1):
        content = archive({"inner.zip": content})
    return office(more={"inner.bin": content})


def picture(kind: str = "PNG", *, size: tuple[int, int] = (8, 4), **more: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **more)
    return file.getvalue()


def heic(width: int = 4032, height: int = 3024) -> bytes:
    size = b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", width, height)
    return (
        struct.pack(">I", 24)
        + b"ftypheic\0\0\0\0mif1heic"
        + struct.pack(">I", 200)
        + b"meta"
        + size
        + bytes(172)
    )


def flat_png(width: int, height: int) -> bytes:
    """A picture of one colour, whose bytes are few whatever its size."""
    rows = zlib.compressobj(9)
    line = b"\0" + bytes(width // 8 + 1)
    data = b"".join(rows.compress(line) for _ in range(min(height, 2_000))) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", data), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def png_with_markup() -> bytes:
    """A sound picture with a web page in a comment and another one behind its end."""
    sound = picture("PNG")
    comment = _chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    return sound[:33] + comment + sound[33:] + b"<html><script>alert(2)</script></html>"


def bomb(*, entries: int = 4, megabytes: int = 60) -> bytes:
    zeros = bytes(megabytes * 1024 * 1024)
    return office(more={f"part{number}.xml": zeros for number in range(entries)})


def overlapping(entries: int = 50) -> bytes:
    """Many names for the same bytes."""
    kernel = archive({"0000": bytes(1_000)})
    start = kernel.index(b"PK\x01\x02")
    end = kernel.index(b"PK\x05\x06")
    directory = b"".join(
        kernel[start : start + 46] + f"{number:04}".encode() + kernel[start + 50 : end]
        for number in range(entries)
    )
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), start, 0)
    return kernel[:start] + directory + tail


def marked_encrypted(content: bytes) -> bytes:
    """Sets the flag of every entry in the directory, as a zip with a password has it."""
    changed = bytearray(content)
    position = changed.find(b"PK\x01\x02")
    while position >= 0:
        changed[position + 8] |= 1
        position = changed.find(b"PK\x01\x02", position + 4)
    return bytes(changed)


def lying_about_size(content: bytes, name: str, claimed: int) -> bytes:
    """The directory promises fewer bytes than come out."""
    changed = bytearray(content)
    position = changed.rfind(name.encode()) - 46
    changed[position + 24 : position + 28] = struct.pack("<I", claimed)
    return bytes(changed)


def reaching_into_directory() -> bytes:
    """The last file claims bytes that are the directory's."""
    changed = bytearray(archive({"a.xml": bytes(50)}, method=zipfile.ZIP_STORED))
    position = changed.find(b"PK\x01\x02")
    changed[position + 20 : position + 28] = struct.pack("<II", 70, 70)
    return bytes(changed)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
