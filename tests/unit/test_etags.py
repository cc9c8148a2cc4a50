"""Whether a caller has the current answer already."""

import pytest

from api.etags import etag_of, is_current

TAG = etag_of(b"body")


def test_a_tag_is_of_the_bytes() -> None:
    assert etag_of(b"body") == TAG
    assert etag_of(b"other") != TAG


@pytest.mark.parametrize(
    "header",
    [
        TAG,
        f"W/{TAG}",  # as a proxy that compresses makes it
        f'"other", {TAG}',
        f'W/"other",W/{TAG}',
        '"a,b", ' + TAG,  # a comma within a tag
        " * ",
        "*",
    ],
)
def test_the_caller_has_it(header: str) -> None:
    assert is_current(header, TAG)
    assert is_current(header, f"W/{TAG}")


@pytest.mark.parametrize("header", ["", '"other"', TAG.strip('"'), "W/", '"*"', TAG[:-2] + '"'])
def test_the_caller_has_another_or_none(header: str) -> None:
    assert not is_current(header, TAG)
