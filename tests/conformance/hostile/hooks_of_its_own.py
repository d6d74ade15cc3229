"""An adapter with a name for a hook that there is none of."""

from typing import ClassVar

from fitspec.adapters import Adapter


class HooksOfItsOwn(Adapter):
    """It means `train_batch_begin`."""

    hooks: ClassVar = {"batch_begin": "on_batch_begin"}
