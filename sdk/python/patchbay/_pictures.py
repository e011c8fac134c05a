"""How large a picture is, by its first bytes."""

from __future__ import annotations

import base64
import struct
from typing import Optional, Tuple


def _jpeg_size(data: bytes) -> Optional[Tuple[int, int]]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def image_size(data: bytes) -> Optional[Tuple[int, int]]:
    """(width, height) of a PNG, GIF, JPEG or WebP; None: it is none of them, or cut off."""
    try:
        if data.startswith(b"\x89PNG"):
            return struct.unpack(">II", data[16:24])  # type: ignore[return-value]
        if data.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack("<HH", data[6:10])  # type: ignore[return-value]
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
        if data[8:16] == b"WEBPVP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        if data[8:16] == b"WEBPVP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if data[8:16] == b"WEBPVP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        pass
    return None


#: Characters of a picture in base64 that are read; its size stands in front.
_HEAD = 1 << 16


def get_image_dimensions(data: str) -> Tuple[int, int]:
    """(width, height) of a picture in base64, also as a `data:` address. Raises ValueError for what it is not: nothing is
    fetched."""
    text = data.partition(",")[2] if data.startswith("data:") else data
    try:
        size = image_size(base64.b64decode(text[:_HEAD]))
    except ValueError:
        size = None
    if size is None:
        raise ValueError("get_image_dimensions(): expected a PNG, GIF, JPEG or WebP in base64")
    return size
