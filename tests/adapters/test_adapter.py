"""Tests of `fitspec.adapters.adapter`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.adapters import Adapter, NotOffered


class Library:
    """A model whose methods bear other names than the documented ones."""

    value = 1

    def learn(self, x: Any, steps: int = 1) -> tuple[Any, int]:
        """Return what came."""
        return x, steps

    def everything(self, **options: Any) -> dict[str, Any]:
        """Return what came, and refuse `loud` only when called."""
        if "loud" in options:
            raise TypeError("Facade.helper() got an unexpected keyword argument 'loud'")
        if "odd" in options:
            raise TypeError("oddly, a number was expected")
        return options


class Renaming(Adapter):
    """Tells the names."""

    methods = {"fit": "learn", "evaluate": "everything"}  # noqa: RUF012  as adapters are written
    arguments = {  # noqa: RUF012  as adapters are written
        ("fit", "epochs"): "steps",
        ("evaluate", "verbose"): "loud",
    }


class Facade(Adapter):
    """Defines `fit` itself, which stands for a class of the library's."""

    signatures = {"fit": Library.everything}  # noqa: RUF012  as adapters are written


def test_a_signature_is_that_of_the_method() -> None:
    """A method that is the implementation's own is asked itself."""
    assert list(Renaming().signature(Library(), "fit").parameters) == ["x", "steps"]


def test_the_signature_of_an_adapter_s_own_method_is_that_of_what_it_stands_for() -> None:
    """What the adapter declares for a documented method is asked instead of the method."""
    model = Library()
    model.fit = model.learn  # type: ignore[attr-defined]  # as an adapter defines it

    assert list(Facade().signature(model, "fit").parameters) == ["options"]


def test_a_method_that_is_missing_has_no_signature() -> None:
    """Nothing stands for a documented method that there is not."""
    with pytest.raises(NotOffered, match="no method `fit`"):
        Facade().signature(Library(), "fit")


def test_names_are_translated_both_of_methods_and_of_arguments() -> None:
    """A documented call reaches the implementation under its own names."""
    assert Renaming().call(Library(), "fit", [7], {"epochs": 3}) == (7, 3)


@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        ("predict", {}, "no method `predict`"),
        ("value", {}, "no method `value`"),
        ("fit", {"x": 1, "verbose": 0}, "no argument `verbose`"),
        ("evaluate", {"x": 1, "verbose": 0}, "no argument `verbose`: got an unexpected"),
    ],
)
def test_what_is_missing_is_not_offered(method: str, arguments: dict[str, Any], words: str) -> None:
    """A missing method or argument is told by its documented name, whenever it shows."""
    with pytest.raises(NotOffered, match=words):
        Renaming().call(Library(), method, [], arguments)


def test_other_type_errors_are_the_implementations_own() -> None:
    """A TypeError of a method that takes any keyword is no missing argument by itself."""
    with pytest.raises(TypeError, match="oddly, a number"):
        Renaming().call(Library(), "evaluate", [], {"odd": 2})


def test_an_adapter_that_builds_nothing_offers_nothing() -> None:
    """Without classes to build on, callbacks, Sequences and update counts are not offered."""
    adapter = Adapter()

    with pytest.raises(NotOffered, match="recorder"):
        adapter.build_recorder("p1", weights=False)
    with pytest.raises(NotOffered, match="sequence"):
        adapter.build_sequence("p1", [])
    with pytest.raises(NotOffered, match=r"optimizer\.iterations"):
        adapter.iterations(object())
    with pytest.raises(NotOffered, match="trainable"):
        adapter.set_trainable(object(), "y", value=False)


def test_a_seed_is_numpys_own() -> None:
    """Seeding does what a user's program would do, for whoever draws from NumPy's generator."""
    before = np.random.get_state()  # noqa: NPY002  the global one is the point

    Adapter().build_numpy_seed(3)

    drawn = np.random.random()  # noqa: NPY002  the global one is the point
    np.random.set_state(before)  # noqa: NPY002  the global one is the point
    assert drawn == np.random.RandomState(3).random_sample()


@pytest.mark.parametrize(
    ("hook", "args", "kwargs", "index", "logs"),
    [
        ("epoch_end", (3, {"loss": 1.0}), {}, 3, {"loss": 1.0}),
        ("epoch_end", (3,), {"logs": {"loss": 1.0}}, 3, {"loss": 1.0}),
        ("train_batch_begin", (0,), {}, 0, None),
        ("train_end", ({"loss": 1.0},), {}, None, {"loss": 1.0}),
        ("train_end", (), {}, None, None),
    ],
)
def test_a_hook_is_told_its_index_and_its_logs(
    hook: str, args: tuple[Any, ...], kwargs: dict[str, Any], index: int | None, logs: Any
) -> None:
    """What the documents say of a hook's arguments is read from a call, by position or name."""
    assert Adapter().told(None, hook, args, kwargs) == (hook, index, logs)
