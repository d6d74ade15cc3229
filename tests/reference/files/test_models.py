"""Models and weights in files."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, backend, layers, models, optimizers
from fitspec.reference.files import weight_files
from fitspec.reference.tensor.autodiff import Tensor

X = np.linspace(-1, 1, 12).reshape(3, 4)
Y = np.ones((3, 2))
SUFFIXES = (".h5", ".safetensors")


def distance(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return backend.mean(backend.abs(y_true - y_pred), axis=-1)


def stack(units: int = 3, name: str = "one") -> Any:
    """Return a model with weights that training changes and others."""
    return Sequential(
        [
            layers.Dense(units, input_shape=(4,), name=name),
            layers.BatchNormalization(name="norm"),
            layers.Dense(2, name="two"),
        ],
        name="stack",
    )


def nested() -> Any:
    """Return a model with a model inside, of which a part is frozen."""
    inner = stack()
    inner.get_layer("one").trainable = False
    x = Input((4,))
    return Model(x, layers.Dense(2, name="outer")(inner(x)))


def values(model: Any) -> list[Any]:
    return [weight.tolist() for weight in model.get_weights()]


@pytest.fixture(params=SUFFIXES)
def path(request: Any, tmp_path: Path) -> Iterator[Path]:
    """Give a path that is not there yet, in each format."""
    yield tmp_path / f"weights{request.param}"
    assert len(list(tmp_path.iterdir())) <= 1  # and no draft is left


@pytest.mark.parametrize("build", [stack, nested])
def test_weights_are_saved_and_loaded(path: Path, build: Any) -> None:
    """Another model of the same layers gets the same weights."""
    model, other = build(), build()

    model.save_weights(path)
    other.load_weights(path)

    assert values(other) == values(model)


def test_weights_are_loaded_in_order_whatever_the_names(path: Path) -> None:
    """Names of layers that were made up differ from program to program."""
    model, other = stack(name="first"), stack(name="another")

    model.save_weights(path)
    other.load_weights(path)

    assert values(other) == values(model)


def test_weights_are_loaded_by_name(path: Path) -> None:
    """Layers that the file does not have keep their weights."""
    model, other = stack(name="first"), stack(units=3, name="another")
    kept = values(other.get_layer("another"))

    model.save_weights(path)
    other.load_weights(path, by_name=True)

    assert values(other.get_layer("two")) == values(model.get_layer("two"))
    assert values(other.get_layer("another")) == kept


def test_a_file_is_not_overwritten_unless_it_may_be(path: Path) -> None:
    """The old file stays."""
    path.write_text("old")

    with pytest.raises(FileExistsError, match="overwrite is False"):
        stack().save_weights(path, overwrite=False)
    assert path.read_text() == "old"
    stack().save_weights(path)
    assert path.read_bytes()[:3] != b"old"


@pytest.mark.parametrize("by_name", [False, True])
def test_weights_of_other_shapes_are_refused(path: Path, by_name: bool) -> None:
    """The message says what is there and what was expected, and nothing is changed."""
    model, other = stack(units=5), stack()
    before = values(other)

    model.save_weights(path)

    with pytest.raises(ValueError, match=r"'one' has shape \(4, 3\), but the saved.*\(4, 5\)"):
        other.load_weights(path, by_name=by_name)
    assert values(other) == before


def test_weights_of_another_number_of_layers_are_refused(path: Path) -> None:
    """Both numbers are in the message."""
    stack().save_weights(path)
    other = Sequential([layers.Dense(3, input_shape=(4,))])

    with pytest.raises(
        ValueError, match=r"cannot load .*weights of 3 layers.* into a model of 1 layers"
    ):
        other.load_weights(path)


def test_files_that_are_damaged_or_missing_are_told_apart(path: Path) -> None:
    """The one is a ValueError, the other a FileNotFoundError."""
    model = stack()
    with pytest.raises(FileNotFoundError, match="there is no file"):
        model.load_weights(path)
    model.save_weights(path)
    path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(ValueError, match="is damaged, or is no file of"):
        model.load_weights(path)


def test_an_hdf5_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """What lacks the names of layers is no file of weights."""
    path = tmp_path / "data.h5"
    with h5py.File(path, "w") as file:
        file["x"] = X

    with pytest.raises(ValueError, match="no file of HDF5 with weights"):
        stack().load_weights(path)
    with pytest.raises(ValueError, match="no model_config"):
        models.load_model(path)


def test_weights_are_laid_out_as_keras_does(tmp_path: Path) -> None:
    """A group a layer, with the names of its weights; a frozen part of a model comes last."""
    nested().save_weights(tmp_path / "weights.h5")

    with h5py.File(tmp_path / "weights.h5") as file:
        groups = [name.decode() for name in file.attrs["layer_names"]]
        names = [name.decode() for name in file["stack"].attrs["weight_names"]]
        assert weight_files.read_text(file, "keras_version") == "2.3.1"
        assert file["outer/outer/kernel:0"].shape == (2, 2)
    assert groups[1:] == ["stack", "outer"]
    assert names == [
        *("norm/gamma:0", "norm/beta:0", "two/kernel:0", "two/bias:0"),
        *("one/kernel:0", "one/bias:0", "norm/moving_mean:0", "norm/moving_variance:0"),
    ]


def trained(**compiled: Any) -> Any:
    model = stack()
    model.compile(**{"optimizer": optimizers.Adam(0.125), "loss": "mse", **compiled})
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def test_a_model_goes_on_training_where_it_was_saved(tmp_path: Path) -> None:
    """After one more epoch, in both models, weights are the same to the bit."""
    model = trained(metrics=["mae"], weighted_metrics=["mse"])

    model.save(tmp_path / "model.h5")
    copy = models.load_model(tmp_path / "model.h5")
    for each in (model, copy):
        each.fit(X, Y, epochs=1, verbose=0, shuffle=False)

    assert values(copy) == values(model)
    assert copy.metrics_names == model.metrics_names
    assert copy.optimizer.get_config() == model.optimizer.get_config()
    assert copy.optimizer.iterations == 3


def test_a_model_may_be_loaded_without_how_it_was_trained(tmp_path: Path) -> None:
    """Neither what was not saved nor what is not asked for compiles the model."""
    model = trained()
    model.save(tmp_path / "all.h5")
    model.save(tmp_path / "less.h5", include_optimizer=False)

    assert not models.load_model(tmp_path / "all.h5", compile=False).is_compiled
    assert not models.load_model(tmp_path / "less.h5").is_compiled
    with pytest.raises(FileExistsError):
        model.save(tmp_path / "all.h5", overwrite=False)


def test_what_compile_was_given_by_output_is_saved(tmp_path: Path) -> None:
    """Dicts of losses, weights, metrics and modes come back."""
    x = Input((3, 1))
    first, second = layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)
    model = Model(x, [first, second])
    model.compile(
        "sgd",
        {"a": "mse", "b": distance},
        metrics={"b": [distance]},
        loss_weights={"a": 0.5},
        sample_weight_mode={"a": "temporal", "b": None},
    )

    model.save(tmp_path / "model.h5")
    copy = models.load_model(tmp_path / "model.h5", custom_objects={"distance": distance})

    assert copy.metrics_names == model.metrics_names
    assert [plan.loss_weight for plan in copy.plan.outputs] == [0.5, 1]
    assert [plan.temporal for plan in copy.plan.outputs] == [True, False]


def test_functions_of_ones_own_must_be_given_again(tmp_path: Path) -> None:
    """Without them the name in the file means nothing."""
    trained(loss=distance).save(tmp_path / "model.h5")

    with pytest.raises(ValueError, match="distance"):
        models.load_model(tmp_path / "model.h5")


def doubled(batch: Tensor) -> Tensor:
    return batch * 2


def test_code_that_keras_saved_of_a_function_is_not_run(tmp_path: Path) -> None:
    """The model is refused, and its weights are there for one that is built anew."""
    path = tmp_path / "model.h5"
    model, other = (
        Sequential([layers.Dense(2, input_shape=(4,)), layers.Lambda(doubled)]) for _ in range(2)
    )
    model.save(path)
    with h5py.File(path, "r+") as file:
        text = file.attrs["model_config"].decode()
        code = '["4wEA...", null, null], "function_type": "lambda"'
        file.attrs["model_config"] = text.replace('"doubled"', code).encode()

    with pytest.raises(ValueError, match=r"model\.h5: a Lambda, .* build the model, and load_w"):
        models.load_model(path)
    other.load_weights(path)

    np.testing.assert_array_equal(other.predict(X), model.predict(X))


def test_what_cannot_be_written_leaves_no_file(tmp_path: Path) -> None:
    """A lambda has no name to be found by; the old file stays whole."""
    path = tmp_path / "model.h5"
    path.write_text("old")

    with pytest.raises(ValueError, match="a function needs a name"):
        trained(loss=lambda a, b: distance(a, b) * 2).save(path)
    assert path.read_text() == "old"


def test_a_state_that_does_not_fit_is_not_loaded(tmp_path: Path) -> None:
    """In a file of Keras that is worth a warning; in one of ours the file is damaged."""
    path = tmp_path / "model.h5"
    trained().save(path)
    with h5py.File(path, "r+") as file:
        del file["optimizer_weights/optimizer/3:0"]
        file["optimizer_weights/optimizer/3:0"] = np.zeros(7)

    with pytest.raises(ValueError, match="the state of the optimizer"):
        models.load_model(path)
    with h5py.File(path, "r+") as file:
        del file.attrs["author"]
    with pytest.warns(UserWarning, match="state of the optimizer is not loaded"):
        assert models.load_model(path).is_compiled


def test_a_long_description_finds_room(tmp_path: Path) -> None:
    """Names and architectures of more than 64 kB, which an attribute cannot hold, come back."""
    x = first = Input((1,))
    for number in range(400):
        x = layers.Dense(1, name=f"{'layer' * 40}_{number}")(x)
    model = Model(first, x)

    model.save(tmp_path / "model.h5")
    copy = models.load_model(tmp_path / "model.h5")

    assert len(json.dumps(model.get_config())) > 2**16
    assert values(copy) == values(model)
    assert [layer.name for layer in copy.layers] == [layer.name for layer in model.layers]


def test_weights_need_a_shape(tmp_path: Path) -> None:
    """A stack that knows no shape has nothing to save or to load into."""
    with pytest.raises(RuntimeError, match="does not know the shape"):
        Sequential([layers.Dense(1)]).save_weights(tmp_path / "weights.h5")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_refused_changes_no_weight(tmp_path: Path) -> None:
    """Not even those of layers before the one that does not fit."""
    model = Sequential([layers.Dense(3, input_shape=(2,)), layers.Dense(1)])
    path = tmp_path / "weights.h5"
    stored = [
        (layer.name, [(weight.name, np.full(weight.shape, 7.0)) for weight in layer.weights])
        for layer in model.layers
    ]
    stored[1][1][0] = (stored[1][1][0][0], np.full((3, 1), b"x"))
    weight_files.write(path, stored)
    before = model.get_weights()

    with pytest.raises(ValueError, match=r"dense.*kernel: real numbers were expected"):
        model.load_weights(path)

    np.testing.assert_equal(model.get_weights(), before)


def test_a_model_is_kept_in_a_group_or_an_open_file(tmp_path: Path) -> None:
    """And read of one: a file of h5py, a group in it, a file in memory, a file on the disk."""
    model = nested()
    stream = io.BytesIO()
    models.save_model(model, stream)
    stream.seek(0)
    with (tmp_path / "open.h5").open("wb") as file:
        model.save(file)
    with h5py.File(tmp_path / "groups.h5", "w") as file:
        group = file.create_group("inner")
        models.save_model(model, group)
        found = [models.load_model(group), models.load_model(stream)]
        with pytest.raises(ValueError, match="model_weights"):
            models.save_model(model, group)
    with (tmp_path / "open.h5").open("rb") as file:
        found.append(models.load_model(file))

    for one in found:
        np.testing.assert_array_equal(one.predict(X), model.predict(X))


def test_weights_are_kept_in_an_open_file() -> None:
    """As a model is."""
    model, other, stream = stack(), stack(), io.BytesIO()
    model.save_weights(stream)
    stream.seek(0)
    other.load_weights(stream)

    np.testing.assert_array_equal(other.predict(X), model.predict(X))


def test_what_is_no_place_for_a_model_is_refused() -> None:
    """By its type."""
    with pytest.raises(TypeError, match="must be a path, a file or an HDF5 group, not 3"):
        stack().save(3)


def test_layers_that_do_not_fit_are_skipped(tmp_path: Path) -> None:
    """With a warning that names them, where layers are found by name."""
    saved, other = stack(3), stack(4)
    saved.save_weights(tmp_path / "weights.h5")
    before = other.get_layer("one").get_weights()
    with pytest.warns(UserWarning, match="'one'|'norm'|'two'") as told:
        other.load_weights(tmp_path / "weights.h5", by_name=True, skip_mismatch=True)

    # The kernel of `one` has other columns, `norm` other lengths, the kernel of `two` other rows.
    assert len(told) == 3
    np.testing.assert_array_equal(other.get_layer("one").get_weights()[0], before[0])
    with pytest.raises(ValueError, match="by_name=True"):
        other.load_weights(tmp_path / "weights.h5", skip_mismatch=True)


def test_weights_are_laid_out_anew(tmp_path: Path) -> None:
    """Where they have as many numbers: those of a 1x1 convolution in a dense layer."""
    image = Sequential([layers.Conv2D(2, (1, 1), input_shape=(1, 1, 4), name="one")])
    dense = Sequential([layers.Dense(2, input_shape=(4,), name="one")])
    image.save_weights(tmp_path / "weights.h5")
    with pytest.raises(ValueError, match=r"has shape \(4, 2\), but the saved.*\(1, 1, 4, 2\)"):
        dense.load_weights(tmp_path / "weights.h5")
    dense.load_weights(tmp_path / "weights.h5", reshape=True)

    expected = np.reshape(image.predict(X.reshape(3, 1, 1, 4)), (3, 2))
    np.testing.assert_allclose(dense.predict(X), expected, rtol=1e-6)


def test_the_number_of_weights_of_a_layer_is_told(tmp_path: Path) -> None:
    """Where the file has another one."""
    with_bias = Sequential([layers.Dense(2, input_shape=(4,))])
    without = Sequential([layers.Dense(2, use_bias=False, input_shape=(4,))])
    with_bias.save_weights(tmp_path / "weights.h5")

    with pytest.raises(ValueError, match="expects 1 weights, but the saved one has 2 of them"):
        without.load_weights(tmp_path / "weights.h5")
