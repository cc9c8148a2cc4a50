"""ID3 tags before files that are no MP3. Pure."""

import re

ID3 = re.compile(rb"ID3[\x02-\x04].", re.DOTALL)
ID3_HEAD = 10
TAGGED = re.compile(
    rb"fLaC|RIFF|RF64|BW64|FORM|caff|OggS|\x1aE\xdf\xa3|....ftyp|#!AMR|riff|\.snd"
    rb"|\xff[\xf0\xf1\xf8\xf9]|0&\xb2u|wvpk|FLV\x01|TTA1|Creative|\x0bw|\0\0\x01\xba|G@",
    re.DOTALL,
)
"""Beginnings of files that taggers write an ID3 tag before. FFmpeg takes it for an MP3."""


def untagged(body: bytes) -> bytes:
    """The file behind ID3 tags, where one begins there; MP3s stay as they are."""
    at = behind_tags(body)
    if not TAGGED.match(body, at):
        return body
    return body[at:]


def behind_tags(body: bytes) -> int:
    """Where the ID3 tags end with which a body begins."""
    at = 0
    while ID3.match(body, at) and at + ID3_HEAD <= len(body):
        digits = body[at + 6 : at + ID3_HEAD]
        at += ID3_HEAD + _synchsafe(digits)
    return at


def _synchsafe(digits: bytes) -> int:
    """A number of ID3: seven bits in each byte, the highest ones first."""
    number = 0
    for digit in digits:
        number = number << 7 | digit
    return number
