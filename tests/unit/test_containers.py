"""Containers: what phones record is recognised by its first bytes, and nothing else is."""

import pytest

from producers.gateway.containers import detect_container


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "mp4"),
        (b"\x00\x00\x00\x18ftypisom", "mp4"),
        (b"\x00\x00\x00\x18ftyp3gp5", "mp4"),
        (b"\x00\x00\x00\x18ftypheic", None),  # a picture
        (b"\x00\x00\x00\x18styp", "mp4"),
        (b"\x00\x00\x00\x18moof", "mp4"),
        (b"fLaC\x00\x00", "flac"),
        (b"OggS\x00\x02", "ogg"),
        (b"\x1aE\xdf\xa3", "webm"),
        (b"caff\x00\x01", "caf"),
        (b"#!AMR\n", "amr"),
        (b"ID3\x04", "mp3"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", None),
        (b"\xff\xf1\x50\x80", "adts"),
        (b"\xff\xf9\x50\x80", "adts"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xd8\xff\xe0", None),  # JPEG
        (b"\xff", None),
        (b"", None),
        (b"ffconcat version 1.0\n", None),
        (b"#EXTM3U\n", None),
        (b"just some text", None),
    ],
)
def test_a_container_is_known_by_its_first_bytes(head: bytes, container: str | None) -> None:
    assert detect_container(head) == container
