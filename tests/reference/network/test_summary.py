"""Models as tables."""

from typing import Any

import pytest

from fitspec.reference import Input, Model, Sequential, layers


def lines(model: Any, **arguments: Any) -> list[str]:
    told: list[str] = []
    model.summary(print_fn=told.append, **arguments)
    return told


def test_a_stack_has_three_columns() -> None:
    """Name and class, shape, number of weights; and what they add up to."""
    model = Sequential(name="s")
    model.add(layers.Dense(300, input_shape=(4,), name="one"))
    model.add(layers.BatchNormalization(name="two"))

    told = lines(model)

    assert told[0] == 'Model: "s"'
    assert told[2].split() == ["Layer", "(type)", "Output", "Shape", "Param", "#"]
    assert told[4].split() == ["one", "(Dense)", "(None,", "300)", "1500"]
    assert told[-4:-1] == [
        "Total params: 2,700",
        "Trainable params: 2,100",
        "Non-trainable params: 600",
    ]
    assert {len(line) for line in told if line.startswith(("_", "="))} == {65}


def test_a_graph_says_what_layers_are_connected_to() -> None:
    """Every source has a line of its own; a layer that is called twice has one row."""
    a, b = Input((2,), name="a"), Input(batch_shape=(5, 2), name="b")
    shared = layers.Dense(2, name="shared")
    model = Model([a, b], layers.Concatenate(name="cat")([shared(a), shared(b), b]))

    rows = {line[:32].strip(): line for line in lines(model) if line[32:53].strip()}
    cat = [line.split()[-1] for line in lines(model) if line.endswith(("shared", "b"))]

    assert rows["cat (Concatenate)"].split()[2:] == ["(5,", "6)", "0", "shared"]
    assert rows["b (InputLayer)"].split()[2:] == ["(5,", "2)", "0"]
    assert cat == ["b", "shared", "shared", "b"]


def test_columns_end_where_they_are_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    """By parts of a line or by characters; what is too long is cut off."""
    model = Sequential([layers.Dense(1, input_shape=(4,), name="a" * 30)])

    by_parts = lines(model, line_length=40, positions=[0.5, 0.75, 1.0])
    by_characters = lines(model, positions=[20, 30, 40])
    model.summary(line_length=50)

    assert by_parts[4] == by_characters[4] == "a" * 19 + " (None, 1) 5"
    assert capsys.readouterr().out.splitlines()[1] == "_" * 50


def test_a_model_without_a_shape_has_no_summary() -> None:
    """The message says what to do."""
    with pytest.raises(RuntimeError, match="give its first layer an input_shape"):
        Sequential([layers.Dense(1)]).summary()
