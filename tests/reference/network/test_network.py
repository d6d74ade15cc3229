"""Graphs of layers: order, names, sharing."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, optimizers
from fitspec.reference.initializers import Constant


def sequential() -> Sequential:
    """Return a stack of layers p, q, r."""
    return Sequential(
        [
            layers.Dense(1, name="p", input_shape=(1,)),
            layers.Dense(1, name="q"),
            layers.Dense(1, name="r"),
        ]
    )


def test_layer_by_name_is_the_very_object() -> None:
    """The first positional argument is the name."""
    model = sequential()

    assert model.get_layer("q") is model.layers[1]
    assert model.get_layer(name="q") is model.layers[1]


@pytest.mark.parametrize(("index", "name"), [(0, "p"), (1, "q"), (2, "r"), (-1, "r"), (-3, "p")])
def test_layer_by_index(index: int, name: str) -> None:
    """Index 0 is an index like any other, and negative ones count from the end."""
    assert sequential().get_layer(index=index).name == name


def test_index_goes_before_name() -> None:
    """With both, the name is not even looked at."""
    model = sequential()

    assert model.get_layer(name="p", index=2).name == "r"
    assert model.get_layer(name="zz", index=0).name == "p"


@pytest.mark.parametrize("search", [{"index": 3}, {"index": -4}, {"name": "zz"}, {}])
def test_layers_that_do_not_exist_are_refused(search: dict[str, object]) -> None:
    """A wrong index, a wrong name, and neither are ValueErrors."""
    with pytest.raises(ValueError, match=r"index|name"):
        sequential().get_layer(**search)  # type: ignore[arg-type]


def test_layers_are_ordered_from_the_inputs_upwards() -> None:
    """A layer comes before all that are nearer to the output."""
    x, z = Input(shape=(1,), name="x"), Input(shape=(1,), name="z")
    a = layers.Dense(1, name="a")(x)
    b = layers.Dense(1, name="b")(a)
    c = layers.Dense(1, name="c")(z)
    model = Model([x, z], layers.Add(name="o")([b, c]))

    assert [layer.name for layer in model.layers] == ["x", "z", "a", "b", "c", "o"]


def test_two_branches_are_listed_level_by_level() -> None:
    """in1 -> a and in2 -> b give in1, in2, a, b."""
    in1, in2 = Input(shape=(1,), name="in1"), Input(shape=(1,), name="in2")
    model = Model([in1, in2], [layers.Dense(1, name="a")(in1), layers.Dense(1, name="b")(in2)])

    assert [layer.name for layer in model.layers] == ["in1", "in2", "a", "b"]
    assert (model.input_names, model.output_names) == (["in1", "in2"], ["a", "b"])


def test_equal_names_are_refused() -> None:
    """Two layers of one name are a ValueError, in both kinds of model."""
    x = Input(shape=(1,))
    y = layers.Dense(1, name="same")(layers.Dense(1, name="same")(x))

    with pytest.raises(ValueError, match="unique"):
        Model(x, y)
    with pytest.raises(ValueError, match="unique"):
        Sequential([layers.Dense(1, name="same"), layers.Dense(1, name="same")])


def test_missing_inputs_are_refused() -> None:
    """An output that depends on an unlisted input is a ValueError."""
    x, z = Input(shape=(1,)), Input(shape=(1,))

    with pytest.raises(ValueError, match="inputs"):
        Model(x, layers.Add()([x, z]))


def test_shared_layers_have_one_set_of_weights() -> None:
    """The gradients of both uses add up: d/dw ((w*1)^2 + (w*2)^2) = 10 w; 1 - 0.01 * 10 = 0.9."""
    in1, in2 = Input(shape=(1,)), Input(shape=(1,))
    shared = layers.Dense(1, use_bias=False, kernel_initializer=Constant(1.0), name="s")
    model = Model([in1, in2], [shared(in1), shared(in2)])
    model.compile(optimizers.SGD(0.01), "mse")

    model.train_on_batch([np.ones((1, 1)), np.full((1, 1), 2.0)], [np.zeros((1, 1))] * 2)

    assert model.output_names == ["s", "s_1"]
    assert [weight.tolist() for weight in model.get_weights()] == [[[pytest.approx(0.9)]]]


def test_models_are_layers() -> None:
    """A model inside of another computes with its own weights, once each."""
    inner = Sequential(
        [layers.Dense(1, use_bias=False, kernel_initializer=Constant(3.0), input_shape=(1,))]
    )
    x = Input(shape=(1,))
    model = Model(x, inner(inner(x)))

    assert model.predict(np.ones((1, 1))).tolist() == [[9]]  # type: ignore[union-attr]
    assert len(model.get_weights()) == 1


def test_a_model_of_several_outputs_gives_all_of_them_where_it_is_called() -> None:
    """As an encoder does, of which another model takes what it needs."""
    x, code = Input((2,)), Input((1,))
    encoder = Model(x, [layers.Dense(3)(x), layers.Dense(1)(x)])
    decoder = Model(code, layers.Dense(2)(code))

    outputs = encoder(x)
    whole = Model(x, decoder(outputs[1]))

    assert [output.shape for output in outputs] == [(3,), (1,)]
    given = np.ones((4, 2))
    expected = decoder.predict(np.asarray(encoder.predict(given)[1]))
    assert np.array_equal(whole.predict(given), expected)
    with pytest.raises(AttributeError, match=r"the result of 'model_.*has no elements yet"):
        outputs[0].data  # noqa: B018


def test_made_up_names_count_by_class() -> None:
    """Names consist of the class in lower case and a number."""
    first, second = layers.BatchNormalization(), layers.BatchNormalization()

    assert first.name.startswith("batch_normalization_")
    assert int(second.name.rsplit("_", 1)[1]) == int(first.name.rsplit("_", 1)[1]) + 1


def test_layers_are_called_on_symbols_only() -> None:
    """An array in place of a symbol is a TypeError that says so."""
    with pytest.raises(TypeError, match="result of Input"):
        layers.Dense(1)([np.ones((1, 1))])  # type: ignore[list-item]


def test_a_part_of_a_model_is_a_model() -> None:
    """Inputs and outputs of models and layers are what other models are made of."""
    base: Any = Sequential(
        [layers.Dense(3, input_shape=(2,), name="one"), layers.Dense(1, name="two")]
    )

    part: Any = Model(inputs=base.input, outputs=base.get_layer("one").output)
    rest: Any = Model(base.get_layer("two").input, base.output)
    x = np.ones((4, 2))

    assert part.inputs == base.inputs
    assert rest.outputs == base.outputs
    assert rest.predict(part.predict(x)).tolist() == base.predict(x).tolist()


def test_several_inputs_and_outputs_are_lists() -> None:
    """One is a symbol, and a layer that was called twice has none of its own."""
    a, b = Input((2,)), Input((2,))
    shared, add = layers.Dense(2, name="shared"), layers.Add()
    model = Model([a, b], add([shared(a), shared(b)]))

    assert model.input == model.inputs == [a, b]
    assert model.output is add.output
    assert len(add.input) == 2
    with pytest.raises(AttributeError, match="'shared' was called 2 times"):
        _ = shared.output
    with pytest.raises(AttributeError, match="was called 0 times"):
        _ = layers.Dense(1).input


def test_the_numbers_in_weights_are_counted() -> None:
    """2 * 3 + 3 of a layer; of a model the sum; before there are any, an error."""
    model = Sequential([layers.Dense(3, input_shape=(2,)), layers.BatchNormalization()])

    assert model.layers[0].count_params() == 9
    assert model.count_params() == 9 + 4 * 3
    with pytest.raises(RuntimeError, match="no weights before its first call"):
        layers.Dense(1).count_params()


def test_inputs_are_made_as_keras_makes_them() -> None:
    """A type may be named; sparse tensors there are none of."""
    one = Input((3,), None, "one", "int32")
    layer = layers.InputLayer(batch_input_shape=(5, 2), name="two")
    stack = Sequential([layers.InputLayer(input_shape=(2,)), layers.Dense(1)])

    assert (one.shape, one.node.layer.name) == ((3,), "one")
    assert one.node.layer.get_config()["dtype"] == "int32"
    assert (layer.batch_size, layer.output.shape) == (5, (2,))
    assert stack.count_params() == 3
    with pytest.raises(ValueError, match="sparse"):
        Input((3,), sparse=True)


def test_weights_are_listed_by_whether_training_changes_them() -> None:
    """Those of a frozen layer are not changed, whatever they are."""
    model = Sequential([layers.Dense(3, input_shape=(2,)), layers.BatchNormalization()])
    dense, norm = model.layers

    assert model.weights == dense.weights + norm.weights
    assert model.trainable_weights == dense.weights + norm.weights[:2]
    assert model.non_trainable_weights == norm.non_trainable_weights == norm.weights[2:]
    dense.trainable = False
    assert dense.trainable_weights == []
    assert dense.non_trainable_weights == dense.weights


def test_shapes_of_batches_are_known_of_models_and_layers() -> None:
    """They begin with the number of samples, which is None unless it is fixed."""
    one, two = Input((4, 3)), Input(batch_shape=(5, 2))
    flat = layers.Flatten()
    joined = layers.concatenate([flat(one), layers.Dense(2)(two)])
    model = Model([one, two], [joined, layers.Dense(1)(joined)])
    stack = Sequential([layers.Dense(7, input_shape=(2,)), layers.Dense(1)])

    assert flat.input_shape == (None, 4, 3)
    assert flat.output_shape == (None, 12)
    assert model.input_shape == [(5, 4, 3), (5, 2)]
    assert model.output_shape == [(5, 14), (5, 1)]
    assert (stack.input_shape, stack.output_shape) == ((None, 2), (None, 1))
    assert stack.layers[0].output_shape[1:] == (7,)
