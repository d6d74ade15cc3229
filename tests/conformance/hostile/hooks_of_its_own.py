"""An adapter with a name for a hook that there is none of."""

from collections.abc import Mapping

from fitspec.adapters import Adapter


class HooksOfItsOwn(Adapter):
    """It means `train_batch_begin`."""

    hooks: Mapping[str, str] = {"batch_begin": "on_batch_begin"}
