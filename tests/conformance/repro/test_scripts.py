"""Tests of `fitspec.conformance.repro.scripts`: what a maintainer runs to see a deviation."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec import conformance
from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro.scripts import held, printed, script
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Recorder, until
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.remote import RemoteObject
from fitspec.conformance.worker.transcript import Request

from ..hand_made import found

if TYPE_CHECKING:
    from fitspec.conformance.implementations.implementation import Implementation

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"
REFERENCE = registry.find("reference")
FALLEN = found("predict.order", Verdict.FAIL, example="samples=3")


def sabotaged(name: str) -> Implementation:
    """Return the reference with the defect of a saboteur."""
    environment = {"FITSPEC_SABOTEUR": name}
    return replace(REFERENCE, name=name, adapter=SABOTEURS, environment=environment)


def seen(reference: str) -> RemoteObject:
    """Return an object of the worker."""
    return RemoteObject(reference, ("Model",), {}, "a model")


def written(*requests: Request, implementation: Implementation = REFERENCE) -> str:
    """Return the script of these requests to a model that was built before."""
    built = Request("build", {"value": linear(2.0)}, seen("o1"))
    return script([built, *requests], implementation, None, "It falls.", held(FALLEN))


def called(method: str, *args: object, answer: object = None, **kwargs: object) -> Request:
    """Return a call of a method of that model."""
    fields = {"target": "o1", "method": method, "args": list(args), "kwargs": kwargs}
    return Request("call", fields, answer)


def run(text: str, folder: Path) -> list[str]:
    """Run a script in a process of its own and return the lines that it prints."""
    file = folder / "repro.py"
    file.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, check=False, cwd=folder
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("saboteur", "clause", "shown"),
    [
        (
            "says_ValueError_when_evaluating_is_not_compiled",
            "evaluate.raises.not-compiled",
            "{{compiled: returned, not compiled: {0}, a Sequential: {0}, on a Sequence: {0}}}",
        ),
        (
            "tests_a_batch_without_sample_weights",
            "test_on_batch.sample_weight.flat",
            # Unweighted it is 23/4, and 9/4 of one error of 3; by position, as in the last call,
            # the weights are heeded.
            (
                "{{loss: 5.75, whole numbers: 5.75, then none: 5.75, 64 samples: 4,"
                " of double precision: 5.75, weight 0: 2.25,"
                " inputs by name: 5.75, by position: {0}}}"
            ),
        ),
    ],
)
def test_a_script_shows_the_deviation_of_a_finding(
    saboteur: str, clause: str, shown: str, tmp_path: Path
) -> None:
    """Run alone, it makes the calls that the check made, and the same comes of them."""
    (finding,) = conformance.run(sabotaged(saboteur), clauses=[clause]).findings

    lines = run(finding.script, tmp_path)

    assert finding.verdict is Verdict.FAIL
    assert lines[-2:] == [f"expected  {finding.expected}", f"observed  {finding.observed}"]
    last = [line for line in lines if " -> " in line][-1]
    said = last.partition(" -> ")[2].split(":")[0].removeprefix("raised ")
    assert finding.observed == shown.format(said)
    assert len(finding.script.splitlines()) < 70


def test_the_script_of_a_law_asks_at_the_point_where_it_fell(tmp_path: Path) -> None:
    """Of all the points that were looked at, only the reported one is in the script."""
    (finding,) = conformance.run(
        sabotaged("evaluates_to_the_loss_of_the_last_batch"),
        clauses=["evaluate.batch_size.invariance"],
        examples=30,
    ).findings

    calls = [line for line in run(finding.script, tmp_path) if line.startswith("evaluate")]
    # Of a model with one output, and of one with two, the second time in one batch.
    loss, share = json.loads(finding.observed)
    whole = round(loss / share)
    assert calls == [
        f"evaluate -> {loss}",
        *(f"evaluate -> [{2 * one}, {one}, {one}]" for one in (loss, whole)),
    ]


def test_a_pass_has_no_script() -> None:
    """Nothing has to be shown where nothing fell."""
    (finding,) = conformance.run("reference", clauses=["predict.order"]).findings

    assert (finding.verdict, finding.script) == (Verdict.PASS, "")


def test_a_script_reads_as_a_check_does() -> None:
    """Models and data are written as the checks write them."""
    text = written(
        called("compile", SGD(0.5), "mse"),
        called("fit", column(1, 2), constant(3, 0.5), batch_size=2),
        Request("weights", {"target": "o1"}, {}),
    )

    assert (
        text
        == '''"""It falls.
"""

from fitspec.conformance.scripting import SGD, column, constant, converse, linear

with converse("reference") as talk:
    model = talk.build(linear(2.0))
    talk.show(model.compile, SGD(0.5), "mse")
    talk.show(model.fit, column(1, 2), constant(3, 0.5), batch_size=2)
    talk.show(model.weights)
    talk.tell("predict.order", example="samples=3")
'''
    )


def test_one_probe_in_two_calls_is_one_object() -> None:
    """What travels twice, or is waited for, has a name."""
    recorder, optimizer = Recorder(), SGD(0.5)
    waiting = Recorder(waits={("epoch_end", 0): until("pull", 1, of=recorder)})

    text = written(
        called("compile", optimizer, "mse"),
        called("compile", optimizer, "mae"),
        called("fit", np.ones(2), callbacks=[recorder, waiting]),
    )

    assert text.count("SGD(0.5)") == 1
    assert text.count("talk.show(model.compile, sgd, ") == 2
    assert "    recorder = Recorder()\n" in text
    assert '"probe": recorder.key' in text


def test_an_object_that_came_can_be_handed_back() -> None:
    """An answer that a later call needs is kept."""
    came = seen("o2")

    text = written(called("get_layer", "y", answer=came), called("fit", came))

    assert '    answer = talk.show(model.get_layer, "y")\n' in text
    assert "    talk.show(model.fit, answer.value)\n" in text


@pytest.mark.parametrize(
    "request_",
    [called("fit", seen("o9")), called("fit", object()), Request("conjure", {"target": "o1"})],
    ids=["an object from nowhere", "an unknown object", "an unknown operation"],
)
def test_what_cannot_be_asked_plainly_has_no_script(request_: Request) -> None:
    """A script that would not run is not written."""
    assert not written(request_)


def test_an_implementation_without_a_name_is_given_by_its_file() -> None:
    """An adapter file and variables of its own are in the script."""
    text = written(implementation=sabotaged("some_defect"))

    assert f'"{SABOTEURS}"' in text
    assert '"FITSPEC_SABOTEUR": "some_defect"' in text


def test_what_is_observed_is_computed(tmp_path: Path) -> None:
    """The script holds what comes now against the claim: without the defect, it agrees."""
    defect = "evaluates_to_the_loss_of_the_last_batch"
    (finding,) = conformance.run(
        sabotaged(defect), clauses=["evaluate.batch_size.invariance"]
    ).findings

    lines = run(finding.script.replace(f'"{defect}"', '""'), tmp_path)

    assert finding.observed != "[180, 1]"
    assert lines[-2:] == ["expected  [180, 1] (±4 ulp)", "observed  [180, 1]"]


def test_other_calls_are_held_against_nothing(tmp_path: Path) -> None:
    """A person may change a script; then the claim of the check is not about it any more."""
    (finding,) = conformance.run(
        sabotaged("evaluates_to_the_loss_of_the_last_batch"),
        clauses=["evaluate.batch_size.invariance"],
    ).findings
    text = finding.script.replace(f'"{finding.clause}"', '"get_layer.by-name"')

    last = run(text, tmp_path)[-1]

    assert last.startswith("observed  nothing to hold against the claim of the check: ")


def test_a_script_finds_its_implementation_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths are absolute; what ran in the interpreter at hand runs in it again."""
    (tmp_path / "mine.py").write_text(
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["none==1"]\n# ///\n'
    )
    monkeypatch.chdir(tmp_path)
    asked = registry.find("mine.py")

    at_hand = written(implementation=asked.at_hand())
    given = script([], asked, Path("bin/python"), "It falls.", printed({"came then": "1"}))

    assert f'"{tmp_path / "mine.py"}"' in at_hand
    assert f'python="{sys.executable}"' in at_hand
    assert f'python="{tmp_path / "bin/python"}"' in given
    assert given.endswith('\nprint("came then  1")\n')
