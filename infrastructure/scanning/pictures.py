"""Pictures: how many pixels they unfold to, and a copy that holds nothing but the picture."""

import re
import struct
import tempfile
import warnings
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from infrastructure.limits import TookTooLong
from infrastructure.scanning.facts import FileFacts, measure
from infrastructure.scanning.places import without_place
from infrastructure.scanning.refusals import Reason, Refused

MOST_PIXELS = 50_000_000
IN_MEMORY = 1024 * 1024
HEIC = "image/heic"
FORMATS = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",)}
HEIC_SIZE = re.compile(rb"ispe\0{4}(.{8})", re.DOTALL)


def check_pixels(stream: IO[bytes], media_type: str) -> None:
    """Reads headers only: unfolding is what hurts."""
    stream.seek(0)
    if media_type == HEIC:
        sizes = [struct.unpack(">II", size) for size in HEIC_SIZE.findall(stream.read())]
    else:
        with _opened(stream, media_type) as picture:
            sizes = [picture.size]
    if not sizes:
        raise Refused(Reason.UNREADABLE)
    if any(width * height > MOST_PIXELS for width, height in sizes):
        raise Refused(Reason.TOO_MANY_PIXELS)


def clean_image(stream: IO[bytes], facts: FileFacts) -> tuple[IO[bytes], FileFacts]:
    """A JPEG or PNG drawn again, without place, camera, comments or hidden parts; a HEIC without its place.

    Other files are given back unchanged."""
    if facts.media_type not in (*FORMATS, HEIC):
        return stream, facts
    check_pixels(stream, facts.media_type)
    copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller reads it
    if facts.media_type == HEIC:
        stream.seek(0)
        copy.write(without_place(stream.read()))
    else:
        with _opened(stream, facts.media_type) as picture:
            _draw_again(picture, copy, FORMATS[facts.media_type][0])
    return copy, measure(copy, media_type=facts.media_type, extension=facts.extension)


def _opened(stream: IO[bytes], media_type: str) -> Image.Image:
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is lower
            return Image.open(stream, formats=FORMATS[media_type])
    except Image.DecompressionBombError:
        raise Refused(Reason.TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused(Reason.UNREADABLE) from None


def _draw_again(picture: Image.Image, copy: IO[bytes], format_name: str) -> None:
    try:
        upright = ImageOps.exif_transpose(picture)  # how to turn it is written beside it, and that goes
        if "transparency" in upright.info:
            upright = upright.convert("RGBA")
        upright.info.clear()  # Pillow writes comments and profiles that it finds here
        upright.save(copy, format=format_name, **({"quality": 90} if format_name == "JPEG" else {}))
    except (OSError, ValueError, SyntaxError, struct.error, MemoryError, TookTooLong):
        raise Refused(Reason.UNREADABLE) from None
