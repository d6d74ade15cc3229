"""Running the checks from a program: what is behind the command line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

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


#: The folder of the checks.
CHECKS: Traversable = files("fitspec.conformance") / "checks"


class HarnessFault(RuntimeError):  # noqa: N818  as `WorkerFailed`, it says what happened
    """The run itself failed; nothing was found out about any implementation."""


class NothingToCheck(ValueError):  # noqa: N818  as above
    """No check is for the implementations and among the clauses that were asked for."""


def run(
    *subjects: str | Implementation,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    listener: Listener | None = None,
    limits: Limits | None = None,
    examples: int | None = None,
) -> Report:
    """Hold implementations against the contract and return what was found.

    Args:
        subjects: names, paths of adapter files, or implementations.
        clauses: patterns of clause ids, such as ``fit.validation_split.*``; none means all.
        python: an interpreter to use for all, instead of building environments.
        listener: hears what happens meanwhile.
        limits: how long an implementation may take, and how much it may say.
        examples: how many points to draw for each clause that states a law, beside those that
            its check names; without a number, a few.

    Raises:
        ValueError: an implementation is unknown or given twice, `python` does not run, no
            check of their profiles matches `clauses`, or `examples` is negative.
        HarnessFault: the run could not be carried out.
        KeyboardInterrupt: it was interrupted; no process is left.
    """
    if examples is not None and examples < 0:
        raise ValueError(f"examples: {examples}; a number from 0 was expected")
    found = find_subjects(subjects, python)
    suite = Suite(found, python, listener or Listener(), limits or Limits(), examples)
    handover = _Handover(suite)
    try:
        status = _pytest(handover, clauses)
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


def _pytest(handover: _Handover, clauses: Sequence[str]) -> int:
    with as_file(CHECKS) as folder, _no_user_settings():
        arguments = [
            str(folder),
            *("--rootdir", str(folder), "-c", os.devnull, "--import-mode=importlib"),
            *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", plugin.__name__),
            # Checks claim by `expect`, and assert nothing whose parts pytest would have to show.
            "--assert=plain",
            # Checks print nothing; a progress bar does, meanwhile.
            "--capture=no",
            *(argument for text in clauses for argument in ("--clause", text)),
        ]
        return pytest.main(arguments, plugins=[handover])


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
