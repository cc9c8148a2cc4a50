"""Generated blocks inside pages that people write: text between two HTML comments."""


def with_block(page: str, name: str, content: str) -> str:
    """Return `page` with the text between `<!-- name -->` and `<!-- end of name -->` replaced.

    Raises ValueError when a page has no such block.
    """
    first = f"<!-- {name} -->\n"
    last = f"<!-- end of {name} -->"
    before, opened, rest = page.partition(first)
    _, closed, after = rest.partition(last)
    if not opened or not closed:
        raise ValueError(f"no block between {first.strip()} and {last}")
    return f"{before}{first}\n{content.strip()}\n\n{last}{after}"
