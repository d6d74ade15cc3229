"""A module as a table."""

from __future__ import annotations

from torch import nn

from fitspec.reference.torch import Model


class Scaled(nn.Module):
    """Has a weight of its own beside a part with weights, and a part without any."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        self.scale = nn.Parameter(nn.init.ones_(nn.Linear(1, 1).weight))


def test_parts_with_weights_and_parts_without_parts_have_a_row() -> None:
    """Numbers of weights: 1 by itself, 2·3 + 3 of the line, which is frozen."""
    model = Model(Scaled(), inputs=["x"], name="scaled")
    model.layers[0].trainable = False
    lines: list[str] = []

    model.summary(print_fn=lines.append)

    assert [line.split() for line in lines if line[0] not in "_="] == [
        ["Model:", '"scaled"'],
        ["Layer", "(type)", "Weights", "Param", "#"],
        ["scaled", "(Scaled)", "scale", "(1,", "1)", "1"],
        ["first.0", "(Linear)", "weight", "(3,", "2),", "bias", "(3,)", "9"],
        ["first.1", "(ReLU)", "0"],
        ["Total", "params:", "10"],
        ["Trainable", "params:", "1"],
        ["Non-trainable", "params:", "9"],
    ]
    assert model.count_params() == 10


def test_lines_are_as_long_as_one_asks() -> None:
    """Columns may end at numbers of characters."""
    lines: list[str] = []

    Model(nn.Linear(1, 1)).summary(line_length=40, positions=[20, 30, 40], print_fn=lines.append)

    assert lines[1] == "_" * 40
    assert lines[2] == "Layer (type)        Weights   Param #"
