"""Tests of `adapters/r` and `adapters/reference/from_r.py`, in a real R."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec import conformance
from fitspec.conformance.environments.environment import Unavailable, prepare
from fitspec.conformance.environments.programs import require
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report.verdicts import Verdict

from ..required import lacks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.needs("r")

FOLDER = Path(__file__).parents[2] / "adapters" / "r"

BEGIN = """
reticulate::use_python(Sys.getenv("FITSPEC_PYTHON"), required = TRUE)
types <- reticulate::import("types")
package <- types$ModuleType("fitspec")
package[["__path__"]] <- list(Sys.getenv("FITSPEC_ROOT"))
reticulate::py_set_item(reticulate::import("sys", convert = FALSE)$modules, "fitspec", package)
source(file.path(Sys.getenv("FITSPEC_ROOT"), "adapters", "r", "functions.R"))
reference <- reticulate::import("fitspec.reference")
layer <- reference$layers$Dense(
  1L, use_bias = FALSE, kernel_initializer = "ones", input_shape = list(1L)
)
model <- reference$Sequential(list(layer))
model$compile(reference$optimizers$SGD(0), "mse", metrics = list("mae"))
x <- c(1, 3)
y <- c(0, 0)
"""


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python that R embeds."""
    implementation = find("reference-from-r")
    try:
        require(implementation)
        return prepare(implementation)
    except Unavailable as refusal:
        lacks(str(refusal))


@pytest.fixture
def run(python: Path, tmp_path: Path) -> Callable[[str], str]:
    """Run R code after `BEGIN` and return what it prints."""

    def run(code: str) -> str:
        file = tmp_path / "code.R"
        file.write_text(BEGIN + code, "utf-8")
        root = {"FITSPEC_PYTHON": str(python), "FITSPEC_ROOT": str(FOLDER.parents[1])}
        done = subprocess.run(
            ["Rscript", "--vanilla", str(file)],  # noqa: S607  as its users find it
            env={**os.environ, **root},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_history_is_an_object_of_r(run: Callable[[str], str]) -> None:
    """A vector will do for data; the history prints when asked and becomes a data frame."""
    printed = run("""
fit(model, x, y, epochs = 2, verbose = 0, validation_data = list(x, y))
history <- fit(model, x, y, epo = 2, verb = 0)
history
frame <- as.data.frame(history)
cat(sapply(frame, class), "\\n")
cat(levels(frame$data), "\\n")
cat(frame$epoch, frame$value, as.character(frame$metric), "\\n")
""")

    assert printed.splitlines() == [
        "Training history: 2 epochs (samples 2, batch_size 32, steps 1)",
        "Results of epoch 2:",
        "  loss  5.0000",
        "   mae  2.0000",
        "integer numeric factor factor ",
        "training validation ",
        "1 2 1 2 5 5 2 2 loss loss mae mae ",
    ]


def test_a_function_of_r_is_a_generator(run: Callable[[str], str]) -> None:
    """A closure gives the batches, one a call, and keeps what it knows between calls."""
    printed = run("""
calls <- 0
batch <- function() {
  calls <<- calls + 1
  list(matrix(calls), 0)
}
history <- fit_generator(model, batch, steps_per_epoch = 2, epochs = 2, verbose = 0)
cat(calls, history$metrics$loss, "\\n")
""")

    # Squares of 1 and 2, then of 3 and 4.
    assert printed == "4 2.5 12.5 \n"


def test_options_are_those_of_r(run: Callable[[str], str], tmp_path: Path) -> None:
    """`options` sets verbosity, and whether and where there is a live plot."""
    printed = run("""
options(
  keras.fit_verbose = 2, keras.view_metrics = TRUE, keras.view_metrics_file = "plot.png",
  viewer = function(path) cat("viewer:", basename(path), "\\n")
)
fit(model, x, y, epochs = 1)
""")

    assert sorted(printed.splitlines()) == [
        "Epoch 1/1 - loss: 5.0000 - mae: 2.0000",
        "viewer: plot.png ",
    ]
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_mistakes_are_errors_of_r(run: Callable[[str], str]) -> None:
    """A missing argument, an unknown one and a fraction are said in one line each."""
    printed = run("""
say <- function(code) {
  message <- conditionMessage(tryCatch(code, error = identity))
  cat(sub("\\n.*", "", message), "\\n")
}
say(fit_generator(model, function() list(x, y)))
say(fit(model, x, y, nonsense = 1))
say(fit(model, x, y, epochs = 2.5))
""")

    assert [line.strip() for line in printed.splitlines()] == [
        'argument "steps_per_epoch" is missing, with no default',
        "fit has no such argument: nonsense",
        "TypeError: epochs must be an integer, not 2.5",
    ]


def test_a_history_is_plotted_by_r(run: Callable[[str], str], tmp_path: Path) -> None:
    """`plot` draws with R's own graphics, with any number of panels."""
    run("""
history <- fit(model, x, y, epochs = 3, verbose = 0, validation_data = list(x, y))
png("plot.png")
plot(history)
invisible(dev.off())
""")

    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_the_functions_of_r_pass_from_r(python: Path) -> None:
    """Every clause about the R functions passes in a real R."""
    assert python.exists()

    report = conformance.run("reference-from-r", clauses=["r.*"])

    assert {item.clause: item.verdict for item in report.findings if item.fell_short} == {}
    assert [item.verdict for item in report.findings].count(Verdict.PASS) == 12
