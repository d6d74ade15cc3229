"""Running the checks from a program: what is behind the command line."""

from __future__ import annotations

import fnmatch
import os
import re
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

import pytest

from fitspec.conformance.running import plugin
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.suite import Suite, find_subjects
from fitspec.conformance.running.suite_key import SUITE
from fitspec.conformance.worker.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.running.turns import Turns


#: The folder of the checks.
CHECKS: Traversable = files("fitspec.conformance") / "checks"
#: How a check names the clause that it decides.
_MARK: Final = re.compile(r'^@clause\(\s*"([^"]+)"', re.MULTILINE)


class HarnessFault(RuntimeError):  # noqa: N818  as `WorkerFailed`, it says what happened
    """The run itself failed; nothing was found out about any implementation."""


class NothingToCheck(ValueError):  # noqa: N818  as above
    """No check is for the implementations and among the clauses that were asked for."""


def run(  # noqa: PLR0913  what is run where, and who hears of it
    *subjects: str | Implementation,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    environment: bool = False,
    listener: Listener | None = None,
    limits: Limits | None = None,
    examples: int | None = None,
    turns: Turns | None = None,
) -> Report:
    """Hold implementations against the contract and return what was found.

    An adapter that is none of fitspec's is run in the interpreter that this is called in, which has
    the library as it is worked on; what fitspec has a name for, in an environment of its own.

    Args:
        subjects: names, paths of adapter files, or implementations.
        clauses: patterns of clause ids, such as ``fit.validation_split.*``; none means all.
        python: an interpreter to use for all, instead of building environments.
        environment: whether to build the environment that an adapter of one's own asks for, with
            the library as it was released.
        listener: hears what happens meanwhile.
        limits: how long an implementation may take, and how much it may say.
        examples: how many points to draw for each clause that states a law, beside those that
            its check names; without a number, a few.
        turns: names the checks of the one implementation, and when; without it, all are made in
            their own order.

    Raises:
        ValueError: an implementation is unknown or given twice, `python` does not run, or is
            given besides `environment`; an adapter asks for another Python than the one at hand; no
            check of their profiles matches `clauses`, or `examples` is negative.
        HarnessFault: the run could not be carried out.
        KeyboardInterrupt: it was interrupted; no process is left.
    """
    if examples is not None and examples < 0:
        raise ValueError(f"examples: {examples}; a number from 0 was expected")
    if environment and python is not None:
        raise ValueError(f"environment: one is to be built, and python is {python}; give one")
    found = find_subjects(subjects, python, at_hand=not environment)
    suite = Suite(found, python, listener or Listener(), limits or Limits(), examples)
    handover = _Handover(suite)
    try:
        status = _pytest([handover] if turns is None else [handover, turns], clauses)
    finally:
        suite.close()
    if handover.interrupted:
        raise KeyboardInterrupt
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        names = " or ".join(item.name for item in found)
        raise NothingToCheck(f"no check matches {', '.join(clauses)} of those that are for {names}")
    if handover.internal_error is not None:
        raise HarnessFault(f"the run broke off:\n{handover.internal_error}")
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not suite.faults:
        raise HarnessFault(f"pytest ended with status {int(status)}")
    return suite.report()


class _Handover:
    """Gives the suite to the plugin before that would make one of its options, and listens."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self.interrupted = False
        self.internal_error: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SUITE] = self._suite
        # Nobody sees pytest's own account of a failure, which reads and parses sources for it.
        config.option.tbstyle = "native"

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest also says so when it stops because a module cannot be imported.
        self.interrupted = not isinstance(excinfo.value, pytest.Session.Interrupted)

    def pytest_internalerror(self, excrepr: object) -> None:
        self.internal_error = str(excrepr)


def _pytest(plugins: Sequence[object], clauses: Sequence[str]) -> int:
    with as_file(CHECKS) as folder, _no_user_settings():
        arguments = [
            *map(str, _modules_of(clauses) or [folder]),
            *("--rootdir", str(folder), "-c", os.devnull, "--import-mode=importlib"),
            # Else pytest looks through every folder above, and takes what a conftest.py there says.
            f"--confcutdir={folder}",
            *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", plugin.__name__),
            # Checks claim by `expect`, and assert nothing whose parts pytest would have to show.
            "--assert=plain",
            # Checks print nothing; a progress bar does, meanwhile.
            "--capture=no",
            *(argument for text in clauses for argument in ("--clause", text)),
        ]
        return pytest.main(arguments, plugins=plugins)


def checked() -> dict[str, Path]:
    """Return the module with the check of each clause that has one, found in their text.

    To import all of them takes longer than most checks do.
    """
    with as_file(CHECKS) as folder:
        return {
            clause_id: path
            for path in sorted(folder.rglob("test_*.py"))
            for clause_id in _MARK.findall(path.read_text("utf-8"))
        }


def _modules_of(clauses: Sequence[str]) -> list[Path]:
    """Return the modules with the checks that patterns name."""
    found = (
        path
        for clause_id, path in checked().items()
        if any(fnmatch.fnmatchcase(clause_id, pattern) for pattern in clauses)
    )
    return list(dict.fromkeys(found))


@contextmanager
def _no_user_settings() -> Iterator[None]:
    """Keep the caller's pytest options and plugins out of the run."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
