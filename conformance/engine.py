"""Running the checks from a program: what is behind the command line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance import implementations, plugin
from fitspec.conformance.suite import Listener, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fitspec.conformance.implementations import Implementation
    from fitspec.conformance.report import Report


class HarnessFault(RuntimeError):  # noqa: N818  as `WorkerFailed`, it says what happened
    """The run itself failed; nothing was found out about any implementation."""


def run(
    *subjects: str | Implementation,
    clauses: Sequence[str] = (),
    python: Path | None = None,
    listener: Listener | None = None,
) -> Report:
    """Hold implementations against the contract and return what was found.

    Args:
        subjects: names, paths of adapter files, or implementations.
        clauses: patterns of clause ids, such as ``fit.validation_split.*``; none means all.
        python: an interpreter to use for all, instead of building environments.
        listener: hears what happens meanwhile.

    Raises:
        ValueError: an implementation is unknown, or no check matches `clauses`.
        HarnessFault: the run could not be carried out.
        KeyboardInterrupt: it was interrupted; no process is left.
    """
    found = tuple(
        implementations.find(item) if isinstance(item, str) else item for item in subjects
    )
    names = [item.name for item in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)}: given twice; a report has one column for a name")
    suite = Suite(found, python, listener or Listener())
    try:
        status = _pytest(suite, clauses)
    finally:
        suite.close()
    if status == pytest.ExitCode.INTERRUPTED and not suite.faults:
        raise KeyboardInterrupt
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise ValueError(f"no check matches {', '.join(clauses)}")
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not suite.faults:
        raise HarnessFault(f"pytest ended with status {int(status)}")
    return suite.report()


def _pytest(suite: Suite, clauses: Sequence[str]) -> int:
    class Handover:
        """Gives the suite to the plugin before that would make one of its options."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config: pytest.Config) -> None:
            config.stash[plugin.SUITE] = suite

    with as_file(files("fitspec.conformance") / "checks") as folder, _no_user_settings():
        arguments = [
            str(folder),
            *("--rootdir", str(folder), "-c", os.devnull, "--import-mode=importlib"),
            *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", plugin.__name__),
            *(argument for text in clauses for argument in ("--clause", text)),
        ]
        return pytest.main(arguments, plugins=[Handover()])


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
