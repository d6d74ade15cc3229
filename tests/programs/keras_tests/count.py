"""Counts how many of the tests of Keras 2.3.1 pass on the reference, by file.

`python count.py CHECKOUT [FILE...]`: CHECKOUT is a checkout of Keras at its tag 2.3.1, FILE a file
or folder of its tests, below it; without any, those of the training core. The packages that these
import are needed: six, flaky, scipy and pandas.

`--passed REPORT` counts only tests that passed in a run on Keras 2.3.1 itself, whose report is of
`pytest --junitxml=REPORT`. Not counted are tests of what is no public name of Keras.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

# A report of a run that was made here.
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable

CORE = [
    "tests/keras/engine/test_training.py",
    "tests/keras/test_sequential_model.py",
    "tests/test_loss_weighting.py",
    "tests/test_loss_masking.py",
    "tests/test_dynamic_trainability.py",
    "tests/keras/losses_test.py",
    "tests/keras/metrics_training_test.py",
    "tests/keras/metrics_correctness_test.py",
    "tests/keras/metrics_functional_test.py",
    "tests/keras/callbacks/callbacks_test.py",
    "tests/test_model_saving.py",
    "tests/test_model_pickling.py",
    "tests/integration_tests/test_vector_data_tasks.py",
    "tests/integration_tests/test_temporal_data_tasks.py",
    "tests/integration_tests/test_image_data_tasks.py",
]


class Case(NamedTuple):
    """A test and what came of it: "passed", "failed", "skipped" or "not public"."""

    file: str
    name: str
    outcome: str


def cases(report: Path) -> list[Case]:
    """Read a report."""
    return [
        Case(
            "/".join(part for part in test.get("classname", "").split(".") if part.islower()),
            f"{test.get('classname')}.{test.get('name')}",
            outcome(test),
        )
        for test in ET.parse(report).iter("testcase")  # noqa: S314 - see above
    ]


def outcome(test: ET.Element) -> str:
    """Return what came of a test."""
    told = {one.tag: one.get("message", "") for one in test}
    if "skipped" in told:
        return "not public" if "not public" in told["skipped"] else "skipped"
    return "failed" if told.keys() & {"failure", "error"} else "passed"


def run(checkout: Path, files: Iterable[str], report: Path) -> None:
    """Run tests on the reference."""
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "KERAS_CHECKOUT": str(checkout)}
    command = [
        *(sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "keras_alias"),
        *("-c", os.devnull, "--rootdir", str(checkout), "-p", "no:cacheprovider"),
        *("--continue-on-collection-errors", f"--junitxml={report}", *files),
    ]
    subprocess.run(command, cwd=checkout, env=environment, check=False)


def main() -> None:
    """Run the tests, and print how many pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--passed", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        run(given.checkout.resolve(), given.files or CORE, report)
        found = cases(report)
    for line in table(found, cases(given.passed) if given.passed else found):
        sys.stdout.write(f"{line}\n")


def table(found: list[Case], known: list[Case]) -> list[str]:
    """Return lines that say, by file, how many tests pass on the reference.

    Args:
        found: The tests on the reference.
        known: Those that count, if they passed; or the same ones, and then all that ran.

    """
    outcomes = {case.name: case.outcome for case in found}
    passed: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for case in known:
        here = outcomes.get(case.name, "failed")
        if here == "not public" or (known is not found and case.outcome != "passed"):
            continue
        if known is found and here == "skipped":
            continue
        counted[case.file] += 1
        passed[case.file] += here == "passed"
    lines = [f"{passed[file]:5} of {counted[file]:5}  {file}" for file in sorted(counted)]
    total, all_passed = counted.total(), passed.total()
    share = 100 * all_passed / total if total else 0
    return [*lines, f"{all_passed:5} of {total:5}  all, {share:.1f} %"]


if __name__ == "__main__":
    main()
