# noqa: INP001 - a program, and part of no package
"""Measure which branches of the reference the conformance suite reaches, and nothing else does.

Run ``python benchmarks/conformance_coverage.py`` in an environment with the extra `dev`. What is
measured is the worker process, in which only the checks make the reference do something; so a line
that is missing here is behaviour that no clause observes, whatever fitspec's own tests do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import coverage
from rich.console import Console
from rich.table import Table

from fitspec import conformance, reference
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: What realises the documented methods, from the arguments to the batch: data, loop and compile.
TRAINING = (
    "api/arguments",
    "api/calls",
    "api/compiled",
    "api/compiling",
    "api/get_layer",
    "api/methods",
    "compute/engine",
    "data/batches",
    "data/columns",
    "data/feeding",
    "data/iterables",
    "data/outputs",
    "data/sample_weights",
    "data/sources",
    "models/model",
    "network/compiled_network",
    "training/loop",
    "training/plan",
)

#: What users pick and name, of which checks need only a few.
VOCABULARY = (
    "callbacks/base",
    "callbacks/dispatch",
    "callbacks/progress",
    "callbacks/provided",
    "losses/base",
    "losses/crossentropies",
    "losses/differences",
    "losses/named",
    "metrics/accuracies",
    "metrics/averages",
    "metrics/base",
    "metrics/confusion",
    "network/network",
)

GROUPS = {"training, data and compile": TRAINING, "vocabulary": VOCABULARY}

#: Why no clause reaches the rest of a module, as it is measured here: on NumPy, without PyTorch.
REASONS = {
    "api/arguments": "a shuffle of yet another type; a text, a number and None are tried",
    "api/compiled": "a model without state whose subclass does not say so: PyTorch's",
    "callbacks/base": "hooks that LambdaCallback sets, and those that a class leaves as they are",
    "callbacks/progress": "ProgbarLogger, which users name",
    "callbacks/provided": "EarlyStopping and LambdaCallback: the documents name no callback class",
    "compute/engine": "moving a batch to a GPU, as above",
    "data/batches": "arrays on a GPU: what the same checks reach where the reference runs on one",
    "data/iterables": "items that PyTorch's DataLoader has collated; it is run without",
    "losses/base": "losses that are called by themselves, other reductions, and masks",
    "losses/named": "a class of the user's own, of no function",
    "losses/crossentropies": "crossentropies as objects: the functions that checks ask for by name",
    "metrics/averages": "a metric whose class is made of a function",
    "metrics/base": "counts that wait for a device, and weights without an axis",
    "metrics/confusion": "recall, and weighted precision: of the same making as what is reached",
    "metrics/accuracies": "targets of another rank, and metrics that no check names",
    "network/compiled_network": "explaining a step, and models that take their shape from data",
    "network/network": "making, nesting and saving networks, of which these documents say nothing",
    "training/loop": "what waits for a device: the reference is run where nothing has to",
}


@dataclass(frozen=True)
class Reached:
    """What was reached of one module.

    Attributes:
        module: Where it is in `fitspec.reference`: `api/calls`.
        lines: Executable lines, and how many of them were run.
        branches: Ways on from a line that has several, and how many of them were taken.
        missing: Lines and ways on that were not: ``12-14, 20->exit``.

    """

    module: str
    lines: tuple[int, int]
    branches: tuple[int, int]
    missing: str

    @property
    def percent(self) -> float:
        """Share of the branches that were taken; 100 where there are none."""
        total, taken = self.branches
        return 100.0 * taken / total if total else 100.0


def measure(modules: Sequence[str], clauses: Sequence[str] = ()) -> list[Reached]:
    """Run the checks on the reference and return what they reached.

    Raises:
        RuntimeError: A check did not pass, so that what follows it may not have been run.

    """
    with tempfile.TemporaryDirectory(prefix="fitspec-coverage-") as name:
        folder = Path(name)
        settings = write_settings(folder)
        # Python imports sitecustomize when it starts, before the worker imports the reference.
        (folder / "sitecustomize.py").write_text("import coverage\ncoverage.process_startup()\n")
        observed = replace(
            registry.find("reference"),
            environment={"COVERAGE_PROCESS_START": str(settings), "PYTHONPATH": name},
        )
        report = conformance.run(observed, clauses=clauses)
        if report.fell_short or report.faults:
            fallen = [item.clause for item in report.fell_short]
            raise RuntimeError(f"the reference must pass before it is measured: {fallen}")
        measured = coverage.Coverage(config_file=str(settings))
        measured.combine()
        return list(reached(measured, modules))


def write_settings(folder: Path) -> Path:
    """Write the settings of the measurement, and return where they are."""
    settings = folder / "coveragerc"
    settings.write_text(
        "[run]\nbranch = true\nparallel = true\nsigterm = true\n"
        f"data_file = {folder / 'data'}\n"
        f"include = {source_folder()}/*\n"
        # A model without annotations at run time needs none of what is imported for them.
        "[report]\nexclude_also =\n    if TYPE_CHECKING:\n    raise NotImplementedError\n"
    )
    return settings


def source_folder() -> Path:
    """Return the folder of the reference's modules."""
    return Path(str(reference.__file__)).parent


def reached(measured: coverage.Coverage, modules: Sequence[str]) -> Iterator[Reached]:
    """Yield what was reached of each module."""
    for module in modules:
        analysis = measured._analyze(str(source_folder() / f"{module}.py"))  # noqa: SLF001 - the public `analysis2` knows no branches
        numbers = analysis.numbers
        yield Reached(
            module=module,
            lines=(numbers.n_statements, numbers.n_executed),
            branches=(numbers.n_branches, numbers.n_executed_branches),
            missing=analysis.missing_formatted(branches=True),
        )


def show(groups: Mapping[str, Sequence[Reached]], console: Console) -> None:
    """Print a line per module, and the total of each group below it."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for heading in ("module", "lines", "branches", "%"):
        table.add_column(heading, justify="left" if heading == "module" else "right")
    table.add_column("not reached", overflow="fold")
    table.add_column("because", overflow="fold")
    for name, each in groups.items():
        for one in each:
            table.add_row(*_row(one), reason(one))
        table.add_row(*_row(together(name, each)), style="bold", end_section=True)
        table.add_row()
    console.print(table)


def _row(one: Reached) -> list[str]:
    lines, branches = (f"{done}/{total}" for total, done in (one.lines, one.branches))
    return [one.module, lines, branches, f"{one.percent:.1f}", one.missing]


def together(name: str, each: Sequence[Reached]) -> Reached:
    """Add up what was reached of several modules."""
    lines, branches = (
        (sum(total for total, _ in counts), sum(done for _, done in counts))
        for counts in ([one.lines for one in each], [one.branches for one in each])
    )
    return Reached(name, lines, branches, "")


def reason(one: Reached) -> str:
    """Return why the rest of a module is not reached; empty if there is no rest."""
    return REASONS.get(one.module, "no reason is known") if one.missing else ""


def main() -> int:
    """Measure and print; return 1 if something is not reached for no known reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clause", action="append", default=[], metavar="PATTERN")
    parser.add_argument("modules", nargs="*", help="of the reference; none means all of the list")
    arguments = parser.parse_args()
    groups = {"together": arguments.modules} if arguments.modules else GROUPS
    wanted = [module for modules in groups.values() for module in modules]
    found = {one.module: one for one in measure(wanted, arguments.clause)}
    show({name: [found[one] for one in modules] for name, modules in groups.items()}, Console())
    unexplained = [one for one in found.values() if one.missing and one.module not in REASONS]
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
