"""Answers to uploads that cannot be decoded: what is wrong with them, and what helps. Pure."""

from adapters.audio.protected import is_protected
from adapters.http.problems import HttpProblem

LATER_BOXES = (b"styp", b"moof", b"sidx", b"mdat", b"prft")
"""Boxes of MP4 that a later fragment begins with."""
LATER_ELEMENTS = (b"\x1fC\xb6u", b"\xa3", b"\xa0", b"\xe7")
"""Elements of WebM that a later blob begins with: Cluster, SimpleBlock, BlockGroup, Timestamp."""
FIRST_BOXES = (b"ftyp", b"wide", b"free", b"skip")
"""Boxes of MP4 and QuickTime that a whole file begins with."""
EBML = b"\x1aE\xdf\xa3"
OGG = b"OggS"
OGG_FIRST = 2
"""Flag of the first page of a stream."""


def undecodable(body: bytes) -> HttpProblem:
    """415, with the reason as far as the bytes show it."""
    if is_protected(body):
        return _problem(
            "protected-file",
            "Protected file",
            "The sound of this file is encrypted (DRM), as that of films and songs of shops is: "
            "nobody can hear it without the key. Send a recording without protection.",
        )
    if _is_later_piece(body):
        return _problem(
            "later-piece",
            "Piece of a recording",
            "This is a later piece of a recording: the head that says how to decode it is missing. "
            "A recorder with a timeslice writes the head into its first piece alone. Send whole "
            "files: stop the recorder and start it anew for each chunk.",
        )
    if _is_unfinished(body):
        return _problem(
            "unfinished-file",
            "Unfinished file",
            "The index of this file is missing: the recorder was stopped before it wrote the end. "
            "Let it finish, or record fragmented MP4, WebM or Ogg.",
        )
    return _problem(
        "not-audio",
        "Not audio",
        "No sound in these bytes can be decoded. Send a whole file of m4a or mp4, webm, ogg, flac, "
        "wav, aiff, caf, mp3, aac, amr or 3gp.",
    )


def decoder_failed() -> HttpProblem:
    """415 for a file that the decoder died of: it may be well, and its owner keeps it."""
    return _problem(
        "decoder-failed",
        "Decoder failed",
        "The decoder failed on this file: a fault of ours, of which we are told. Keep the file: a "
        "newer version may take it. The same sound in another format may be taken now.",
    )


def _is_later_piece(body: bytes) -> bool:
    if body[4:8] in LATER_BOXES:
        return b"moov" not in body
    if body.startswith(OGG):
        return len(body) > 5 and not body[5] & OGG_FIRST
    return body.startswith(LATER_ELEMENTS) and EBML not in body


def _is_unfinished(body: bytes) -> bool:
    """Whether an index is missing that stands behind the sound: of MP4, or of packets in CAF."""
    if body.startswith(b"caff"):
        return b"pakt" not in body
    return body[4:8] in FIRST_BOXES and b"moov" not in body


def _problem(kind: str, title: str, detail: str) -> HttpProblem:
    return HttpProblem(415, kind, title, detail)
