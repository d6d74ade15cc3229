"""Tests of `fitspec.conformance.repro.native_script`: scripts that need nothing of fitspec.

Here they are in the words of the reference, which are Keras's. What they say of real
implementations is tested in tests/implementations.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro.native_script import native_script
from fitspec.conformance.running import engine
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.vocabulary.models import linear, three_layers
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder, SequenceOf, until
from fitspec.conformance.worker.remote import Events, NotOffered, RemoteError, RemoteObject, Result
from fitspec.conformance.worker.session import Identity
from fitspec.conformance.worker.transcript import Request

from .. import snapshot
from ..hand_made import found

if TYPE_CHECKING:
    from fitspec.conformance.report.verdicts import Finding

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"
REFERENCE = registry.find("reference")
KERAS_2 = replace(registry.find("keras-2.3"), constraints=("keras==2.3.1", "numpy==1.18.5"))
KERAS_3 = replace(registry.find("keras-3-jax"), constraints=())


def speaks(dialect: str, imports: str = "", **renames: str) -> Identity:
    """Return what a worker says of itself whose adapter speaks this dialect."""
    own = "import fitspec.reference as keras" if dialect == "reference" else "import keras"
    return Identity("An", {}, "3.11", "Linux", renames, dialect, imports or own)


#: Runs a script after a defect was planted in the reference.
_WITH_DEFECT = """
import importlib.util, runpy, sys
spec = importlib.util.spec_from_file_location("saboteurs", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
sys.argv[:] = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def fallen(saboteur: str, clause: str) -> tuple[Finding, list[Request]]:
    """Return what a check finds on a saboteur, and what it asked."""
    kept: list[tuple[Finding, list[Request]]] = []
    listener = Listener(
        asked=lambda finding, session: kept.append((finding, session.transcript.since(0)))
    )
    sabotaged = replace(
        REFERENCE, name=saboteur, adapter=SABOTEURS, environment={"FITSPEC_SABOTEUR": saboteur}
    )
    engine.run(sabotaged, clauses=[clause], listener=listener)
    (only,) = kept
    return only


def status(script: Path, saboteur: str = "") -> int:
    """Run a script, on the reference or on a saboteur, and return its exit status."""
    command = [sys.executable, str(script)]
    if saboteur:
        command[1:1] = ["-c", _WITH_DEFECT, str(SABOTEURS)]
    environment = {**os.environ, "FITSPEC_SABOTEUR": saboteur}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    return done.returncode


@pytest.mark.parametrize(
    ("saboteur", "clause"),
    [
        # A value, how a call ends, and a law.
        ("tests_a_batch_without_sample_weights", "test_on_batch.sample_weight.flat"),
        ("says_ValueError_when_evaluating_is_not_compiled", "evaluate.raises.not-compiled"),
        ("evaluates_to_the_loss_of_the_last_batch", "evaluate.batch_size.invariance"),
        # What is told of batches by how weights fell.
        ("shuffles_only_when_asked", "fit.shuffle.default-true"),
    ],
)
def test_a_script_shows_the_deviation_and_only_that(
    saboteur: str, clause: str, tmp_path: Path
) -> None:
    """It exits with 1 where the deviation is, and with 0 where it is not."""
    finding, requests = fallen(saboteur, clause)
    script = tmp_path / "show.py"

    script.write_text(native_script(finding, requests, REFERENCE, speaks("reference")), "utf-8")

    assert (status(script, saboteur), status(script)) == (1, 0)


# -- what a report says of implementations that are not here --


def built(model: Any = None) -> Request:
    """Return the request for a model, and that there is one."""
    return Request("build", {"value": model or linear(2.0)}, RemoteObject("o1", ("Model",), {}, ""))


def called(method: str, *args: Any, error: Exception | None = None, **kwargs: Any) -> Request:
    """Return a call of a method of that model."""
    fields = {"target": "o1", "method": method, "args": list(args), "kwargs": kwargs}
    came = None if error else Result(None, Events(), "", "", (), 0.0)
    return Request("call", fields, fell=error is not None, error=error, came=came)


X = np.asarray([[1.0], [2.0]], np.float32)


def test_an_exception_that_is_not_allowed_is_shown() -> None:
    """The script is what a person has read and approved: Keras 3, and an error."""
    error = RemoteError(["ValueError", "Exception"], "You cannot", "")
    requests = [
        built(),
        called("compile", SGD(0.0), "mse"),
        called("fit", X, X, class_weight={0: 1.0, 1: 10.0}, error=error),
    ]
    finding = found(
        "fit.class_weight.with-sample-weight",
        Verdict.ERROR,
        implementation="keras-3-jax",
        observed="ValueError: You cannot",
    )

    text = native_script(finding, requests, KERAS_3, speaks("keras-3"))

    compile(text, "script", "exec")
    assert snapshot.matches("native-error", text)


def test_an_argument_that_is_not_there_is_shown() -> None:
    """The script is what a person has read and approved: Keras 2.3, with a Sequence."""
    batches = SequenceOf([(X, X)])
    requests = [
        built(three_layers()),
        called("compile", SGD(0.5, 0.9), "mse"),
        called("fit_generator", batches, workers=0, error=NotOffered("no argument `workers`")),
    ]
    finding = found(
        "fit_generator.workers.zero-main-thread",
        Verdict.ABSENT,
        implementation="keras-2.3",
        observed="no argument `workers`",
    )

    text = native_script(finding, requests, KERAS_2, speaks("keras-2"))

    compile(text, "script", "exec")
    assert snapshot.matches("native-absent", text)


def test_a_method_that_is_not_there_is_asked_for() -> None:
    """Nothing needs to be called for that."""
    lacking = NotOffered("no method `fit_generator`")
    requests = [built(), called("fit_generator", Generator([(X, X)]), error=lacking)]
    finding = found(
        "fit_generator.output.pair", Verdict.ABSENT, observed="no method `fit_generator`"
    )

    text = native_script(finding, requests, KERAS_3, speaks("keras-3"))

    assert 'offered = hasattr(model, "fit_generator")' in text
    assert "generator(" not in text


def test_no_answer_in_time_is_shown() -> None:
    """The script waits for so long and then ends itself."""
    requests = [
        built(),
        called("compile", SGD(0.0), "mse"),
        called("fit", X, X, error=RuntimeError("no answer came in time")),
    ]
    finding = found("fit.epochs.default-1", Verdict.TIMEOUT, observed="no answer came in time")

    text = native_script(finding, requests, KERAS_2, speaks("keras-2"))

    compile(text, "script", "exec")
    assert "patience = threading.Timer(60, give_up)" in text
    assert "os._exit(1)" in text


@pytest.mark.parametrize(
    ("verdict", "observed", "said"),
    [
        (Verdict.BLOCKED, "get_layer.by-name fell", "nothing was tried"),
        (Verdict.CRASH, "it ended with signal 9", "the process died"),
        (Verdict.PASS, "1", "there is nothing to show"),
        (Verdict.ABSENT, "no probe `layer lstm`", "no probe `layer lstm`"),
        (Verdict.ERROR, "KeyError: 'loss'", "no call fell"),
    ],
)
def test_what_cannot_be_shown_is_said(verdict: Verdict, observed: str, said: str) -> None:
    """With the reason."""
    finding = found("fit.epochs.final-epoch", verdict, observed=observed)

    with pytest.raises(ValueError, match=f"fit.epochs.final-epoch: {said}"):
        native_script(finding, [built()], KERAS_3, speaks("keras-3"))


def test_only_those_who_speak_as_keras_does_have_a_script() -> None:
    """The words of another library are not known here."""
    finding = found("fit.epochs.final-epoch", Verdict.ERROR)

    with pytest.raises(ValueError, match="poutyne: scripts are written for Keras"):
        native_script(finding, [built()], registry.find("poutyne"), speaks(""))


def test_a_fork_under_another_name_is_imported_by_it() -> None:
    """Its adapter says which dialect it speaks and what it is called, whatever file it is in."""
    fork = replace(KERAS_3, name="fork", adapter=Path("driver.py"))
    lacking = NotOffered("no method `evaluate`")
    finding = found("evaluate.raises.not-compiled", Verdict.ABSENT, observed=str(lacking))
    requests = [built(), called("evaluate", X, X, error=lacking)]

    text = native_script(finding, requests, fork, speaks("keras-3", "import fork as keras"))

    assert "\nimport fork as keras\n" in text
    assert "import keras" not in text


def test_a_name_of_a_file_is_no_dialect() -> None:
    """An adapter called as Keras's may drive anything; so may a worker that says nothing of it."""
    finding = found("fit.epochs.final-epoch", Verdict.ERROR)

    with pytest.raises(ValueError, match="keras-3-jax: scripts are written for Keras"):
        native_script(finding, [built()], KERAS_3, Identity("Any", {}, "", "", {}))


@pytest.mark.parametrize(
    "imports", ["", "import keras; print(1)", "x = 1", "import", "import a\0b", "raise SystemExit"]
)
def test_only_import_statements_come_into_a_script(imports: str) -> None:
    """What a worker says cannot have the reader of a report run something else."""
    finding = found("fit.epochs.final-epoch", Verdict.ERROR)
    identity = replace(speaks("keras-3"), imports=imports)

    with pytest.raises(ValueError, match="keras-3-jax: its adapter's `imports` are no import"):
        native_script(finding, [built()], KERAS_3, identity)


def test_a_probe_that_waits_is_not_written() -> None:
    """It would take the log of all probes to write it."""
    waiting = Recorder(waits={("train_begin", None): until("train_begin", 1)})
    error = RemoteError(["ValueError"], "", "")
    requests = [built(), called("fit", X, X, callbacks=[waiting], error=error)]
    finding = found("fit.epochs.final-epoch", Verdict.ERROR)

    with pytest.raises(ValueError, match="a callback that waits for another probe"):
        native_script(finding, requests, KERAS_3, speaks("keras-3"))


def test_hooks_go_by_the_names_of_their_version() -> None:
    """Keras up to 2.2.4 calls `on_batch_end`."""
    stopping = Recorder(stops_at=("train_batch_end", 1))
    error = RemoteError(["ValueError"], "", "")
    requests = [built(), called("fit", X, X, callbacks=[stopping], error=error)]
    finding = found("fit.epochs.final-epoch", Verdict.ERROR)

    text = native_script(
        finding, requests, KERAS_2, speaks("keras-2", train_batch_end="on_batch_end")
    )

    assert "def on_batch_end(self, batch, logs=None):" in text
    assert "self.model.stop_training = True" in text


def test_a_script_without_its_library_shows_nothing(tmp_path: Path) -> None:
    """What goes wrong otherwise ends with 2, also where it is the import."""
    finding = found("fit_generator.output.pair", Verdict.ABSENT, observed="no method `fit`")
    lacking = NotOffered("no method `fit`")
    text = native_script(
        finding, [built(), called("fit", error=lacking)], REFERENCE, speaks("reference")
    )
    script = tmp_path / "show.py"
    script.write_text(text.replace("fitspec.reference", "fitspec.nowhere"), "utf-8")

    assert status(script) == 2


def test_what_is_not_there_any_more_is_no_such_deviation(tmp_path: Path) -> None:
    """A value that is elsewhere, or nowhere, is not the one that was wrong."""
    saboteur, clause = "trains_on_the_part_set_apart_in_the_end", "fit.validation_split.not-trained"
    text = native_script(*fallen(saboteur, clause), REFERENCE, speaks("reference"))
    script = tmp_path / "show.py"

    script.write_text(text.replace("weights_of(model)\n", "{}\n"), "utf-8")

    assert status(script, saboteur) == 0
    script.write_text(text, "utf-8")
    assert status(script, saboteur) == 1
