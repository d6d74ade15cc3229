"""The documented methods as a whole: signatures, states, results."""

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, metrics

SIGNATURES: dict[str, dict[str, Any]] = {
    "fit": {
        "x": None,
        "y": None,
        "batch_size": None,
        "epochs": 1,
        "verbose": 1,
        "callbacks": None,
        "validation_split": 0.0,
        "validation_data": None,
        "shuffle": True,
        "class_weight": None,
        "sample_weight": None,
        "initial_epoch": 0,
        "steps_per_epoch": None,
        "validation_steps": None,
        "validation_freq": 1,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
        "kwargs": ...,
    },
    "evaluate": {
        "x": None,
        "y": None,
        "batch_size": None,
        "verbose": 1,
        "sample_weight": None,
        "steps": None,
        "callbacks": None,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
    },
    "predict": {
        "x": ...,
        "batch_size": None,
        "verbose": 0,
        "steps": None,
        "callbacks": None,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
    },
    "train_on_batch": {
        "x": ...,
        "y": ...,
        "sample_weight": None,
        "class_weight": None,
        "reset_metrics": True,
    },
    "test_on_batch": {"x": ..., "y": ..., "sample_weight": None, "reset_metrics": True},
    "predict_on_batch": {"x": ...},
    "fit_generator": {
        "generator": ...,
        "steps_per_epoch": None,
        "epochs": 1,
        "verbose": 1,
        "callbacks": None,
        "validation_data": None,
        "validation_steps": None,
        "validation_freq": 1,
        "class_weight": None,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
        "shuffle": True,
        "initial_epoch": 0,
    },
    "evaluate_generator": {
        "generator": ...,
        "steps": None,
        "callbacks": None,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
        "verbose": 0,
    },
    "predict_generator": {
        "generator": ...,
        "steps": None,
        "callbacks": None,
        "max_queue_size": 10,
        "workers": 1,
        "use_multiprocessing": False,
        "verbose": 0,
    },
    "get_layer": {"name": None, "index": None},
}


@pytest.mark.parametrize("method", SIGNATURES)
def test_signatures_are_the_documented_ones(method: str) -> None:
    """Names, order and defaults; `...` stands for none."""
    parameters = list(inspect.signature(getattr(Model, method)).parameters.values())[1:]

    assert [(one.name, one.default) for one in parameters] == [
        (name, inspect.Parameter.empty if default is ... else default)
        for name, default in SIGNATURES[method].items()
    ]


@pytest.mark.parametrize("shape", [(1,), None])
def test_uncompiled_models_predict_and_do_nothing_else(shape: tuple[int] | None) -> None:
    """Training and testing are RuntimeErrors, raised before any data is touched."""
    model = Sequential(
        [layers.Dense(1, kernel_initializer="ones", use_bias=False, input_shape=shape)]
    )

    for name in ("fit", "evaluate", "train_on_batch", "test_on_batch"):
        with pytest.raises(RuntimeError, match="compile"):
            getattr(model, name)(object(), object())
    for name in ("fit_generator", "evaluate_generator"):
        source = iter([1, 2, 3])
        with pytest.raises(RuntimeError, match="compile"):
            getattr(model, name)(source, 1)
        assert next(source) == 1

    assert model.predict(np.ones(2)).tolist() == [[1], [1]]  # type: ignore[union-attr]
    assert model.predict_on_batch(np.ones(2)).tolist() == [[1], [1]]  # type: ignore[union-attr]


def test_one_batch_is_one_update(linear: Callable[..., Any]) -> None:
    """Of 100 rows: loss 9 before, gradient 6, rate 0.1; 2.4^2 = 5.76 afterwards."""
    model = linear(3.0, lr=0.1)
    x, y = np.ones(100), np.zeros(100)

    assert model.test_on_batch(x, y) == 9
    assert model.train_on_batch(x, y) == pytest.approx(9)
    assert model.get_weights()[0] == pytest.approx(2.4)
    assert model.test_on_batch(x, y) == pytest.approx(5.76)
    assert model.optimizer.iterations == 1
    assert [len(batch) for batch in model.seen.training] == [100]


def test_three_ways_of_training_agree(linear: Callable[..., Any]) -> None:
    """Batches one by one, fit and fit_generator leave the same weight.

    With x = 1, 2, 3 and rate 0.01 the factors are 1 - 0.02 x^2: 0.98 * 0.92 * 0.82 of the weight.
    """
    batches = [(np.array([value]), np.zeros(1)) for value in (1.0, 2.0, 3.0)]
    single, fitted, generated = (linear(0.3757, lr=0.01) for _ in range(3))

    for x, y in batches:
        single.train_on_batch(x, y)
    fitted.fit(np.array([1.0, 2.0, 3.0]), np.zeros(3), 1, shuffle=False, verbose=0)
    generated.fit_generator(iter(batches), 3, verbose=0)

    expected = 0.3757 * 0.98 * 0.92 * 0.82
    for model in (single, fitted, generated):
        assert model.get_weights()[0] == pytest.approx(expected)


def test_testing_changes_nothing(linear: Callable[..., Any]) -> None:
    """Weights and the count of updates stay, and results repeat."""
    model = linear(3.0, lr=0.1, metrics=["mae"])
    x, y = np.ones(3), np.zeros(3)

    results = [model.evaluate(x, y, verbose=0) for _ in range(2)] + [model.test_on_batch(x, y)]
    model.predict(x)

    assert results == [[9, 3]] * 3
    assert (model.get_weights()[0].tolist(), model.optimizer.iterations) == ([[3]], 0)


def test_results_are_bare_only_where_they_stand_alone(
    linear: Callable[..., Any], two: Callable[..., Any]
) -> None:
    """A float, or a list of floats; an array, or a list of arrays."""
    x, y = np.ones(2), np.zeros(2)

    for model in (linear(), two(), linear(metrics=["mae"])):
        several = len(model.input_names) > 1
        data = ([x, x], [y, y]) if several else (x, y)
        bare = model.metrics_names == ["loss"]
        for call in (model.evaluate, model.train_on_batch, model.test_on_batch):
            result = call(*data)
            assert type(result) is (float if bare else list)
            assert isinstance(result, float) or {type(one) for one in result} == {float}
        for call in (model.predict, model.predict_on_batch):
            assert type(call(data[0])) is (list if several else np.ndarray)


def test_generators_of_one_step_give_arrays(two: Callable[..., Any]) -> None:
    """Two outputs are two arrays whatever the number of steps."""
    item = [np.ones(2), np.ones(2) * 10]

    for steps in (1, 2):
        a, b = two().predict_generator(iter([item] * steps), steps)
        assert (a[:, 0].tolist(), b[:, 0].tolist()) == ([1, 1] * steps, [10, 10] * steps)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_predictions_keep_the_order(linear: Callable[..., Any], size: int) -> None:
    """Row i belongs to sample i, whatever the batches."""
    x = np.arange(1.0, 8.0)

    predictions = linear(2.0).predict(x, batch_size=size)

    assert predictions[:, 0].tolist() == (2 * x).tolist()


def test_labels_are_right_before_anything_is_run(two: Callable[..., Any]) -> None:
    """metrics_names goes with the results position by position."""
    model = two(2.0, 3.0, metrics={"a": "mae"})
    names = model.metrics_names

    results = model.evaluate([np.ones(1)] * 2, [np.zeros(1)] * 2, verbose=0)

    assert dict(zip(names, results, strict=True)) == {
        "loss": 13,
        "a_loss": 4,
        "b_loss": 9,
        "a_mae": 2,
    }


def test_history_is_what_fit_returns(linear: Callable[..., Any]) -> None:
    """Each call makes a new one, and the model keeps the last."""
    model = linear()

    first = model.fit(np.ones(1), np.ones(1), verbose=0)
    second = model.fit(np.ones(1), np.ones(1), epochs=2, verbose=0)

    assert model.history is second
    assert (first.epoch, second.epoch) == ([0], [0, 1])


def test_callbacks_do_not_pile_up(linear: Callable[..., Any], log: Any) -> None:
    """A second call without callbacks does not call those of the first."""
    model = linear()
    ones = np.ones(1)

    model.fit(ones, ones, callbacks=[log], verbose=0)
    count = len(log.events)
    model.fit(ones, ones, callbacks=[], verbose=0)
    model.fit(ones, ones, callbacks=None, verbose=0)

    assert len(log.events) == count


def test_evaluate_and_predict_call_their_hooks(
    linear: Callable[..., Any],
    log: Any,
) -> None:
    """Hooks of one stage only; a prediction's logs carry the outputs of the batch."""
    model = linear(2.0, metrics=[metrics.Precision()])
    x = np.ones(3)

    model.evaluate(x, x, 2, callbacks=[log], verbose=0)
    tested = list(log.events)
    log.events.clear()
    model.predict(x, 2, callbacks=[log])

    for stage, events in (("test", tested), ("predict", log.events)):
        assert events == [
            (f"{stage}_begin", None),
            (f"{stage}_batch_begin", 0),
            (f"{stage}_batch_end", 0),
            (f"{stage}_batch_begin", 1),
            (f"{stage}_batch_end", 1),
            (f"{stage}_end", None),
        ]
    assert [logs["size"] for logs in log.of("test_batch_end")] == [2, 1]
    outputs = [logs["outputs"][0].tolist() for logs in log.of("predict_batch_end")]
    assert outputs == [[[2], [2]], [[2]]]


def test_temporal_mode_by_output() -> None:
    """One output has weights per step, the other per sample: 17 / 6 and 10.5."""
    steps, flat = Input(shape=(3, 1), name="s"), Input(shape=(1,), name="f")
    model = Model(
        [steps, flat],
        [
            layers.Dense(1, use_bias=False, kernel_initializer="ones", name="a")(steps),
            layers.Dense(1, use_bias=False, kernel_initializer="ones", name="b")(flat),
        ],
    )
    x = [np.full((2, 3, 1), 3.0), np.full((2, 1), 3.0)]
    y = [np.arange(6.0).reshape(2, 3, 1), np.array([0.0, 1.0])]
    weights = [np.array([[1, 0, 0], [0, 0, 2]]), np.array([1, 3])]

    for mode in (["temporal", None], {"b": None, "a": "temporal"}):
        model.compile("sgd", "mse", sample_weight_mode=mode)
        assert model.test_on_batch(x, y, weights)[1:] == pytest.approx([17 / 6, 10.5])  # type: ignore[index]


@pytest.mark.parametrize(
    "kernel",
    [
        np.ma.masked_array(np.ones((2, 1)), mask=[[True], [False]]),
        np.ones((2, 1), complex),
        np.full((2, 1), "1"),
        np.full((2, 1), None),
    ],
    ids=["masked", "complex", "text", "objects"],
)
def test_weights_are_real_numbers(kernel: Any) -> None:
    """Anything else is refused, and no weight is changed."""
    model = Sequential([layers.Dense(1, input_shape=(2,))])
    before = model.get_weights()

    with pytest.raises(ValueError, match="weights: "):
        model.set_weights([kernel, np.ones(1)])

    np.testing.assert_equal(model.get_weights(), before)


def test_data_with_a_mask_are_refused() -> None:
    """What they hide would be trained on."""
    model = Sequential([layers.Dense(1, input_shape=(2,))])

    with pytest.raises(ValueError, match="a mask would be lost"):
        model.predict(np.ma.masked_array(np.ones((2, 2)), mask=[[True, False], [False, True]]))


@pytest.mark.parametrize(("epochs", "depth"), [(1, 1), (2, 1), (3, 1), (1, 300)])
def test_a_history_and_its_model_can_be_kept(epochs: int, depth: int) -> None:
    """Pickled or copied, however deep the model is, and while its step is being recorded."""
    model = Sequential(
        [layers.Dense(1, input_shape=(1,)), *(layers.Dense(1) for _ in range(depth))]
    )
    model.compile("adam", "mse")
    x = np.ones((2, 1))
    history = model.fit(x, x, epochs=epochs, verbose=0)

    kept: Any
    for kept in (pickled(history), copy.deepcopy(history)):
        assert kept.history == history.history
        np.testing.assert_array_equal(kept.model.predict(x), model.predict(x))
        # A copy of a copy holds nothing of what it was made of.
        assert len(pickle.dumps(pickled(kept))) == pytest.approx(len(pickle.dumps(kept)), rel=0.1)


def pickled(thing: object) -> Any:
    """Return what comes out of a pickle."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301  our own


def test_what_compile_was_given_can_be_asked_for() -> None:
    """As attributes; metrics can be reset by hand."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse", metrics=["mae"], loss_weights=[2.0])
    model.train_on_batch(np.ones((2, 1)), np.ones((2, 1)), reset_metrics=False)

    model.reset_metrics()

    assert (model.loss, model.loss_weights) == ("mse", [2.0])
    assert [metric.name for metric in model.metrics] == ["mae"]
    assert [metric.result() for metric in model.metrics] == [0.0]
    assert Sequential().metrics == []
