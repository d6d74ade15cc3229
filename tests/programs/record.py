"""What Keras 2.3.1 made of the programs, and how near to that a library must come.

`python tests/programs/record.py [PROGRAM...]` records it anew.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec.conformance.environments.environment import prepare
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
WRITTEN = HERE / "written"
EXCHANGED = HERE / "exchanged"
EXPECTED = HERE / "expected"
SUBJECT = "keras-2.3"

#: A number of single precision is off by this part of itself when it is rounded.
ROUNDING = 2.0**-24
#: Updates of the longest of the programs (24 epochs of 8 batches).
UPDATES = 200
#: Sums are made in different orders, so that each update is off by about one rounding, and what is
#: off in one is carried on by the next: 200 x 2^-24 = 1.2e-5 at worst, as roundings would all have
#: to go one way. Training enlarges some of it, by up to 8 times here: Keras 2.3.1 itself, run with
#: double precision, differs from these records by 5e-5 of a number or less.
RELATIVE = 8 * UPDATES * ROUNDING
#: For numbers near zero, which are left of larger ones: outputs and weights are of the order of 1,
#: and sums that cancel keep a tenth of it.
ABSOLUTE = RELATIVE / 10

#: Where Keras 2.3.1 is known to depart from the contract: what begins like this, and the clause.
DEVIATIONS = {
    # The loss of the last batch is returned in the place of the mean of all.
    "batches_by_sequence": {
        "/history/val_loss": "evaluate_generator.loss-mean-over-samples",
        "/score/0": "evaluate_generator.loss-mean-over-samples",
        "/score again/0": "evaluate_generator.loss-mean-over-samples",
    },
    "generators": {
        "/history/val_loss": "evaluate_generator.loss-mean-over-samples",
        "/score/0": "evaluate_generator.loss-mean-over-samples",
    },
}


def names() -> list[str]:
    """Return the programs, by name."""
    return sorted(path.stem for path in WRITTEN.glob("*.py") if path.stem != "starting_weights")


def expected(name: str) -> dict[str, Any]:
    """Return the record of a program."""
    record: dict[str, Any] = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    return record


def program(name: str) -> Path:
    """Return the file of a program."""
    return WRITTEN / f"{name}.py"


def run_in_keras(path: Path, scratch: Path) -> dict[str, Any]:
    """Run a program in the real Keras 2.3.1, in a process of its own and a folder.

    Raises:
        RuntimeError: It failed; the message ends as its output does.
    """
    implementation = registry.find(SUBJECT)
    results = scratch / "results.json"
    command = [
        str(prepare(implementation)),
        "-Wignore",
        str(HERE / "running.py"),
        str(path),
        str(results),
    ]
    # Nothing of this process is needed, and no setting of the user's.
    environment = {"PATH": os.environ["PATH"], **implementation.variables(scratch)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=scratch, env=environment
    )
    if done.returncode:
        raise RuntimeError(f"{path}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(results.read_text("utf-8"))
    return found


def differences(found: Any, wanted: Any, place: str = "") -> Iterator[str]:
    """Yield where results differ by more than rounding, one line each."""
    if isinstance(wanted, dict) and isinstance(found, dict) and found.keys() == wanted.keys():
        for key, value in wanted.items():
            yield from differences(found[key], value, f"{place}/{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        for index, value in enumerate(wanted):
            yield from differences(found[index], value, f"{place}/{index}")
    elif isinstance(wanted, float) and isinstance(found, float):
        if not math.isclose(found, wanted, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            yield f"{place}: {found}, not {wanted}"
    elif found != wanted or type(found) is not type(wanted):
        yield f"{place}: {found!r}, not {wanted!r}"


def departures(name: str, found: list[str]) -> tuple[list[str], set[str]]:
    """Return the differences of a program that no known deviation explains, and those not seen."""
    known = DEVIATIONS.get(name, {})
    unexplained = [one for one in found if not one.startswith(tuple(known))]
    return unexplained, {begin for begin in known if not any(x.startswith(begin) for x in found)}


def record(name: str) -> None:
    """Record a program anew."""
    with tempfile.TemporaryDirectory() as folder:
        found = run_in_keras(program(name), Path(folder))
    lines = [f"{json.dumps(key)}: {json.dumps(found[key], sort_keys=True)}" for key in found]
    (EXPECTED / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:] or names():
        record(each)
