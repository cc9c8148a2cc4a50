"""Tables for terminals and pages: cells come out as they went in."""

from deploy.table_printer import as_text, markdown


def test_markdown_has_no_padding_and_takes_brackets_as_they_are() -> None:
    lines = markdown(("word", "n"), [("lah", 2), ("[red]", ""), ("a  b", 10)])
    assert lines == ["| word | n |", "|---|---|", "| lah | 2 |", "| [red] | |", "| a  b | 10 |"]


def test_no_cell_is_wrapped() -> None:
    long = "word " * 200
    assert len(markdown(("text",), [(long,)])) == 3


def test_text_is_aligned() -> None:
    assert as_text(("a", "b"), [("long", 1), ("x", 2)]).splitlines() == [
        "a     b",
        "long  1",
        "x     2",
    ]
