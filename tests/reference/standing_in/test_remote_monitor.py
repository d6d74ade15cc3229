"""Results of epochs are sent to a server."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Sequential, callbacks, layers

if TYPE_CHECKING:
    from collections.abc import Callable


class UnreachableError(Exception):
    """No server answers."""


def trained(monkeypatch: pytest.MonkeyPatch, post: Callable[..., object], **given: Any) -> None:
    """Train for an epoch with a weight of 1 on targets of 3: the loss is (1 - 3)^2 = 4."""
    exceptions = SimpleNamespace(RequestException=UnreachableError)
    monkeypatch.setitem(sys.modules, "requests", SimpleNamespace(post=post, exceptions=exceptions))
    model = Sequential(
        [layers.Dense(1, kernel_initializer="ones", use_bias=False, input_shape=(1,))]
    )
    model.compile("sgd", "mse")
    monitor = vars(callbacks)["RemoteMonitor"](**given)
    model.fit(np.ones((1, 1)), np.full((1, 1), 3.0), verbose=0, callbacks=[monitor])


@pytest.mark.parametrize("send_as_json", [False, True])
def test_results_are_posted(monkeypatch: pytest.MonkeyPatch, send_as_json: bool) -> None:
    """In a field of a form, or as JSON."""
    sent: list[Any] = []

    def post(url: str, **content: Any) -> None:
        sent.append((url, content))

    trained(monkeypatch, post, root="http://here", path="/there", send_as_json=send_as_json)

    ((url, content),) = sent
    assert url == "http://here/there"
    told = content["json"] if send_as_json else json.loads(content["data"]["data"])
    assert told == {"epoch": 0, "loss": 4.0}


def test_a_server_that_is_not_there_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training goes on."""

    def post(url: str, **_: Any) -> None:
        raise UnreachableError(url)

    with pytest.warns(UserWarning, match=r"RemoteMonitor: http://localhost:9000 could not"):
        trained(monkeypatch, post)


def test_the_package_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence names it."""
    monkeypatch.setitem(sys.modules, "requests", None)
    monitor = vars(callbacks)["RemoteMonitor"]()
    with pytest.raises(ImportError, match="RemoteMonitor needs the package requests"):
        monitor.on_epoch_end(0, {})
