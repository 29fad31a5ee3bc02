"""Reads an mp3 file frame by frame, without decoding it: what it claims, and what is there.

Decoders are forgiving: they skip junk and stop silently where a file breaks off. Whoever uploads a
melody wants to know. After ISO 11172-3 and 13818-3, and the Xing, Info and VBRI headers.
"""

from __future__ import annotations

from dataclasses import dataclass

KILOBITS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Bit rates by MPEG version (2 stands for 2.5 too) and layer, for the indexes 1 to 14."""

RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples per second by the version's two bits: 1, 2 and 2.5."""

MONO = 3
"""The channel mode of one channel."""

APE_FOOTER = 32
HEADER = 4
"""Bytes of a frame's header; a file can be cut short in the middle of one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of one frame: ``size`` in bytes, ``samples`` per channel."""

    layer: int
    rate: int
    channels: int
    size: int
    samples: int
    side: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What is in a file.

    Args:
        frames: how many whole frames of sound follow one another.
        first: the header of the first, None when there is no frame at all.
        announced: how many frames the file says it has, None when it says nothing.
        missing: bytes that the last frame lacks: the file is cut short.
        rest: bytes behind the sound that are neither tag nor padding.
        changes: whether rate or channels change on the way.
        start, end: where the frames are, between the tags.
    """

    frames: int
    first: Frame | None
    announced: int | None = None
    missing: int = 0
    rest: int = 0
    changes: bool = False
    start: int = 0
    end: int = 0

    @property
    def seconds(self) -> float:
        """How long the frames last."""
        return self.frames * self.first.samples / self.first.rate if self.first else 0.0

    @property
    def announced_seconds(self) -> float:
        """How long the file says it lasts."""
        return (self.announced or 0) * self.first.samples / self.first.rate if self.first else 0.0


def walk(data: bytes) -> Walk:
    """Go through a file from frame to frame.

    Args:
        data: the whole file.
    """
    start, end = _after_tags(data), _before_tags(data)
    place, first = start, header(data, start)
    if first is None:
        return Walk(0, None)
    announced = _announced(data, place, first)
    if announced is not None:
        place += first.size  # the frame that announces holds no sound
    frames, missing, changes = 0, 0, False
    while (frame := header(data, place)) is not None and place < end:
        if place + frame.size > end:
            missing = place + frame.size - end
            place = end
            break
        changes = changes or (frame.rate, frame.channels) != (first.rate, first.channels)
        frames += 1
        place += frame.size
    if 0 < end - place < HEADER and data[place] == 0xFF:
        missing, place = HEADER - (end - place), end
    rest = len(data[place:end].strip(b"\0"))
    return Walk(frames, first, announced, missing, rest, changes, start, place)


def header(data: bytes, place: int) -> Frame | None:
    """The frame that begins at a place, None when none does."""
    head = data[place : place + HEADER]
    if len(head) < HEADER or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or rate == 3 or bits in (0, 15):
        return None
    hertz = RATES[version][rate]
    one = version == 3
    rated = KILOBITS[1 if one else 2, layer][bits - 1] * 1000
    padding = head[2] >> 1 & 1
    samples = {1: 384, 2: 1152, 3: 1152 if one else 576}[layer]
    if layer == 1:
        size = (12 * rated // hertz + padding) * 4
    else:
        size = samples // 8 * rated // hertz + padding
    channels = 1 if head[3] >> 6 == MONO else 2
    side = {(True, 1): 17, (True, 2): 32, (False, 1): 9, (False, 2): 17}[one, channels]
    return Frame(layer, hertz, channels, size, samples, side)


def _after_tags(data: bytes) -> int:
    """Where the sound begins: behind ID3v2 tags and zeros."""
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + 10:
        size = data[place + 6 : place + 10]
        footer = 10 if data[place + 5] & 0x10 else 0
        place += 10 + footer + sum((byte & 0x7F) << 7 * (3 - nth) for nth, byte in enumerate(size))
    while data[place : place + 1] == b"\0":
        place += 1
    return place


def _before_tags(data: bytes) -> int:
    """Where the sound may end: before ID3v1, Lyrics3 and APE tags."""
    end = len(data)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 9 : end] == b"LYRICS200" and data[end - 15 : end - 9].isdigit():
        end -= 15 + int(data[end - 15 : end - 9])
    if data[end - APE_FOOTER : end - APE_FOOTER + 8] == b"APETAGEX":
        size = int.from_bytes(data[end - 20 : end - 16], "little")
        headed = data[end - 9] & 0x80  # the topmost bit of the flags: the tag has a header too
        end -= size + (APE_FOOTER if headed else 0)
    return max(end, 0)


def _announced(data: bytes, place: int, first: Frame) -> int | None:
    """How many frames a Xing, Info or VBRI header in the first frame promises."""
    xing = place + 4 + first.side
    if data[xing : xing + 4] in (b"Xing", b"Info"):
        has_frames = data[xing + 7 : xing + 8] and data[xing + 7] & 1
        return int.from_bytes(data[xing + 8 : xing + 12], "big") if has_frames else 0
    vbri = place + 4 + 32
    if data[vbri : vbri + 4] == b"VBRI":
        return int.from_bytes(data[vbri + 14 : vbri + 18], "big")
    return None
