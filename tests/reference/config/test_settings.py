"""Numbers that can be set from outside."""

import copy
import pickle
from typing import Any

import pytest

from fitspec.reference.config.settings import Settable, Setting


class Engine:
    """Has a speed, under two names."""

    speed = Settable()
    velocity = Settable("speed")

    def __init__(self, speed: Any) -> None:
        self.speed = speed


def test_a_setting_is_a_number_that_is_changed_where_it_belongs() -> None:
    """Both names lead to the same number."""
    engine = Engine(2)

    engine.velocity.assign(3.5)

    assert engine.speed == engine.velocity == 3.5
    assert engine.speed * 2 == 7
    assert type(-engine.speed) is float
    with pytest.raises(ValueError, match="could not convert"):
        setattr(engine, "speed", "fast")  # noqa: B010 - a wrong type


def test_a_copy_is_a_mere_number() -> None:
    """What the number belongs to does not go with it."""
    speed = Engine(2.0).speed

    assert isinstance(speed, Setting)
    for each in (copy.deepcopy(speed), pickle.loads(pickle.dumps(speed)), speed.numpy()):  # noqa: S301 - just made here
        assert (type(each), each) == (float, 2)


def test_a_class_has_the_setting_itself() -> None:
    """So that tools that look at classes find something."""
    assert isinstance(Engine.speed, Settable)
