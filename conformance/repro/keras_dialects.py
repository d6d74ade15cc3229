"""How the members of the Keras family are imported, and what they spell differently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitspec.conformance.implementations.implementation import Implementation


@dataclass(frozen=True)
class Dialect:
    """One member of the family.

    Args:
        imports: the line that makes `keras` known.
        sequence: its base class of Sequences.
        rate: the argument of SGD that is the learning rate.
        tensor: makes a tensor of the array that is put in the place of ``{}``.
        iterations: the count of updates of the optimizer of a model, in the place of ``{}``.
    """

    imports: str
    sequence: str
    rate: str
    tensor: str
    iterations: str


_KERAS_2 = Dialect(
    imports="import keras",
    sequence="keras.utils.Sequence",
    rate="lr",
    tensor="keras.backend.variable({})",
    iterations="int(keras.backend.get_value({}.optimizer.iterations))",
)
_KERAS_3 = Dialect(
    imports="import keras",
    sequence="keras.utils.PyDataset",
    rate="learning_rate",
    tensor="keras.ops.convert_to_tensor({})",
    iterations="int(np.asarray({}.optimizer.iterations))",
)
_TF_KERAS = Dialect(
    imports="import tensorflow\nfrom tensorflow import keras",
    sequence="keras.utils.Sequence",
    rate="learning_rate",
    tensor="tensorflow.constant({})",
    iterations="int({}.optimizer.iterations.numpy())",
)
_REFERENCE = Dialect(
    imports="import fitspec.reference as keras",
    sequence="keras.Sequence",
    rate="learning_rate",
    tensor="keras.autodiff.as_tensor({})",
    iterations="int({}.optimizer.iterations)",
)

#: The file of an adapter -> the dialect of what it drives.
_OF_ADAPTERS = {
    "keras2.py": _KERAS_2,
    "keras3.py": _KERAS_3,
    "tf_keras.py": _TF_KERAS,
    "plain.py": _REFERENCE,
}


def dialect_of(implementation: Implementation) -> Dialect:
    """Return how an implementation of the family is spelled.

    Raises:
        ValueError: it is none of the family, so that nobody knows its own words.
    """
    dialect = _OF_ADAPTERS.get(implementation.adapter.name)
    if dialect is None:
        raise ValueError(
            f"{implementation.name}: scripts are written for Keras, tf.keras, tf_keras and the "
            "reference, whose own words are Keras's"
        )
    if implementation.main == "tf-keras":
        return replace(dialect, imports="import tensorflow\nimport tf_keras as keras")
    return dialect
