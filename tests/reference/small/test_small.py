"""Rings 1 and 2 pass the contract by themselves, with no more than its probes use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine

from . import package

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

ADAPTER = Path(__file__).with_name("adapter.py")
#: What no document states, and only programs for Keras rely on: the whole reference does it where
#: it stands in for Keras, which is no part of the small one.
FOR_PROGRAMS = {
    "compile.loss.older-names",
    "compile.metrics.older-names",
    "compile.optimizer.first-steps",
    "fit.callbacks.validation_data",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small reference, as a package of its own."""
    return package.assemble(tmp_path_factory.mktemp("small") / "reference").parent


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    """What the contract finds on the small reference."""
    whole = registry.find("reference")
    environment = {"FITSPEC_SMALL": str(folder / "__init__.py")}
    small = replace(whole, name="small", adapter=ADAPTER, environment=environment)
    return engine.run(small)


def test_it_passes_as_the_whole_reference_does(
    folder: Path, report: Report, whole_report: Report
) -> None:
    """Every clause has the same verdict or the same behaviour, and every verdict is a pass.

    Of what is there for programs alone, the small reference has nothing. Its worker imported every
    module of the reference from the folder of the small one.
    """
    assert report.subject("small").versions["reference"] == str(folder)
    found = {
        name: {
            one.check.removesuffix(f"[{name}]"): (one.clause, one.verdict, one.behaviour)
            for one in of.findings
        }
        for name, of in (("reference", whole_report), ("small", report))
    }

    assert (*report.faults, *whole_report.faults) == ()
    assert found["small"].keys() == found["reference"].keys()
    differing = {one[0] for key, one in found["small"].items() if one != found["reference"][key]}
    assert differing == FOR_PROGRAMS
    findings = (*report.findings, *whole_report.findings)
    assert {one.verdict for one in findings} == {Verdict.PASS, None}


def test_it_holds_nothing_twice_and_nothing_that_is_not_there() -> None:
    """Each of its files is one of the reference, or a face of its own."""
    files = package.files()

    left_out = [
        package.FOLDER / folder / f"{name}.py"
        for folder, names in package.WITHOUT.items()
        for name in names
    ]

    assert [file for file in (*files.values(), *left_out) if not file.is_file()] == []
    assert len(set(files.values())) == len(files)
