"""A program: a model and the documented calls made on it, as plain data.

Written as JSON, it can be kept, compared, made smaller, and performed by any implementation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Self

from fitspec.conformance.explore.subjects import SUBJECTS, Subject
from fitspec.spec import loader

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The methods that a program may call; ``trainable`` sets that attribute of a layer.
METHODS: Final = (*(name for name in loader.METHODS if name not in ("get_layer", "r")), "trainable")
#: How data are handed over.
FORMS: Final = ("arrays", "hdf5", "sequence", "generator")
#: How several arrays are handed over; a single one is not in anything by ``single``.
GROUPS: Final = ("single", "list", "dict")
#: Sample weights: none, one for each sample, ones, one for each step, or one for each class.
WEIGHTS: Final = ("", "rising", "ones", "steps", "classes")


@dataclass(frozen=True)
class Data:
    """The data of a call, of which `materials` makes numbers.

    Args:
        samples: how many there are.
        form: one of `FORMS`.
        by: one of `GROUPS`.
        weights: one of `WEIGHTS`.
        batch: how many samples an item of a generator or a Sequence has.
        start: the first sample, of an endless row of them.
        labels: what the targets are where classes are weighted: 0, 1 or 2 also for numbers.
        backwards: whether the last sample comes first.
    """

    samples: int
    form: str = "arrays"
    by: str = "single"
    weights: str = ""
    batch: int = 1
    start: int = 0
    labels: bool = False
    backwards: bool = False

    def __post_init__(self) -> None:
        for name, allowed in (("form", FORMS), ("by", GROUPS), ("weights", WEIGHTS)):
            _one_of(name, getattr(self, name), allowed)
        for name, least in (("samples", 1), ("batch", 1), ("start", 0)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= 10_000:
                raise ValueError(f"{name}: expected a whole number of {least} to 10000: {value!r}")
        for name in ("labels", "backwards"):
            if type(getattr(self, name)) is not bool:
                raise ValueError(f"{name}: expected true or false: {getattr(self, name)!r}")

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it: what is as by default is left out."""
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name == "samples" or getattr(self, item.name) != item.default
        }

    @classmethod
    def of(cls, plain: Any, place: str) -> Self:
        """Return what `plain` made plain.

        Raises:
            ValueError: it is of another form.
        """
        known = _object(plain, place, {item.name for item in fields(cls)}, {"samples"})
        try:
            return cls(**known)
        except ValueError as error:
            raise ValueError(f"{place}.{error}") from error


@dataclass(frozen=True)
class Call:
    """One call.

    Args:
        method: one of `METHODS`.
        arguments: by their documented names, as JSON has them; `materials` says what stands for
            what JSON has not.
        data: what it is called with; None where there is nothing to hand over.
        validation: what is validated on besides.
    """

    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    data: Data | None = None
    validation: Data | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        parts = {
            "arguments": dict(self.arguments),
            "data": None if self.data is None else self.data.plain(),
            "validation": None if self.validation is None else self.validation.plain(),
        }
        return {"method": self.method, **{name: part for name, part in parts.items() if part}}

    @classmethod
    def of(cls, plain: Any, place: str) -> Self:
        """Return what `plain` made plain.

        Raises:
            ValueError: it is of another form.
        """
        known = _object(plain, place, {item.name for item in fields(cls)}, {"method"})
        _one_of(f"{place}.method", known["method"], METHODS)
        if type(known.get("arguments", {})) is not dict:
            raise ValueError(f"{place}.arguments: expected an object: {known['arguments']!r}")
        for part in {"data", "validation"} & known.keys():
            known[part] = Data.of(known[part], f"{place}.{part}")
        needs = known["method"] not in ("compile", "trainable")
        if needs != ("data" in known):
            raise ValueError(f"{place}: {known['method']} with{'out' if needs else ''} data")
        return cls(**known)

    def without(self, argument: str) -> Call:
        """Return the call with one argument less."""
        left = {name: value for name, value in self.arguments.items() if name != argument}
        return replace(self, arguments=left)


@dataclass(frozen=True)
class Program:
    """A model of `SUBJECTS` by name, and the calls made on it, in order."""

    model: str
    calls: tuple[Call, ...]

    @property
    def subject(self) -> Subject:
        """The model."""
        return SUBJECTS[self.model]

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"model": self.model, "calls": [call.plain() for call in self.calls]}

    def text(self) -> str:
        """Return it as one line of JSON: the same for the same program."""
        return json.dumps(self.plain(), sort_keys=True)

    @classmethod
    def of(cls, plain: Any) -> Self:
        """Return what `plain` made plain.

        Raises:
            ValueError: it is no program, with the place of what is wrong.
        """
        known = _object(plain, "program", {"model", "calls"}, {"model", "calls"})
        _one_of("program.model", known["model"], tuple(SUBJECTS))
        if type(known["calls"]) is not list:
            raise ValueError(f"program.calls: expected a list: {known['calls']!r}")
        calls = (Call.of(item, f"calls[{place}]") for place, item in enumerate(known["calls"]))
        return cls(known["model"], tuple(calls))

    def with_call(self, place: int, call: Call) -> Program:
        """Return the program with another call at `place`."""
        calls = (*self.calls[:place], call, *self.calls[place + 1 :])
        return replace(self, calls=calls)

    def without_call(self, place: int) -> Program:
        """Return the program with a call less."""
        return replace(self, calls=(*self.calls[:place], *self.calls[place + 1 :]))


def _object(plain: Any, place: str, known: set[str], needed: set[str]) -> dict[str, Any]:
    if type(plain) is not dict:
        raise ValueError(f"{place}: expected an object: {plain!r}")
    for name in sorted(plain.keys() - known):
        raise ValueError(f"{place}.{name}: unknown; known are {', '.join(sorted(known))}")
    for name in sorted(needed - plain.keys()):
        raise ValueError(f"{place}.{name}: missing")
    return dict(plain)


def _one_of(place: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{place}: expected one of {', '.join(map(repr, allowed))}: {value!r}")
