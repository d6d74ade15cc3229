"""Models written as JSON and made again."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fitspec.reference
from fitspec.reference import Input, Model, Sequential, backend, layers, models

X = [np.linspace(-1, 1, 8).reshape(2, 4), np.linspace(2, -1, 8).reshape(2, 4)]


def branched() -> Any:
    """Return a model with two inputs and outputs, a shared layer and a model inside."""
    inner_input = Input((4,))
    inner = Model(inner_input, layers.Dense(3, name="in")(inner_input), name="inner")
    a, b = Input((4,), name="a"), Input(batch_shape=(2, 4), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    both = layers.Add(name="add")([shared(a), shared(b)])
    joined = layers.Concatenate(name="cat")([both, inner(b), inner(a)])
    p = layers.Dense(2, activation="softmax", name="p")(joined)
    return Model([a, b], [p, both], name="outer")


def outputs(model: Any, x: Any) -> list[list[Any]]:
    return [output.tolist() for output in model.predict(x)]


def test_a_graph_is_made_again() -> None:
    """With the same weights the copy computes the same, and everything has its name."""
    model = branched()

    copy = models.model_from_json(model.to_json(indent=1))
    copy.set_weights(model.get_weights())

    assert outputs(copy, X) == outputs(model, X)
    assert copy.name == "outer"
    assert [layer.name for layer in copy.layers] == [layer.name for layer in model.layers]
    assert (copy.input_names, copy.output_names) == (["a", "b"], ["p", "add"])
    assert copy.batch_size == 2
    assert copy.get_config() == model.get_config()


def test_calls_are_numbered_as_in_keras() -> None:
    """Those of a layer from 0, and those of a model from 1."""
    config = branched().get_config()
    inbound = {layer["name"]: layer["inbound_nodes"] for layer in config["layers"]}

    assert inbound["add"] == [[["shared", 0, 0, {}], ["shared", 1, 0, {}]]]
    assert inbound["cat"] == [[["add", 0, 0, {}], ["inner", 1, 0, {}], ["inner", 2, 0, {}]]]
    assert config["input_layers"] == [["a", 0, 0], ["b", 0, 0]]
    assert config["output_layers"] == [["p", 0, 0], ["add", 0, 0]]


def test_a_stack_is_made_again() -> None:
    """Its weights are there at once when those of the first were."""
    model = Sequential(name="s")
    model.add(layers.Dense(3, input_shape=(4,), name="one"))
    model.add(layers.Dropout(0.5, name="two"))
    copy = models.model_from_json(model.to_json())

    assert [layer.name for layer in copy.layers] == ["one", "two"]
    assert [weight.shape for weight in copy.get_weights()] == [(4, 3), (3,)]


@pytest.mark.parametrize("first", [Input((4,)), None], ids=["input", "data"])
def test_a_stack_keeps_the_shape_of_its_input(first: Any) -> None:
    """Whether an input was added, or the first data told the shape."""
    model = Sequential([] if first is None else [first])
    model.add(layers.Dense(3))
    model.predict(X[0])

    copy = models.model_from_config({"class_name": "Sequential", "config": model.get_config()})

    assert [weight.shape for weight in copy.get_weights()] == [(4, 3), (3,)]


def test_a_stack_without_weights_stays_so() -> None:
    """What knows no shape gets one from its own data."""
    copy = Sequential.from_config(Sequential([layers.Dense(3)]).get_config())

    assert copy.predict(np.ones((2, 5))).shape == (2, 3)


def test_a_stack_on_a_graph_and_a_frozen_model_are_made_again() -> None:
    """Models are layers of models, with what training leaves alone."""
    inner = Sequential([layers.Dense(2, input_shape=(4,))])
    inner.trainable = False
    x = Input((4,))
    model = Model(x, layers.Dense(1)(inner(x)))

    copy = models.clone_model(model)

    assert len(copy.weights) == 4
    assert len(copy.trainable_variables) == 2


def test_a_part_of_a_graph_is_made_again() -> None:
    """What enters in the middle becomes an input."""
    whole = branched()
    part: Any = Model(whole.get_layer("cat").output, whole.get_layer("p").output)
    data = np.ones((2, 9))

    copy = models.clone_model(part)
    copy.set_weights(part.get_weights())

    assert [layer.name for layer in copy.layers] == ["cat", "p"]
    assert copy.predict(data).tolist() == part.predict(data).tolist()


def test_an_input_with_a_tensor_is_not_saved() -> None:
    """A batch is no part of an architecture."""
    x = Input(tensor=backend.constant(X[0]), name="own")

    with pytest.raises(ValueError, match="'own' has a tensor of its own"):
        Model(x, layers.Dense(1)(x)).get_config()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "delimiter|property name"),
        ("[" * 100_000, "json_string: it is nested too deeply"),
        ("[]", "config must be a dict"),
        ("null", "config must be a dict"),
        ("{}", "config must be a dict"),
        (json.dumps({"class_name": "Perceptron", "config": {}}), "'Perceptron'"),
    ],
)
def test_what_is_no_model_is_refused(text: str, words: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(ValueError, match=words):
        models.model_from_json(text)


def test_a_source_that_is_nowhere_made_is_refused() -> None:
    """A name that no layer has is an error, and not an endless search."""
    written = branched().to_json().replace('["add", 0, 0, {}]', '["gone", 0, 0, {}]')

    with pytest.raises(ValueError, match="the inputs of layer 'cat' are nowhere made"):
        models.model_from_json(written)


def test_functions_of_ones_own_are_the_same_in_a_clone() -> None:
    """Also such as have no name, which cannot be written down, and in models inside of models."""
    inner = Sequential([layers.Lambda(lambda x, by: x * by, arguments={"by": 3.0})])
    dense = layers.Dense(
        2, activation=lambda x: x + 1.0, kernel_initializer="ones", input_shape=(2,)
    )
    model = Sequential([dense, inner])
    data = np.array([[1.0, 2.0]])

    clone = models.clone_model(model)

    # 1 and 2 add up to 3, 1 more is 4, and that times 3 is 12.
    assert np.asarray(clone.predict(data)).tolist() == [[12.0, 12.0]]
    assert clone.layers[0] is not dense
    with pytest.raises(ValueError, match="cannot be written down: a function needs a name"):
        model.get_config()


@pytest.mark.parametrize("given", [None, "model", layers.Dense(1)])
def test_only_models_are_cloned(given: object) -> None:
    """Anything else is refused by name."""
    with pytest.raises(ValueError, match="model: a model was expected, not"):
        models.clone_model(given)


def test_a_clone_is_made_on_top_of_other_inputs() -> None:
    """Symbols, or tensors that it then has of its own; of a Sequential as well."""
    keras: Any = fitspec.reference
    x = keras.Input((2,), name="x")
    functional = keras.Model(x, keras.layers.Dense(3, name="d")(x), name="f")
    stack = keras.Sequential([keras.layers.Dense(3, input_shape=(2,), name="d")], name="s")
    data = np.ones((4, 2), "float32")
    for model in (functional, stack):
        start = keras.Input((2,), name="start")
        clone = keras.models.clone_model(model, input_tensors=start)
        clone.set_weights(model.get_weights())
        np.testing.assert_array_equal(clone.predict(data), model.predict(data))
        assert clone.input is start
        assert clone.get_layer("d") is not model.get_layer("d")

        own = keras.models.clone_model(model, input_tensors=[keras.backend.variable(data)])
        own.compile("sgd", "mse")
        own.train_on_batch(None, np.ones((4, 3)))
        with pytest.raises(ValueError, match="input_tensors: got 2, for 1 inputs"):
            keras.models.clone_model(model, input_tensors=[start, start])


def test_a_model_is_written_as_yaml() -> None:
    """Of which JSON is a part."""
    keras: Any = fitspec.reference
    model = keras.Sequential([keras.layers.Dense(3, input_shape=(2,))])
    again = keras.models.model_from_yaml(model.to_yaml())

    assert again.get_config() == model.get_config()


def of_many_layers() -> Any:
    """Return a stack with settings of many kinds."""
    return Sequential(
        [
            layers.Conv2D(2, 3, input_shape=(6, 6, 1)),
            layers.BatchNormalization(),
            layers.Reshape((4, 8)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(2, kernel_regularizer="l2", activation="relu")),
            layers.GRU(2, kernel_initializer="he_normal"),
        ]
    )


WRITTEN = [json.loads(model.to_json()) for model in (branched(), of_many_layers())]
#: What may stand in the place of any part.
OTHERS = [
    None, True, -1, 0, 3, 2.5, float("nan"), "x", "Dense", "load_model", [], [1], [[["a", 0, 0]]],
    {}, {"class_name": "Dense", "config": {}}, {"class_name": [], "config": 1},
]  # fmt: skip


def places_in(written: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the keys that lead to each part."""
    each: Any = written.items() if isinstance(written, dict) else enumerate(written)
    for key, part in each:
        yield (*before, key)
        if isinstance(part, dict | list):
            yield from places_in(part, (*before, key))


@st.composite
def damaged(draw: Any) -> Any:
    """Draw what was written, with a part or two dropped, nested, or of another kind."""
    written = deepcopy(draw(st.sampled_from(WRITTEN)))
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(list(places_in(written))))
        around = written
        for key in way:
            around = around[key]
        change = draw(st.sampled_from(["drop", "nest", "replace", "replace"]))
        if change == "drop":
            del around[last]
        elif change == "nest":
            around[last] = draw(st.sampled_from([[around[last]], {"config": around[last]}]))
        else:
            around[last] = deepcopy(draw(st.sampled_from(OTHERS)))
        if not written:
            break
    return written


@given(damaged())
@example({"class_name": "Sequential", "config": {"layers": [], "build_input_shape": [None, 3]}})
@settings(max_examples=150)
def test_what_is_damaged_makes_a_model_or_is_told(written: Any) -> None:
    """Whatever is missing or of another kind is a ValueError, and nothing else."""
    try:
        models.model_from_json(json.dumps(written))
    except ValueError as error:
        assert str(error).startswith("config: ")  # noqa: PT017 - a model is as good


def test_the_place_of_what_is_wrong_is_told() -> None:
    """By the numbers and names of layers, one inside of the other."""
    written = Sequential([Sequential([layers.Dense(2, input_shape=(3,))])]).get_config()
    del written["layers"][0]["config"]["layers"][0]["config"]["units"]

    with pytest.raises(ValueError, match=r"^config: layers\[0\]: layers\[0\]: Dense .*'units'"):
        models.model_from_config({"class_name": "Sequential", "config": written})


def test_stacks_that_are_nested_too_deeply_are_refused() -> None:
    """Not by what Python says when it has no room for more calls."""
    written: Any = {"class_name": "Sequential", "config": {"name": "s", "layers": []}}
    for _ in range(400):
        written = {"class_name": "Sequential", "config": {"name": "s", "layers": [written]}}

    with pytest.raises(ValueError, match="it is nested too deeply"):
        models.model_from_config(written)


def test_functions_of_a_module_are_no_classes(tmp_path: Path) -> None:
    """JSON that names one does not have it called, with a file for example."""
    file = tmp_path / "m.h5"
    Sequential([layers.Dense(1, input_shape=(1,))]).save(file)

    with pytest.raises(ValueError, match="nothing is known by the name 'load_model'"):
        models.model_from_config({"class_name": "load_model", "config": {"filepath": str(file)}})
