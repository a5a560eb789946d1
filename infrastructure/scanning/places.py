"""Wipe the place out of a picture that cannot be drawn again here (HEIC), without moving a byte of it."""

import re
import struct

CAMERA_DATA = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
GPS_POINTER = 0x8825
ENTRY_BYTES = 12
FITS_IN_ENTRY = 4
BYTES_OF_TYPE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


def without_place(content: bytes) -> bytes:
    """Coordinates, altitude and time of the satellite become zeros; all else stays where it was."""
    wiped = bytearray(content)
    for found in CAMERA_DATA.finditer(content):
        try:
            _CameraData(wiped, found.end()).wipe_place()
        except struct.error:  # it points outside the file: nothing that a reader could follow either
            continue
    return bytes(wiped)


class _CameraData:
    """The tables of TIFF: a count, then entries of tag, type, count and value (or where the value is)."""

    def __init__(self, content: bytearray, start: int) -> None:
        self._content = content
        self._start = start
        self._order = "<" if content[start : start + 2] == b"II" else ">"

    def wipe_place(self) -> None:
        for entry in self._entries(self._number("I", self._start + 4)):
            if self._number("H", entry) == GPS_POINTER:
                self._wipe_table(self._number("I", entry + 8))

    def _wipe_table(self, offset: int) -> None:
        for entry in self._entries(offset):
            size = BYTES_OF_TYPE.get(self._number("H", entry + 2), 1) * self._number("I", entry + 4)
            if size > FITS_IN_ENTRY:
                self._wipe(self._start + self._number("I", entry + 8), size)
            self._wipe(entry, ENTRY_BYTES)
        self._wipe(self._start + offset, 2)

    def _entries(self, offset: int) -> list[int]:
        first = self._start + offset + 2
        count = self._number("H", first - 2)
        return [first + number * ENTRY_BYTES for number in range(count)]

    def _number(self, size: str, position: int) -> int:
        number: int = struct.unpack_from(self._order + size, self._content, position)[0]
        return number

    def _wipe(self, position: int, size: int) -> None:
        end = min(position + size, len(self._content))
        self._content[position:end] = bytes(max(end - position, 0))
