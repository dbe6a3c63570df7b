"""Diagrams are canonical: two functions are equal exactly where they are one node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.diagram import Diagram
from triage.diagram.forest import NO, YES, Forest, Node
from triage.errors import TangledError
from triage.rulebook import load_rulebook

SIZES = (2, 3, 2)
CELLS = list(product(*(range(size) for size in SIZES)))

tables = st.lists(st.integers(0, 2), min_size=len(CELLS), max_size=len(CELLS))
truths = st.lists(st.booleans(), min_size=len(CELLS), max_size=len(CELLS))


def built(forest: Forest, table: Sequence[object], depth: int = 0) -> Node:
    """The function that a table of its values is, cell by cell."""
    if depth == len(SIZES):
        return forest.leaf(table[0])
    part = len(table) // SIZES[depth]
    parts = [table[place * part : (place + 1) * part] for place in range(SIZES[depth])]
    return forest.node(depth, [built(forest, each, depth + 1) for each in parts])


def values(forest: Forest, node: Node) -> Iterator[object]:
    """The values of a function, cell by cell."""
    for cell in CELLS:
        here = node
        while forest.depths[here] < forest.depth:
            here = forest.children[here][cell[forest.depths[here]]]
        yield forest.values[here]


@given(one=tables, other=tables)
def test_two_functions_are_one_node_exactly_where_they_are_equal(
    one: list[int], other: list[int]
) -> None:
    forest = Forest(SIZES)
    assert (built(forest, one) == built(forest, other)) == (one == other)
    assert list(values(forest, built(forest, one))) == one


@given(one=truths, other=truths, third=truths)
def test_joining_is_done_cell_by_cell(
    one: list[bool], other: list[bool], third: list[bool]
) -> None:
    forest = Forest(SIZES)
    nodes = [built(forest, table) for table in (one, other, third)]
    both = [x and y for x, y in zip(one, other, strict=True)]
    either = [x or y for x, y in zip(one, other, strict=True)]
    chosen = [y if x else z for x, y, z in zip(one, other, third, strict=True)]
    assert forest.both(nodes[0], nodes[1]) == built(forest, both)
    assert forest.either(nodes[0], nodes[1]) == built(forest, either)
    assert forest.opposite(nodes[0]) == built(forest, [not x for x in one])
    assert forest.choose(*nodes) == built(forest, chosen)
    assert forest.every(nodes) == forest.both(forest.both(nodes[0], nodes[1]), nodes[2])


@given(one=tables, other=tables)
def test_values_are_made_of_the_values_of_two(one: list[int], other: list[int]) -> None:
    forest = Forest(SIZES)
    joined = forest.join(add, built(forest, one), built(forest, other))
    assert joined == built(forest, [x + y for x, y in zip(one, other, strict=True)])
    assert forest.map(double, joined) == built(
        forest, [2 * (x + y) for x, y in zip(one, other, strict=True)]
    )


@given(table=tables, depth=st.integers(0, 2))
def test_a_function_with_a_variable_fixed_no_longer_asks_it(table: list[int], depth: int) -> None:
    forest = Forest(SIZES)
    node = built(forest, table)
    for place in range(SIZES[depth]):
        fixed = forest.fix(node, depth, place)
        at = [(*cell[:depth], place, *cell[depth + 1 :]) for cell in CELLS]
        assert list(values(forest, fixed)) == [table[CELLS.index(cell)] for cell in at]


def test_true_and_one_are_two_values() -> None:
    forest = Forest(SIZES)
    assert (forest.leaf(value=False), forest.leaf(value=True)) == (NO, YES)
    assert forest.leaf(1) not in (NO, YES)


def add(one: int, other: int) -> int:
    return one + other


def double(one: int) -> int:
    return 2 * one


def test_what_grows_past_all_bounds_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.diagram.forest.MOST_NODES", 1_000)
    with pytest.raises(TangledError, match="these rules are too tangled"):
        Diagram.of(load_rulebook())
