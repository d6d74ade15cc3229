"""Tests of `fitspec.conformance.running.smoke`: what a person who writes an adapter is told."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from fitspec.conformance.environments.environment import BuildFailed, Unavailable
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.running.smoke import NotStarted, Step, smoke, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.implementations.implementation import Implementation

HOSTILE = Path(__file__).parents[1] / "hostile"

pytestmark = pytest.mark.usefixtures("leaves_nothing")


@pytest.fixture
def adapted(tmp_path: Path) -> Callable[[str], Implementation]:
    """Return the reference, driven by an adapter in which something is otherwise."""

    def write(methods: str) -> Implementation:
        file = tmp_path / "mine.py"
        body = textwrap.indent(textwrap.dedent(methods), "    ")
        file.write_text(
            "from fitspec.adapters import NotOffered\n"
            "from fitspec.adapters.reference import Reference as _Reference\n\n\n"
            f"class Mine(_Reference):\n{body}\n",
            "utf-8",
        )
        return find(str(file))

    return write


def test_an_adapter_that_works_is_told_so() -> None:
    """Every step says what was seen, and the numbers are those that can be derived by hand."""
    steps = list(smoke(find("reference")))

    assert [step.mend for step in steps] == [""] * 9
    seen = {step.name: step.saw for step in steps}
    assert "fitspec" in seen["start"]
    # What is installed is told without its folder.
    assert " from " not in seen["start"]
    assert seen["read it"] == "the weights are {y: [[[1]]]}"
    assert seen["read it again"] == "the weights are {y: [[[1.5]]]}"
    assert seen["evaluate"] == "it returned 1.25"
    assert seen["predict"] == "it returned [[1.5], [4.5]]"
    assert "train_batch_end, epoch_end, train_end" in seen["callback"]


#: What is otherwise in an adapter -> the step that shows it, what is seen, what to look at.
OTHERWISE = {
    "def build_sgd(self, rate, momentum): return super().build_sgd(2 * rate, momentum)": (
        "read it again",
        "expected 1.5",
        "`build_sgd`",
    ),
    'def weights(self, model): raise NotOffered("attribute", "w", "it is to be written")': (
        "read it",
        "not offered",
        "write `weights(model)`",
    ),
    "def weights(self, model): raise NotImplementedError": (
        "read it",
        "NotImplementedError",
        "write `weights(model)`",
    ),
    "def weights(self, model): import no_such_library": (
        "read it",
        "No module named 'no_such_library'",
        "the package no_such_library: name it in `dependencies`",
    ),
    "def weights(self, model): return {}": ("read it", "the weights are {}", "the layer is called"),
    "methods = {'evaluate': 'nowhere'}": ("evaluate", "not offered", "`methods`"),
    "reveals = {}": ("fit", "it returned History", "`reveals`"),
    "callback_class = None": ("callback", "not offered", "`callback_class` and `hooks`"),
    "callback_class = object": ("callback", "", "`hooks`"),
}


@pytest.mark.parametrize("code", OTHERWISE)
def test_what_is_wrong_is_told_with_what_to_mend(
    code: str, adapted: Callable[[str], Implementation]
) -> None:
    """The first step that does not come out names the part of the adapter to look at."""
    name, saw, mend = OTHERWISE[code]

    steps = list(smoke(adapted(code)))

    wrong = next(step for step in steps if step.mend)
    assert wrong.name == name
    assert saw in wrong.saw
    assert mend in wrong.mend


def test_an_end_of_the_process_ends_the_steps(adapted: Callable[[str], Implementation]) -> None:
    """After the worker has died no further step is tried."""
    steps = list(smoke(adapted("def weights(self, model): import os; os._exit(3)")))

    assert steps[-1].fatal
    assert "exited with status 3" in steps[-1].saw


@pytest.mark.parametrize(
    ("file", "reason", "mend"),
    [
        ("import_fails.py", "a_package_that_is_nowhere", "name it in `dependencies`"),
        ("no_adapter.py", "must define one subclass", "one class derived from `Adapter`"),
        ("hooks_of_its_own.py", "none called batch_begin; there are train_begin", "what is said"),
        ("exits_on_import.py", "no device found", "what is said above of exits_on_import.py"),
    ],
)
def test_what_does_not_start_says_where_to_begin(file: str, reason: str, mend: str) -> None:
    """The last words of the worker are there, and what they point to."""
    with pytest.raises(NotStarted) as caught:
        list(smoke(find(str(HOSTILE / file))))
    assert reason in caught.value.reason
    assert mend in caught.value.mend
    assert "mend first: " in str(caught.value)


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        (BuildFailed("pip said no", log=Path("a.log")), "the requirements"),
        (Unavailable("no Python", "install it"), "install it"),
    ],
)
def test_an_environment_that_is_not_built_is_told(
    error: Exception, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is started the environment has to be there."""

    def prepare(*_: object, **__: object) -> Path:
        raise error

    monkeypatch.setattr("fitspec.conformance.running.smoke.prepare", prepare)

    with pytest.raises(NotStarted) as caught:
        list(smoke(find("reference")))
    assert mend in caught.value.mend


def told(*steps: Step) -> tuple[bool, str]:
    """Return whether something is wrong, and what is printed."""
    console = Console(file=io.StringIO(), width=40, color_system=None)
    wrong = tell("mine", steps, console)
    assert isinstance(console.file, io.StringIO)
    return wrong, console.file.getvalue()


def test_the_steps_are_printed_as_they_are_taken() -> None:
    """Each has a line, with what is to be mended below it."""
    wrong, text = told(Step("fit", "one epoch [bold]"), Step("predict", "raised\n  E: no", "that"))

    assert wrong
    assert text == (
        "✓ fit            one epoch [bold]\n"
        "✗ predict        raised\n"
        "                 E: no\n"
        "                 mend first: that\n"
        "\nmine: 1 step did not come out as expected; what your library does not have may stay so,"
        " and the rest is shown by fitspec run mine\n"
    )


def test_after_a_success_the_next_command_is_told() -> None:
    """Who has an adapter that works is told what comes next."""
    assert told(Step("fit", "one epoch"))[1].endswith("mine works; now: fitspec run mine\n")
    assert told(Step("fit", "one epoch"))[0] is False
