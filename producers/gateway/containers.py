"""Pure: whether bytes begin like audio a phone makes. Names and headers are not believed."""

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


def container(head: bytes) -> str | None:
    """The container that the first 64 bytes name, or None: text, playlists and pictures are not audio."""
    if head[4:8] == b"ftyp" and head[8:12].startswith(FTYP_BRANDS):
        return "mp4"
    if head[4:8] in (b"styp", b"moof", b"moov"):
        return "mp4"
    for magic, name in (
        (b"fLaC", "flac"),
        (b"OggS", "ogg"),
        (b"\x1aE\xdf\xa3", "webm"),
        (b"caff", "caf"),
        (b"#!AMR", "amr"),
        (b"ID3", "mp3"),
    ):
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "adts"
    return "mp3" if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 else None
