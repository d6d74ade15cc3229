"""Tests of `fitspec.conformance.upgrade.states`: models that keep their state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from keras.layers import Dense, LSTM\nfrom keras.models import Sequential\n"


def test_a_state_that_is_dropped_is_told_of_the_model_that_has_one(tmp_path: Path) -> None:
    """On JAX no method carries it on; of models of which all layers are seen, by these."""
    text = (
        "m = Sequential([LSTM(2, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])\n"
        "m.compile('sgd', 'mse')\nm.fit(x, y)\nm.evaluate(x, y)\nn = Sequential()\n"
        "n.add(LSTM(2, stateful=False))\nn.compile('sgd', 'mse')\nn.fit(x, y)\n"
        "m = Sequential([other])\nm.compile('sgd', 'mse')\nm.train_on_batch(x, y)"
    )
    told = [(line, "predict.stateful.state-persists", "silent", False) for line in (3, 4, 11)]

    assert told_after(HEAD, text, tmp_path) == told
