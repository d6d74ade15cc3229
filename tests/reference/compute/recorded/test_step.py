"""Tests of steps that are recorded once and done again: they give the same bits."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitspec.reference import (
    Input,
    Model,
    Sequential,
    activations,
    callbacks,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    set_random_seed,
)
from fitspec.reference.compute.recorded import kinds
from fitspec.reference.compute.recorded.step import RecordedStep
from fitspec.reference.data.batches import Batch

from ...conftest import array

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.autodiff import Tensor


def dense() -> Model:
    """Return a small model with what is recorded in a way of its own."""
    return Sequential(
        [
            layers.Dense(6, activation="relu", input_shape=(4,)),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Reshape((2, 3)),
            layers.Dense(2, activation="tanh"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def branching() -> Model:
    """Return a model with a shared layer, two inputs and two outputs."""
    one, two = Input((4,)), Input((4,))
    shared = layers.Dense(3, activation="sigmoid")
    joined = layers.Concatenate()([shared(one), layers.subtract([shared(two), shared(one)])])
    added = layers.Add()([layers.multiply([shared(one), shared(two)]), shared(two)])
    added = layers.average([added, shared(one)])
    return Model(
        [one, two], [layers.Dense(1)(joined), layers.Dense(2, activation="softmax")(added)]
    )


SEQUENCE, IMAGE = (6, 3), (5, 6, 2)
IMAGE_FIRST: Any = {"data_format": "channels_first"}
#: Other layers that are recorded: the shape of a sample, and what makes them.
KINDS: dict[str, tuple[tuple[int, ...], Callable[[], list[layers.Layer]]]] = {
    "dense": ((4,), lambda: dense().layers[:-1]),
    "windows of sequences": (
        SEQUENCE,
        lambda: [
            layers.Conv1D(4, 2, padding="causal", dilation_rate=2, activation="elu"),
            layers.MaxPooling1D(3, strides=2, padding="same"),
            layers.Conv1D(2, 2, strides=2, padding="same", use_bias=False),
            layers.AveragePooling1D(2, strides=1, padding="same"),
            layers.GlobalMaxPooling1D(),
        ],
    ),
    "windows of images": (
        IMAGE,
        lambda: [
            layers.Conv2D(5, (2, 3), padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Conv2D(3, 2, activation="hard_sigmoid", kernel_regularizer="l2"),
            layers.AveragePooling2D((1, 2)),
            layers.Flatten(),
        ],
    ),
    "windows of images, channels first": (
        IMAGE,
        lambda: [
            layers.Conv2D(3, 3, padding="same", activation="tanh", **IMAGE_FIRST),
            layers.MaxPooling2D((2, 1), strides=1, **IMAGE_FIRST),
            layers.AveragePooling2D(2, padding="same", **IMAGE_FIRST),
            layers.GlobalAveragePooling2D(**IMAGE_FIRST),
        ],
    ),
    "means of images": (
        IMAGE,
        lambda: [
            layers.Permute((2, 1, 3)),
            layers.Conv2D(3, 1, strides=2),
            layers.GlobalAveragePooling2D(),
        ],
    ),
    "other lengths": (
        IMAGE,
        lambda: [
            layers.ZeroPadding2D(((1, 0), (0, 2))),
            layers.UpSampling2D((1, 2)),
            layers.Cropping2D(((0, 3), (1, 0)), **IMAGE_FIRST),
            layers.LeakyReLU(),
            layers.PReLU("ones", shared_axes=[1, 2]),
            layers.ELU(2.0),
            layers.ReLU(1.5, 0.2, 0.1),
            layers.ThresholdedReLU(0.3),
            layers.Softmax(1),
            layers.Flatten(),
        ],
    ),
    "steps": (
        SEQUENCE,
        lambda: [
            layers.LSTM(3, return_sequences=True, dropout=0.3, recurrent_dropout=0.2),
            layers.LSTM(4, go_backwards=True, use_bias=False, recurrent_activation="hard_sigmoid"),
        ],
    ),
    "words": (
        (5,),
        lambda: [layers.Embedding(4, 3), layers.LSTM(2, return_sequences=True), layers.Flatten()],
    ),
    "means of words": ((5,), lambda: [layers.Embedding(4, 3), layers.GlobalAveragePooling1D()]),
}


def many(kind: str) -> tuple[Model, tuple[int, ...]]:
    """Return a model with layers of a kind, and the shape of its samples."""
    shape, make = KINDS[kind]
    ends = layers.Dense(3, activation="softmax")
    return Sequential([layers.InputLayer(shape), *make(), ends]), shape


OPTIMIZERS: dict[str, Callable[[], optimizers.Optimizer]] = {
    "sgd": lambda: optimizers.SGD(0.1),
    "momentum": lambda: optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "rmsprop": optimizers.RMSprop,
    "adam": optimizers.Adam,
}


def trained(  # noqa: PLR0913, PLR0917  as they are drawn
    kind: str, optimizer: str, loss: str, size: int, batch_size: int, weighted: bool
) -> list[Any]:
    """Return all that training, testing and predicting make of some data."""
    set_random_seed(3)
    model, shape = many(kind)
    draw = np.random.default_rng(4)
    words = "words" in kind
    x = draw.integers(0, 4, (size, *shape)) if words else draw.normal(size=(size, *shape))
    y = np.eye(3)[draw.integers(0, 3, size)]
    weights = draw.random(size) if weighted else None
    model.compile(OPTIMIZERS[optimizer](), loss, metrics=["accuracy", "mae"])
    data: dict[str, Any] = {"batch_size": batch_size, "sample_weight": weights, "verbose": 0}
    history = model.fit(x, y, epochs=4, validation_split=0.3, **data)
    results = [model.evaluate(x, y, **data) for _ in range(3)]
    predictions = [model.predict(x, batch_size=batch_size) for _ in range(3)]
    return [history.history, results, *predictions, *model.get_weights()]


@given(
    kind=st.sampled_from(sorted(KINDS)),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    loss=st.sampled_from(["mse", "mae", "categorical_crossentropy", "binary_crossentropy"]),
    size=st.integers(4, 30),
    batch_size=st.integers(1, 9),
    weighted=st.booleans(),
)
@settings(max_examples=60)
def test_a_record_gives_the_same_bits(  # noqa: PLR0913, PLR0917  as they are drawn
    kind: str,
    optimizer: str,
    loss: str,
    size: int,
    batch_size: int,
    weighted: bool,
) -> None:
    """Whatever is recorded comes to exactly what the definitions come to."""
    arguments = (kind, optimizer, loss, size, batch_size, weighted)

    recorded = trained(*arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "is_replayable", lambda *_: False)
        defined = trained(*arguments)

    assert recorded[:2] == defined[:2]
    assert all(map(np.array_equal, recorded[2:], defined[2:]))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_all_of_these_layers_are_recorded(
    kind: str, plans: list[RecordedStep], never_recorded: Callable[[], None]
) -> None:
    """Steps of training, testing and predicting are done again, and come to the same."""
    arguments = (kind, "adam", "categorical_crossentropy", 12, 3, False)

    recorded = trained(*arguments)
    made = len(plans)
    never_recorded()
    defined = trained(*arguments)

    assert made == len(plans) >= 3
    assert recorded[:2] == defined[:2]
    assert all(map(np.array_equal, recorded[2:], defined[2:]))


@pytest.mark.parametrize(
    "settings",
    [{"stateful": True}, {"activation": "relu"}, {"recurrent_activation": "tanh"}],
    ids=str,
)
def test_a_layer_that_keeps_something_is_called_for_every_batch(
    plans: list[RecordedStep], never_recorded: Callable[[], None], settings: dict[str, Any]
) -> None:
    """An LSTM with states of its own, or with functions that take many operations."""

    def results() -> list[Any]:
        set_random_seed(3)
        model = Sequential([layers.LSTM(2, batch_input_shape=(2, 3, 1), **settings)])
        model.compile("sgd", "mse")
        return [model.train_on_batch(np.ones((2, 3, 1)), np.ones((2, 2))) for _ in range(4)]

    found = results()
    never_recorded()

    assert plans == []
    assert found == results()


def test_words_that_are_unknown_are_refused_whenever_they_come(plans: list[RecordedStep]) -> None:
    """A number without a vector is found in a step that is done again, too."""
    model = Sequential([layers.Embedding(3, 2, input_length=2)])
    for _ in range(3):
        model.predict(np.array([[0, 2]]))

    with pytest.raises(ValueError, match=r"0 to 2, but its input holds -1 to 1"):
        model.predict(np.array([[1, -1]]))
    assert len(plans) == 1


def test_several_inputs_and_outputs_give_the_same_bits(
    plans: list[RecordedStep], never_recorded: Callable[[], None]
) -> None:
    """A shared layer, joined branches and loss weights are recorded too."""

    def weights() -> list[Any]:
        set_random_seed(3)
        draw = np.random.default_rng(4)
        x, y = draw.normal(size=(2, 20, 4)), [draw.normal(size=(20, 1)), draw.random((20, 2))]
        model = branching()
        model.compile("adam", ["mse", "categorical_crossentropy"], loss_weights=[0.3, 2.0])
        model.fit(list(x), y, batch_size=5, epochs=3, verbose=0)
        return model.get_weights()

    recorded = weights()
    assert plans
    never_recorded()
    assert all(map(np.array_equal, recorded, weights()))


def linear(optimizer: object = "sgd", loss: object = "mse", **arguments: Any) -> Model:
    """Return y = 1·x, compiled."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,), name="y")])
    model.set_weights([np.ones((1, 1))])
    model.compile(optimizer, loss, **arguments)
    return model


X, Y = np.ones((4, 1)), np.zeros((4, 1))


def weight(model: Model) -> float:
    """Return the only weight."""
    return float(model.get_weights()[0][0, 0])


def test_the_third_batch_of_a_kind_is_done_again(plans: list[RecordedStep]) -> None:
    """The first is computed, the second recorded; a batch of another size is another kind."""
    model = linear()
    each = []

    for rows in (4, 4, 4, 4, 2, 2):
        model.train_on_batch(X[:rows], Y[:rows])
        each.append(len(plans))

    assert each == [0, 1, 1, 1, 1, 2]


def test_a_new_rate_is_heard(plans: list[RecordedStep]) -> None:
    """The learning rate may change between any two steps."""
    model = linear(optimizers.SGD(0.25))
    seen = []

    # The gradient of w² is 2w: each step multiplies w by 1 - 2·rate.
    for rate in (0.25, 0.25, 0.25, 0.125, 0.0):
        model.optimizer.lr = rate
        model.train_on_batch(X, Y)
        seen.append(weight(model))

    assert plans
    assert seen == [0.5, 0.25, 0.125, 0.09375, 0.09375]


def test_weights_may_be_set_in_between(plans: list[RecordedStep]) -> None:
    """A recorded step goes on from the weights that are there."""
    model = linear(optimizers.SGD(0.25))
    for _ in range(3):
        model.train_on_batch(X, Y)

    model.set_weights([np.full((1, 1), 8.0)])
    model.train_on_batch(X, Y)

    assert plans
    assert weight(model) == 4.0


def test_what_is_no_longer_trainable_stays() -> None:
    """A layer that is frozen between two steps is no longer changed after the next compile."""
    model = linear(optimizers.SGD(0.25))
    for _ in range(3):
        model.train_on_batch(X, Y)

    model.layers[0].trainable = False
    model.compile(optimizers.SGD(0.25), "mse")
    before = weight(model)
    losses_seen = [model.train_on_batch(X, Y) for _ in range(3)]

    assert weight(model) == before
    assert losses_seen == [before**2] * 3


def test_compiling_again_begins_anew(plans: list[RecordedStep]) -> None:
    """Another loss and optimizer make another step."""
    model = linear(optimizers.SGD(0.25))
    for _ in range(3):
        model.train_on_batch(X, Y)

    model.compile(optimizers.SGD(1.0), "mae")
    before = weight(model)
    model.train_on_batch(X, Y)

    # The derivative of |w| is 1.
    assert plans
    assert weight(model) == before - 1.0


def test_a_copy_of_a_model_is_trained_apart() -> None:
    """What was recorded for a model changes no weights but its own."""
    model = linear(optimizers.SGD(0.25))
    for _ in range(3):
        model.train_on_batch(X, Y)

    other = copy.deepcopy(model)
    for _ in range(3):
        other.train_on_batch(X, Y)

    assert weight(model) == 0.125
    assert weight(other) == 0.125**2


def test_predictions_are_arrays_of_their_own() -> None:
    """What a call returned is not changed by the next one."""
    model = linear()
    for _ in range(3):
        first = model.predict(X)

    model.predict(2 * X)

    assert array(first).tolist() == [[1.0]] * 4


@pytest.mark.parametrize("name", ["accuracy", "mae", "AUC", "cosine_proximity", "MeanSquaredError"])
def test_metrics_that_are_known_do_not_stand_in_the_way(
    name: str, plans: list[RecordedStep]
) -> None:
    """A model with metrics of the reference is recorded, whichever module they are in."""
    model = linear(metrics=[name], loss="logcosh")

    for _ in range(3):
        model.train_on_batch(X, Y)

    assert len(plans) == 1


class Remembering(metrics.Metric):
    """Keeps what it was given."""

    def __init__(self) -> None:
        super().__init__("remembering")
        self.given: list[Tensor] = []

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: object) -> Any:  # noqa: ARG002  as Metric
        """Keep the predictions."""
        self.given.append(y_pred)
        return np.zeros(1)

    def value(self, counts: Any) -> float:  # noqa: ARG002  as Metric
        """Return nothing of interest."""
        return 0.0


def called(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Compute the squared error, which a user may well do by himself."""
    return (y_pred - y_true) ** 2


class OwnLoss(losses.Loss):
    """A loss of the user's."""

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Compute the squared error."""
        return called(y_true, y_pred)


class OwnOptimizer(optimizers.SGD):
    """An optimizer of the user's."""


@pytest.mark.parametrize(
    "arguments",
    [
        {"loss": called},
        {"loss": OwnLoss()},
        {"metrics": [called]},
        {"metrics": [Remembering()]},
        {"optimizer": OwnOptimizer(0.25)},
    ],
    ids=["loss function", "loss object", "metric function", "metric object", "optimizer"],
)
def test_what_a_user_wrote_is_called_for_every_batch(
    plans: list[RecordedStep], arguments: dict[str, Any]
) -> None:
    """Only the reference's own functions are known to do nothing but compute."""
    model = linear(**{"optimizer": optimizers.SGD(0.25), **arguments})

    for _ in range(4):
        model.train_on_batch(X, Y)

    assert plans == []
    assert weight(model) == 0.5**4


def test_a_layer_of_ones_own_is_called_for_every_batch(plans: list[RecordedStep]) -> None:
    """A Lambda may look at what it gets."""
    seen: list[int] = []

    def look(x: Tensor) -> Tensor:
        seen.append(len(x))
        return x

    model = Sequential([layers.Lambda(look, (1,), input_shape=(1,))])

    for _ in range(4):
        model.predict(X)

    assert plans == []
    assert seen == [4] * 4


def test_a_layer_that_is_added_counts(plans: list[RecordedStep]) -> None:
    """A `Sequential` that grows is no longer what was recorded."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.set_weights([np.full((1, 1), 3.0)])
    for _ in range(3):
        model.predict(X)

    model.add(layers.Activation("relu"))
    model.set_weights([np.full((1, 1), -3.0)])

    assert plans
    assert array(model.predict(X)).tolist() == [[0.0]] * 4


def test_a_step_of_a_callback_is_heard(plans: list[RecordedStep]) -> None:
    """Training may be stopped, and weights changed, from inside."""
    model = linear(optimizers.SGD(0.25))

    class Raising(callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:  # noqa: ARG002  as Callback
            model.set_weights([np.ones((1, 1))])

    history = model.fit(X, Y, epochs=4, verbose=0, callbacks=[Raising()])

    assert plans
    assert history.history["loss"] == [1.0] * 4


def test_a_new_setting_of_the_optimizer_is_heard(plans: list[RecordedStep]) -> None:
    """Momentum may be taken up between any two steps."""
    model = linear(optimizers.SGD(0.25, momentum=0.0))
    for _ in range(3):
        model.train_on_batch(X, Y)

    model.optimizer.momentum = 0.5
    model.train_on_batch(X, Y)
    model.train_on_batch(X, Y)

    # From 0.125 by -0.25 * 2 * 0.125 to 0.0625; then by 0.5 * -0.0625 - 0.25 * 2 * 0.0625.
    assert plans
    assert weight(model) == 0.0


def test_a_new_setting_of_a_layer_is_heard(plans: list[RecordedStep]) -> None:
    """The activation of a layer may be exchanged between any two calls."""
    model = linear()
    for _ in range(3):
        model.predict(-X)

    layer: Any = model.layers[0]
    layer.activation = activations.relu

    assert plans
    assert array(model.predict(-X)).tolist() == [[0.0]] * 4


def test_threads_do_not_meet_in_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that predicts while another does so has results of its own."""
    model = linear()
    for _ in range(3):
        model.predict(X)
    original = RecordedStep.forward
    between: list[Any] = []

    def interrupted(plan: RecordedStep, batch: Batch) -> None:
        original(plan, batch)
        if not between:
            between.append(None)
            with ThreadPoolExecutor(1) as pool:
                between[0] = pool.submit(model.predict, 2 * X).result()

    monkeypatch.setattr(RecordedStep, "forward", interrupted)

    assert array(model.predict(X)).tolist() == [[1.0]] * 4
    assert between[0].tolist() == [[2.0]] * 4


def test_evaluation_during_a_step_does_not_end_it() -> None:
    """What is begun in one thread is not forgotten because another evaluates."""
    model = linear(optimizers.SGD(0.25))
    batch = Batch([X.astype("f4")], [Y.astype("f4")], [None], 4)
    before = []
    for _ in range(4):
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(model.evaluate, X, Y, verbose=0).result()
        model.engine.update(outcome, model.plan.optimizer)
        before.append(weight(model))

    assert before == [0.5, 0.25, 0.125, 0.0625]


def test_what_cannot_be_recorded_draws_no_random_numbers_more() -> None:
    """A step that turns out to need its elements is computed with the numbers drawn for it."""

    def trained(*, able: bool) -> list[Any]:
        set_random_seed(7)
        model = Sequential([layers.Dropout(0.5, input_shape=(3,)), layers.Dense(1)])
        model.set_weights([np.ones((3, 1)), np.zeros(1)])
        model.compile("sgd", "mse")
        with pytest.MonkeyPatch.context() as patch:
            if able:
                patch.setattr(layers.Dense, "call", looking)
            else:
                patch.setattr(kinds, "is_replayable", lambda *_: False)
            return [model.train_on_batch(np.ones((2, 3)), np.ones((2, 1))) for _ in range(4)]

    original = layers.Dense.call

    def looking(layer: Any, inputs: list[Tensor], *, training: bool) -> Tensor:
        assert float(inputs[0].data[0, 0]) >= 0
        return original(layer, inputs, training=training)

    assert trained(able=True) == trained(able=False)


def settings_changed_later() -> dict[str, tuple[Callable[[], Any], Callable[[Model, Any], None]]]:
    """Return, by name, what makes a loss or penalty, and what changes a setting afterwards."""
    return {
        "a loss's own": (losses.Huber, lambda _, huber: setattr(huber, "delta", 5.0)),
        "a loss's reduction": (
            losses.MeanSquaredError,
            lambda _, mean: setattr(mean, "reduction", "sum"),
        ),
        "a penalty's": (
            lambda: regularizers.l2(0.0),
            lambda _, penalty: setattr(penalty, "l2", 100.0),
        ),
        "which penalty a weight has": (
            lambda: None,
            lambda model, _: setattr(
                model.layers[0].variables[0], "regularizer", regularizers.l1(3.0)
            ),
        ),
        "which penalty an output has": (
            lambda: None,
            lambda model, _: setattr(model.layers[0], "activity_regularizer", regularizers.l1(3.0)),
        ),
        "a layer's activation": (
            lambda: None,
            lambda model, _: setattr(model.layers[0], "activation", activations.tanh),
        ),
    }


@pytest.mark.parametrize("name", settings_changed_later())
def test_a_setting_counts_from_the_next_batch_on(name: str) -> None:
    """However many batches there were, and whether or not they were recorded."""
    x, y = np.ones((4, 2), np.float32), np.full((4, 1), -10.0, np.float32)
    make, change = settings_changed_later()[name]

    def after(batches: int) -> tuple[object, object]:
        setting = make()
        loss = setting if isinstance(setting, losses.Loss) else "mse"
        penalty = None if isinstance(setting, losses.Loss) else setting
        first = layers.Dense(
            1, input_shape=(2,), kernel_initializer="ones", kernel_regularizer=penalty
        )
        model = Sequential([first, layers.Dense(1, kernel_initializer="ones")])
        model.compile(optimizers.SGD(0.0), loss)
        for _ in range(batches):
            before = model.train_on_batch(x, y)
        change(model, setting)
        return before, model.train_on_batch(x, y)

    once = after(1)

    assert once[0] != once[1]
    assert [after(batches) for batches in (2, 3, 5)] == [once] * 3


def test_what_other_models_are_made_of_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step is recorded once, whatever layers are made meanwhile, and settings set anew."""
    made: list[object] = []
    monkeypatch.setattr(kinds.StepMemory, "keep", spied(kinds.StepMemory.keep, made))
    model = dense()
    model.compile("sgd", losses.Huber())
    x, y = np.ones((4, 4), np.float32), np.eye(4, 3, dtype=np.float32)
    dropout: Any = model.layers[1]

    for _ in range(5):
        model.train_on_batch(x, y)
        layers.Dense(2)
        dropout.rate = 0.3

    assert len(made) == 1


def spied(method: Callable[..., None], calls: list[object]) -> Callable[..., None]:
    """Return a method that notes its calls."""

    def noting(*arguments: Any) -> None:
        calls.append(arguments)
        method(*arguments)

    return noting
