"""What no document promises is refused in strict mode, and only there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import h5py
import numpy as np
import pytest

from fitspec.reference import (
    Input,
    Model,
    Sequence,
    Sequential,
    callbacks,
    layers,
    optimizers,
    strict,
)
from fitspec.reference.strict.rules import RULES
from fitspec.spec import loader

Call: TypeAlias = tuple[str, dict[str, Any]]

X = np.ones((4, 1))
Y = np.array([[0.0], [1.0], [0.0], [1.0]])


class Foreign:
    """Has what tensors of another library have."""

    shape = (4, 1)

    def numpy(self) -> Any:
        """Return an array."""
        return X


class Loader:
    """Can be iterated over and over."""

    def __iter__(self) -> Iterator[Any]:
        return iter([(X, Y)])


class Batches(Sequence):
    """Two batches."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return X, Y


def generator() -> Iterator[Any]:
    while True:
        yield X, Y


def model(**compiled: Any) -> Any:
    one = Sequential([layers.Dense(1, input_shape=(1,), name="a")])
    one.compile(**{"optimizer": "sgd", "loss": "mse", **compiled})
    return one


def two() -> Any:
    x = Input((1,), name="x")
    both = Model(x, [layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)])
    both.compile("sgd", "mse")
    return both


def uncompiled() -> Any:
    return Sequential([layers.Dense(1, input_shape=(1,))])


def trained() -> Any:
    optimizer = optimizers.SGD()
    model(optimizer=optimizer).train_on_batch(X, Y)
    return optimizer


def fit(*data: Any, **given: Any) -> Call:
    x, y = data or (X, Y)
    return "fit", {"x": x, "y": y, "verbose": 0, **given}


BROKEN: dict[str, tuple[Any, Call]] = {
    "fit.x.python-lists": (model, fit([[1.0]] * 4, Y)),
    "fit.x.foreign-tensors": (model, fit(Foreign(), Y)),
    "fit.x.dict-extra-key": (model, fit({"a_input": X, "b": X}, Y)),
    "fit.x.iterable": (model, fit(Loader(), None)),
    "fit.batch_size.number-types": (model, fit(batch_size=np.int64(2))),
    "fit.epochs.number-types": (model, fit(epochs=np.int64(2))),
    "fit.callbacks.single": (model, fit(callbacks=callbacks.Callback())),
    "fit.shuffle.other-values": (model, fit(shuffle=1)),
    "fit.steps_per_epoch.with-arrays": (model, fit(steps_per_epoch=2)),
    "evaluate.steps.with-arrays": (model, ("evaluate", {"x": X, "y": Y, "verbose": 0, "steps": 2})),
    "predict.steps.with-arrays": (model, ("predict", {"x": X, "steps": 2})),
    "fit.validation_steps.with-arrays": (
        model,
        fit(generator(), None, steps_per_epoch=1, validation_data=(X, Y), validation_steps=1),
    ),
    "fit.validation_split.none": (model, fit(validation_split=None)),
    "fit.class_weight.per-output": (two, fit(X, [Y, Y], class_weight={"a": {0: 1.0, 1: 2.0}})),
    "fit.sample_weight.multi-output": (two, fit(X, [Y, Y], sample_weight={"a": np.ones(4)})),
    "fit.sample_weight.not-numbers": (model, fit(sample_weight=[1.0, 1.0, 2.0, 2.0])),
    "fit_generator.workers.plain-generator-thread-safety": (
        model,
        fit(generator(), None, steps_per_epoch=1, workers=2),
    ),
    "fit_generator.sequence.short-epoch-continuation": (
        model,
        fit(Batches(), None, steps_per_epoch=1),
    ),
    "predict_on_batch.no-compile-needed": (uncompiled, ("predict_on_batch", {"x": X})),
    "compile.loss.none": (uncompiled, ("compile", {"optimizer": "sgd"})),
    "compile.loss.dict-leaves-output-out": (
        two,
        ("compile", {"optimizer": "sgd", "loss": {"a": "mse"}}),
    ),
    "compile.metrics.none-in-dict": (
        model,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": {"a": None}}),
    ),
    "compile.metrics.duplicates": (
        model,
        ("compile", {"optimizer": "sgd", "loss": "mse", "metrics": ["mae", "mae"]}),
    ),
    "compile.weighted_metrics.same-metric": (
        model,
        (
            "compile",
            {"optimizer": "sgd", "loss": "mse", "metrics": ["mae"], "weighted_metrics": ["mae"]},
        ),
    ),
    "compile.recompile.optimizer-state": (
        model,
        ("compile", {"optimizer": trained(), "loss": "mse"}),
    ),
    "get_layer.negative-index": (model, ("get_layer", {"index": -1})),
    "get_layer.index-types": (model, ("get_layer", {"index": np.int64(0)})),
}


@pytest.mark.parametrize("clause", BROKEN)
def test_what_works_is_refused_in_strict_mode(clause: str) -> None:
    """The message names the clause and what to write instead; without the mode it just works."""
    build, (method, arguments) = BROKEN[clause]

    getattr(build(), method)(**arguments)
    with (
        pytest.raises(ValueError, match=rf"^{method}: .*no document.*\({re.escape(clause)}\); ."),
        strict(),
    ):
        getattr(build(), method)(**arguments)


WITH_WARNINGS = {
    "fit.kwargs.nb_epoch": fit(nb_epoch=1),
    "fit_generator.use_multiprocessing.generator-duplicates": fit(
        generator(), None, steps_per_epoch=1, use_multiprocessing=True
    ),
}


@pytest.mark.parametrize("clause", WITH_WARNINGS)
def test_what_works_with_a_warning_is_refused(clause: str) -> None:
    """Strict mode refuses it before anything is warned of."""
    method, arguments = WITH_WARNINGS[clause]
    one = model()

    with pytest.raises(ValueError, match=re.escape(clause)), strict():
        getattr(one, method)(**arguments)


def test_a_file_is_not_split_in_strict_mode(tmp_path: Path) -> None:
    """Nothing says that a part of its rows can be set apart."""
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"] = X
        arguments = {"shuffle": "batch", "validation_split": 0.5, "verbose": 0}
        one = model()

        one.fit(file["x"], Y, **arguments)
        with pytest.raises(ValueError, match=r"fit\.validation_split\.hdf5"), strict():
            one.fit(file["x"], Y, **arguments)


def test_every_rule_is_tested_and_about_what_is_left_open() -> None:
    """Its clause is in the contract, at the level of what is only observed."""
    elsewhere = {"fit.validation_split.hdf5"}
    clauses = {rule.clause for rule in RULES}
    levels = {name: clause.level for name, clause in loader.contract().clauses.items()}

    assert clauses == set(BROKEN) | set(WITH_WARNINGS) | elsewhere
    assert {levels[clause] for clause in clauses} == {"observed"}


def test_documented_programs_run_in_strict_mode() -> None:
    """Arrays, dicts, generators, Sequences, weights and validation are as they were."""
    with strict():
        one = model(metrics=["mae"])
        one.fit(
            {"a_input": X},
            {"a": Y},
            batch_size=2,
            epochs=2,
            verbose=0,
            callbacks=[callbacks.Callback()],
            validation_split=0.5,
            class_weight={0: 1.0, 1: 2.0},
            sample_weight=np.ones(4),
        )
        one.fit(Batches(), epochs=1, verbose=0, validation_data=(X, Y))
        one.fit(X.ravel(), Y.ravel(), verbose=0)
        one.fit_generator(
            generator(), 1, verbose=0, validation_data=generator(), validation_steps=1
        )
        one.evaluate(X, Y, verbose=0)
        one.train_on_batch(X, Y)
        one.predict_on_batch(X)
        uncompiled().predict(X)
        two().fit(X, [Y, Y], verbose=0)

        assert one.get_layer("a") is one.get_layer(index=0)


def test_the_mode_is_switched_on_and_off() -> None:
    """By a call until another one, or inside of a block; blocks may be nested."""
    one = model()

    with strict():
        strict(False)
        one.get_layer(index=-1)
        with strict(), pytest.raises(ValueError, match="negative"):
            one.get_layer(index=-1)
        one.get_layer(index=-1)
    one.get_layer(index=-1)
    switch = strict()
    with pytest.raises(ValueError, match="negative"):
        one.get_layer(index=-1)
    with switch:
        pass
    one.get_layer(index=-1)
