"""A source has the mutants that a reader would expect of it."""

from __future__ import annotations

import ast
from textwrap import dedent

from .changes import mutants


def after(source: str) -> list[str]:
    """Return what becomes of the lines of a source, a line for each mutant."""
    return [one.after for one in mutants("api/some", dedent(source).encode())]


def test_an_operator_a_constant_and_a_branch_are_changed() -> None:
    """A comparison has its bound moved and its direction turned; its branch needs no other."""
    found = after("def f(x):\n    if x < 3:\n        return x + 1\n    return -x\n")

    assert sorted(found) == sorted(
        [
            *("if x <= 3:", "if x >= 3:", "if x < 4:", "if (not (x < 3)):"),
            *("return x - 1", "return x + 2", "return x + 0", "return None", "return None"),
            "return (x)",
        ]
    )


def test_what_is_done_is_left_out() -> None:
    """A call, an assignment to an attribute, an exception and a keyword are left out."""
    found = after("def f(x):\n    x.go()\n    x.y = g(x, z=h)\n    raise ValueError('no, never')\n")

    assert found == ["pass", "pass", "x.y = None", "x.y = g(x)", "pass"]


def test_a_conversion_is_left_out() -> None:
    """What makes another form of its argument gives the argument itself."""
    assert "return (x)" in after("def f(x):\n    return tuple(x)\n")


def test_what_no_check_can_see_is_left_alone() -> None:
    """Annotations, docstrings, decorators, imports for types, texts and our own guards stay."""
    source = '''
        """What."""
        if TYPE_CHECKING:
            import a
        A: TypeAlias = Literal["b"]
        @dataclass(frozen=True)
        class C:
            """How."""
            x: tuple[int, 3]
            def f(self, y: Literal[1]) -> Literal[2]:
                """Why."""
                for one in zip(self, y, strict=True):
                    raise ValueError(f"one is {one}")
        '''

    assert after(source) == ["pass"]  # nothing is raised


def test_a_mutant_keeps_its_name_wherever_it_lies() -> None:
    """Its id is of its lines; of two that are alike, each has its own."""
    source = "def f(x):\n    x.go()\n    x.go()\n"
    here, there = (mutants("m", text.encode()) for text in (source, "import a\n\n\n" + source))

    assert [one.id for one in here] == [one.id for one in there]
    assert len({one.id for one in here}) == 2


def test_a_change_knows_the_lines_whose_execution_is_its_own() -> None:
    """A condition is executed with its line, a default with the body, a constant with neither."""
    source = "A = 5\ndef f(x=7):\n    if (x >\n            6):\n        return x\n"
    runs = {one.after: one.change.run for one in mutants("m", source.encode())}

    assert runs["A = 6"] == (0, 0)
    assert runs["def f(x=8):"] == (3, 5)
    assert runs["7):"] == (3, 4)


def test_a_mutant_differs_in_its_change_alone() -> None:
    """The text with the change is a program again."""
    source = b"def f(x):\n    return [y for y in x if y][1:]\n"

    for one in mutants("m", source):
        ast.parse(one.change.applied(source))
        assert one.change.applied(source) != source
