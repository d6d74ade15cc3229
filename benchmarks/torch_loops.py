# noqa: INP001 - a program, and part of no package
"""Train a small classifier with several libraries for PyTorch: what one writes, what it costs.

Run ``python benchmarks/torch_loops.py``. Each program in `loops` trains the same network on the
same tensors and returns loss and accuracy of every epoch, in training and in validation. They are
asked in turn, in one process on one core, in the environment that fitspec builds for Lightning,
skorch and Poutyne. Counted is the time of the processor, so that other work of the machine counts
little. A step is one batch of 32 with its share of the validation: what four more epochs take.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import tempfile
import tokenize
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import fitspec.reference
from fitspec.conformance.environments import environment
from fitspec.conformance.implementations import registry

LOOPS = Path(__file__).resolve().parent / "loops"
BASE = "by_hand"
NAMES = (BASE, "with_loader", "with_skorch", "with_poutyne", "with_lightning", "with_fitspec")
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(file: Path) -> int:
    """Return how many lines of a program hold more than comments, docstrings and space."""
    tokens = list(tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline))
    # Of the strings in these programs, those in triple quotes are docstrings.
    code = [
        token
        for token in tokens
        if token.type not in NOT_CODE and not token.string.startswith('"""')
    ]
    return len({line for token in code for line in range(token.start[0], token.end[0] + 1)})


def measured(rounds: int) -> dict[str, dict[str, Any]]:
    """Return what each loop takes, in seconds."""
    python = environment.prepare(registry.find("lightning"), progress=Console(stderr=True).print)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "fitspec"
        package.mkdir()
        (package / "reference").symlink_to(Path(fitspec.reference.__file__).resolve().parent)
        done = subprocess.run(
            [str(python), "timing.py", str(rounds), *NAMES],
            cwd=LOOPS,
            env={**os.environ, "PYTHONPATH": folder, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    times = measured(parser.parse_args().rounds)
    base = times[BASE]["step"]
    table = Table("loop", "lines", "µs a step", "beyond by hand", "loss")
    for name, each in times.items():
        table.add_row(
            name.replace("_", " "),
            str(lines_of_code(LOOPS / f"{name}.py")),
            f"{each['step'] * 1e6:.0f}",
            f"{(each['step'] - base) * 1e6:.0f}",
            f"{each['loss']:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
