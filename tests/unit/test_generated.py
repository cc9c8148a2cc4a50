"""Blocks of pages that people write, and the diagram of the stages."""

import pytest

from deploy.generators import architecture
from deploy.generators.blocks import with_block
from schemas import stages

PAGE = "before\n<!-- b -->\nold\n<!-- end of b -->\nafter\n"


def test_a_block_is_replaced_and_the_rest_stays() -> None:
    once = with_block(PAGE, "b", "new")
    assert once == "before\n<!-- b -->\n\nnew\n\n<!-- end of b -->\nafter\n"
    assert with_block(once, "b", "new") == once


def test_a_page_without_the_block_is_refused() -> None:
    with pytest.raises(ValueError, match="no block"):
        with_block(PAGE, "c", "new")


def test_the_diagram_and_the_table_have_every_stage() -> None:
    arrows = "\n".join(architecture.diagram())
    rows = "\n".join(architecture.table())
    for role in (*stages.ALL, *stages.FOLDS):
        assert f"`{role.name}`" in rows
        assert f"[{role.name}]" in arrows
