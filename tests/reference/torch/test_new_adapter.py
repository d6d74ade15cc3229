"""The adapter that `fitspec new-adapter --like torch` writes, with PyTorch here to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec import conformance
from fitspec.conformance import Verdict
from fitspec.conformance.implementations.new_adapter import write

from ...skeletons import fill_in

if TYPE_CHECKING:
    from pathlib import Path

#: A library that trains modules of PyTorch, as many a first introduction has it.
LIBRARY = """
class Trainer:
    def __init__(self, network, optimizer, criterion):
        self.network, self.optimizer, self.criterion = network, optimizer, criterion

    def fit(self, data, epochs=1):
        rows = []
        for _ in range(epochs):
            losses = []
            for x, y in data:
                self.optimizer.zero_grad()
                loss = self.criterion(self.network(x), y)
                loss.backward()
                self.optimizer.step()
                losses.append(float(loss))
            rows.append({"train_loss": sum(losses) / len(losses)})
        return rows

    def test(self, data):
        losses = [float(self.criterion(self.network(x), y)) * len(x) for x, y in data]
        return sum(losses) / len(data.dataset)
"""

#: What the author of its adapter fills in: lines of the skeleton -> what they become.
FILLED = {
    "        # self.trainer = ": "        self.trainer = ",
    "        # rows = ": "        rows = ",
    "        # return Records(": "        return Records(",
    "        # return self.trainer.test": "        return self.trainer.test",
}


def test_it_runs_as_it_is_written(tmp_path: Path) -> None:
    """Models are built and read, and what is to be filled in is absent."""
    file = write("torch.nn", "torch", tmp_path)

    report = conformance.run(str(file), clauses=["fit.epochs.default-1", "evaluate.returns.scalar"])

    assert not report.faults
    assert not report.unavailable
    assert {item.verdict for item in report.findings} == {Verdict.ABSENT}
    assert "no method `fit`: to be written" in str(report.findings)


def test_what_is_filled_in_is_held_against_the_contract(tmp_path: Path) -> None:
    """The lines that the skeleton offers in comments are those that such a library needs."""
    (tmp_path / "tinytrainer.py").write_text(LIBRARY, "utf-8")
    file = write("tinytrainer", "torch", tmp_path)
    fill_in(file, FILLED)

    report = conformance.run(str(file), clauses=["fit.epochs.default-1", "evaluate.returns.scalar"])

    assert not report.faults
    found = {item.clause: item.verdict for item in report.findings}
    assert found["fit.epochs.default-1"] is Verdict.PASS
    assert found["evaluate.returns.scalar"] is Verdict.PASS
