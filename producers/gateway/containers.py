"""Detects the audio container of some bytes. Names and headers of the upload are not trusted."""

FTYP_BRANDS = (
    b"M4A ",
    b"M4B ",
    b"mp41",
    b"mp42",
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"dash",
    b"3gp",
    b"3g2",
    b"qt  ",
    b"avc1",
    b"msdh",
)
"""Brands of MP4 files that phones and browsers record."""
MP4_FRAGMENTS = (b"styp", b"moof", b"moov")
"""Boxes that a later piece of a fragmented MP4 begins with."""
MAGIC = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"caff", "caf"),
    (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
)


def detect_container(head: bytes) -> str | None:
    """The container that the first 64 bytes name; None for text, playlists and pictures. Pure."""
    box = head[4:8]
    if box in MP4_FRAGMENTS or (box == b"ftyp" and head[8:12].startswith(FTYP_BRANDS)):
        return "mp4"
    for magic, name in MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    return _mpeg_frame(head)


def _mpeg_frame(head: bytes) -> str | None:
    """A bare stream of MPEG frames: ADTS has layer 0, MP3 has layer 3."""
    if len(head) < 2 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "adts"
    if head[1] & 0xE6 == 0xE2:
        return "mp3"
    return None
