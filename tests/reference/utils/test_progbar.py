"""A bar that programs move themselves."""

import pytest

from fitspec.reference.utils.progbar import Progbar


def test_a_bar_of_ones_own_averages_what_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Results are those of what was counted since the last call; stateful ones are as they come."""
    bar = Progbar(4, width=4, stateful_metrics=["step"])

    bar.update(1, [("loss", 4.0), ("step", 1.0)])
    bar.add(3, [("loss", 0.0), ("step", 9.0)])

    assert capsys.readouterr().out.split("\r")[1:] == [
        "1/4 [>...] - loss: 4.0000 - step: 1.0000",
        "4/4 [====] - loss: 1.0000 - step: 9.0000\n",
    ]


@pytest.mark.parametrize(("verbose", "lines"), [(0, 0), (2, 1)])
def test_a_bar_of_ones_own_may_say_less(
    verbose: int, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing at all, or a line at the end."""
    bar = Progbar(3, verbose=verbose)

    for _ in range(3):
        bar.add(1)

    assert capsys.readouterr().out.count("3/3") == lines
    assert capsys.readouterr().out == ""
