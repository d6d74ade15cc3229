"""The arguments of compile, observed through evaluate on a = 2, b = 3 against 0: losses 4 and 9."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, losses, metrics, optimizers
from fitspec.reference.initializers import Constant
from fitspec.reference.tensor.autodiff import Tensor

ONE = np.ones((1, 1), "float32")
ZERO = np.zeros((1, 1), "float32")


def evaluated(two: Callable[..., Any], **compiled: object) -> dict[str, float]:
    """Return what a = 2, b = 3 evaluates to, by name."""
    model = two(2.0, 3.0, **compiled)
    results = model.evaluate([ONE, ONE], [ZERO, ZERO], verbose=0)
    return dict(zip(model.metrics_names, results, strict=True))


def test_signature_is_the_documented_one() -> None:
    """Only the optimizer is mandatory; the order is the documented one."""
    parameters = inspect.signature(Model.compile).parameters

    assert list(parameters) == [
        "self",
        "optimizer",
        "loss",
        "metrics",
        "loss_weights",
        "sample_weight_mode",
        "weighted_metrics",
        "target_tensors",
        "kwargs",
    ]
    assert {parameters[name].default for name in list(parameters)[2:8]} == {None}
    assert parameters["optimizer"].default is inspect.Parameter.empty


@pytest.mark.parametrize(
    ("loss", "total", "a", "b"),
    [
        ("mse", 13, 4, 9),
        (["mse", "mae"], 7, 4, 3),
        (("mse", "mae"), 7, 4, 3),
        ({"b": "mae", "a": "mse"}, 7, 4, 3),
        ({"b": losses.MeanAbsoluteError(), "a": losses.mean_squared_error}, 7, 4, 3),
    ],
)
def test_losses_are_matched_to_outputs(
    two: Callable[..., Any], loss: object, total: float, a: float, b: float
) -> None:
    """One loss serves all, a list goes by position, a dict by name; the total is the sum."""
    assert evaluated(two, loss=loss) == {"loss": total, "a_loss": a, "b_loss": b}


def test_output_without_a_loss_takes_no_target(two: Callable[..., Any]) -> None:
    """What a dict of losses leaves out is not trained and needs no data."""
    model = two(2.0, 3.0, loss={"a": "mse"}, metrics=["mae"])

    assert model.metrics_names == ["loss", "a_loss", "a_mae"]
    assert model.evaluate([ONE, ONE], {"a": ZERO}, verbose=0) == [4, 4, 2]


@pytest.mark.parametrize(
    ("loss_weights", "total"),
    [([1, 10], 34), ({"b": 10, "a": 1}, 34), ({"b": 10}, 34), (None, 7)],
)
def test_loss_weights_scale_the_total_only(
    two: Callable[..., Any], loss_weights: object, total: float
) -> None:
    """4 + 10 * 3 = 34; the parts are reported as they are; what is left out counts once."""
    results = evaluated(two, loss=["mse", "mae"], loss_weights=loss_weights)

    assert results == {"loss": total, "a_loss": 4, "b_loss": 3}


def test_loss_weights_scale_the_gradient(two: Callable[..., Any]) -> None:
    """Gradients are 2 and 10 * 2: with rate 0.1 the weights become 0.8 and -1."""
    model = two(1.0, 1.0, lr=0.1, loss_weights=[1, 10])

    model.train_on_batch([ONE, ONE], [ZERO, ZERO])

    assert np.ravel(model.get_weights()) == pytest.approx([0.8, -1.0])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"a": "mae"}, ["a_mae"]),
        ({"b": ["mae", "mse"], "a": "mae"}, ["a_mae", "b_mae", "b_mse"]),
        ([["mae"], ["mae", "mse"]], ["a_mae", "b_mae", "b_mse"]),
        (["mae", ["mae", "mse"]], ["a_mae", "b_mae", "b_mse"]),
        (["mae"], ["a_mae", "b_mae"]),
        (["mae", "mse"], ["a_mae", "a_mse", "b_mae", "b_mse"]),
        ("mae", ["a_mae", "b_mae"]),
        ([], []),
        (None, []),
    ],
)
@pytest.mark.parametrize("argument", ["metrics", "weighted_metrics"])
def test_metrics_are_matched_to_outputs(
    two: Callable[..., Any], argument: str, given: object, names: list[str]
) -> None:
    """Flat lists go to all outputs; lists of lists go by position; dicts by name."""
    values = {"a_mae": 2, "a_mse": 4, "b_mae": 3, "b_mse": 9}

    results = evaluated(two, **{argument: given})

    assert list(results)[3:] == names
    assert {name: results[name] for name in names} == {name: values[name] for name in names}


def test_metric_instances_do_not_share_their_counts(two: Callable[..., Any]) -> None:
    """One instance given to two outputs counts separately for each."""
    results = evaluated(two, metrics=[metrics.FunctionMetric(losses.mean_absolute_error, "error")])

    assert (results["a_error"], results["b_error"]) == (2, 3)


def test_equal_names_are_numbered(linear: Callable[..., Any]) -> None:
    """The same metric plain and weighted can be told apart."""
    model = linear(metrics=["mae"], weighted_metrics=["mae"])

    assert model.metrics_names == ["loss", "mae", "mae_1"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"optimizer": "nope"},
        {"optimizer": 3},
        {"optimizer": None},
        {"loss": "nope"},
        {"loss": 3},
        {"loss": ["mse"]},
        {"loss": ["mse"] * 3},
        {"loss": {"a": "mse", "zz": "mse"}},
        {"metrics": ["nope"]},
        {"metrics": {"zz": "mae"}},
        {"metrics": [["mae"]]},
        {"weighted_metrics": ["nope"]},
        {"loss_weights": [1.0]},
        {"loss_weights": {"zz": 1.0}},
        {"loss_weights": {"a": "x"}},
        {"loss_weights": {"a": "2"}},
        {"loss_weights": 3},
        {"sample_weight_mode": "foo"},
        {"sample_weight_mode": {"zz": "temporal", "a": None, "b": None}},
        {"sample_weight_mode": {"a": "temporal"}},
        {"sample_weight_mode": ["temporal"]},
        {"sample_weight_mode": ["foo", None]},
        {"target_tensors": [Tensor(ONE)]},
        {"target_tensors": {"zz": Tensor(ONE)}},
        {"target_tensors": Tensor(ONE)},
    ],
)
def test_invalid_arguments_are_refused_and_change_nothing(
    two: Callable[..., Any], arguments: dict[str, object]
) -> None:
    """Everything invalid is a ValueError at compile, and the earlier plan stays."""
    model = two()
    plan = model.plan

    with pytest.raises(ValueError, match=next(iter(arguments))):
        model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})

    assert model.plan is plan


@pytest.mark.parametrize("given", [{"b": "mae"}, ["mae"], [[], ["mae"]]])
def test_metrics_of_outputs_without_a_loss_are_passed_over(
    two: Callable[..., Any], given: object
) -> None:
    """As such an output takes no target; in a dict as in a list."""
    model = two()
    model.compile("sgd", {"a": "mse"}, metrics=given)
    expected = ["loss", "a_loss", *(["a_mae"] if given == ["mae"] else [])]

    assert model.metrics_names == expected
    assert len(model.test_on_batch([ONE, ONE], [ONE])) == len(expected)


@pytest.mark.parametrize("what", ["loss_weights", "sample_weight_mode"])
def test_a_tuple_is_refused_where_its_entries_are_numbers_or_names(
    two: Callable[..., Any], what: str
) -> None:
    """A list is what stands for one entry per output."""
    with pytest.raises(TypeError, match=f"{what} must be a list or a dict, not the tuple"):
        two().compile("sgd", "mse", **{what: (1.0, 1.0)})


def test_list_of_losses_for_one_output(linear: Callable[..., Any]) -> None:
    """A list of two losses does not fit one output."""
    with pytest.raises(ValueError, match="loss"):
        linear(loss=["mse", "mae"])


def test_metrics_do_not_change_training(linear: Callable[..., Any], column: Any) -> None:
    """Weights after three updates are equal bit for bit."""
    with_metrics = linear(lr=0.01, metrics=["mae", "mse"], weighted_metrics=["mae"])
    without = linear(lr=0.01)

    for model in (with_metrics, without):
        model.fit(column(6), column(6) * 3, batch_size=2, shuffle=False, verbose=0)

    assert with_metrics.get_weights()[0].tolist() == without.get_weights()[0].tolist()


def test_compiling_again_keeps_weights(linear: Callable[..., Any]) -> None:
    """Another optimizer starts from the weights that training left."""
    model = linear(3.0, lr=0.1)
    model.train_on_batch(ONE, ZERO)
    before = model.get_weights()[0].tolist()

    model.compile("adam", "mae")

    assert model.get_weights()[0].tolist() == before
    assert isinstance(model.optimizer, optimizers.Adam)


@pytest.mark.parametrize("form", [lambda t: t, lambda t: [t], lambda t: {"a": t}])
def test_target_tensors_stand_for_targets(
    linear: Callable[..., Any], form: Callable[[Tensor], object]
) -> None:
    """Against targets 5 and 7, predictions 1 and 1 give (16 + 36) / 2."""
    target = Tensor(np.array([[5.0], [7.0]], "float32"))
    model = linear(1.0, target_tensors=form(target))
    x = np.ones((2, 1))

    assert model.train_on_batch(x, None) == 26
    assert model.fit(x, None, verbose=0).history == {"loss": [26]}
    with pytest.raises(ValueError, match="y: the model takes 0"):
        model.fit(x, x, verbose=0)
    with pytest.raises(ValueError, match="target_tensors"):
        model.train_on_batch(np.ones((3, 1)), None)


def test_target_tensors_must_be_tensors(linear: Callable[..., Any]) -> None:
    """A number in place of a tensor is a TypeError at compile."""
    with pytest.raises(TypeError, match="target_tensors"):
        linear(target_tensors=3)


def test_unknown_arguments_reach_the_backend(linear: Callable[..., Any]) -> None:
    """They pass compile, and are refused when training would begin; nothing is trained."""
    model = linear(3.0, lr=0.1, bogus=1)

    with pytest.raises(ValueError, match="bogus"):
        model.train_on_batch(ONE, ZERO)

    assert model.get_weights()[0].tolist() == [[3]]


def test_models_fed_by_their_own_tensors() -> None:
    """Neither x nor y is needed then, but a number of steps is."""
    x = Input(tensor=Tensor(np.ones((2, 1), "float32")), name="own")
    model = Model(x, layers.Dense(1, use_bias=False, kernel_initializer=Constant(3.0))(x))
    model.compile(
        optimizers.SGD(0.0), "mse", target_tensors=Tensor(np.array([[0.0], [1.0]], "float32"))
    )

    assert model.fit(steps_per_epoch=2, verbose=0).history == {"loss": [6.5]}
    assert model.optimizer.iterations == 2
    assert model.evaluate(steps=2, verbose=0) == 6.5
    assert model.predict(None, steps=2).tolist() == [[3]] * 4  # type: ignore[union-attr]
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="steps"):
            call(None, None)
    with pytest.raises(ValueError, match="steps"):
        model.predict(None)
    with pytest.raises(ValueError, match="validation_split"):
        model.fit(None, None, validation_split=0.5, steps_per_epoch=2)


def test_training_without_a_loss_is_refused() -> None:
    """Compile allows it, and training says what is missing."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd")

    with pytest.raises(ValueError, match="loss"):
        model.fit(ONE, None, verbose=0)
