"""Models that are classes with a `call` of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers, models
from fitspec.reference import backend as K  # noqa: N812 - as programs for Keras do

if TYPE_CHECKING:
    from pathlib import Path

X = np.array([[1.0], [2.0]], "float32")


class Scaled(Model):
    """Multiplies by a weight, 1 at first."""

    def __init__(self) -> None:
        super().__init__(name="scaled")  # type: ignore[call-arg]  # as classes with a call do
        self.inner = layers.Dense(1, kernel_initializer="ones", use_bias=False, name="inner")

    def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
        """Do so."""
        return self.inner(x)


class Several(Model):
    """Has two inputs and two outputs, and knows of training."""

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Add 10 in training to a sum; and return a difference."""
        one, other = inputs
        return [one + other + (10.0 if training else 0.0), one - other]


def made(kind: Any) -> Any:
    """Return a model of a class, of which nobody knows by its type what it takes."""
    return kind()


def test_it_is_trained_as_the_same_model_of_symbols() -> None:
    """A weight w = 1, targets 0: the loss is mean((w x)^2) = (1 + 4) / 2 = 2.5.

    Its gradient is mean(2 w x^2) = 2 (1 + 4) / 2 = 5, and with a rate of 0.1 w becomes 0.5.
    """
    model = made(Scaled)
    model.compile("sgd", "mse")
    model.optimizer.lr = 0.1
    history = model.fit(X, 0 * X, batch_size=2, verbose=0)

    assert history.history["loss"] == [2.5]
    assert model.get_weights()[0].item() == pytest.approx(0.5)
    assert model.predict(X).ravel() == pytest.approx([0.5, 1.0])
    assert [layer.name for layer in model.layers] == ["inner"]
    assert model.get_layer("inner").count_params() == 1
    assert model.output_names == ["output_1"]


def test_several_inputs_and_outputs() -> None:
    """Losses of outputs are 0 for what is computed when testing: 1 + 1 and 1 - 1."""
    model = made(Several)
    assert [one.tolist() for one in model.predict([X, X])] == [[[2.0], [4.0]], [[0.0], [0.0]]]
    model.compile("sgd", ["mse", "mse"])

    assert model.metrics_names == ["loss", "output_1_loss", "output_2_loss"]
    assert model.evaluate([X, X], [X + X, 0 * X], verbose=0) == [0.0, 0.0, 0.0]


def test_one_loss_is_that_of_all_outputs_that_data_show() -> None:
    """The targets are all 0: (2^2 + 4^2) / 2 = 10 for the sum, 0 for the difference."""
    model = made(Several)
    model.compile("sgd", "mse")

    assert model.test_on_batch([X, X], [0 * X, 0 * X]) == [10.0, 10.0, 0.0]


def test_it_is_a_layer_of_other_models() -> None:
    """Called on a symbol, or built for a shape; frozen, it keeps its weight."""
    inner = made(Scaled)
    inner.build((None, 1))
    assert len(inner.trainable_weights) == 1
    inner.trainable = False
    entered = Input((1,))
    outer: Any = Model(entered, layers.Dense(1, kernel_initializer="ones")(inner(entered)))
    outer.compile("sgd", "mse")
    outer.fit(X, 0 * X, verbose=0)

    assert inner.get_weights()[0].item() == 1.0
    assert len(outer.trainable_weights) == 2
    assert outer.predict(X).shape == (2, 1)


def test_its_weights_are_saved_and_it_is_not(tmp_path: Path) -> None:
    """The code of `call` cannot be written down, and the error says what can be done."""
    model, other = made(Scaled), made(Scaled)
    model.build((None, 1))
    other.build((None, 1))
    model.set_weights([np.array([[3.0]])])
    model.save_weights(tmp_path / "weights.h5")
    other.load_weights(tmp_path / "weights.h5")

    assert other.get_weights()[0].item() == 3.0
    with pytest.raises(ValueError, match=r"'scaled' computes by a call of its own.*save_weights"):
        model.save(tmp_path / "model.h5")
    with pytest.raises(ValueError, match="save_weights"):
        models.clone_model(model)


def test_what_is_missing_is_told() -> None:
    """Symbols, data, or a `call`."""
    with pytest.raises(TypeError, match=r"Model: a model needs inputs and outputs, or a class"):
        vars(models)["Model"]()
    with pytest.raises(RuntimeError, match="does not know the shape of its input yet"):
        made(Scaled).save_weights("nowhere.h5")


def test_data_that_do_not_fit_settle_nothing() -> None:
    """After an error the model takes its shape from other data."""
    model = made(Scaled)
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="equal numbers of samples"):
        model.fit(np.ones((2, 3)), np.ones((1, 1)), verbose=0)

    assert model.fit(X, X, verbose=0).history["loss"] == [0.0]


def test_a_summary_has_its_layers(capsys: pytest.CaptureFixture[str]) -> None:
    """With the numbers of their weights."""
    model = made(Scaled)
    model.build((None, 1))
    model.summary()

    assert "inner (Dense)" in capsys.readouterr().out


def test_functions_of_the_backend_compute_in_it() -> None:
    """On tensors, unlike on symbols."""

    class Squared(Model):
        def call(self, x: Any) -> Any:  # type: ignore[override]
            return K.square(x)

    assert made(Squared).predict(X).ravel().tolist() == [1.0, 4.0]


@pytest.mark.parametrize("kind", [models.Model, models.Sequential])
def test_classes_of_ones_own_are_given_with_the_config(kind: Any) -> None:
    """As `custom_objects`, known nowhere else."""

    class Doubled(layers.Layer):
        def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
            return x * 2

    model: Any = models.Sequential([Doubled(input_shape=(1,))])
    if kind is models.Model:
        model = kind(model.inputs, model.outputs)

    copy = kind.from_config(model.get_config(), custom_objects={"Doubled": Doubled})

    assert copy.predict(np.ones((1, 1))).item() == 2
    with pytest.raises(ValueError, match="Doubled"):
        kind.from_config(model.get_config())
