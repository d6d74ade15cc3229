"""What of Keras stays out, by name, and says so when it is asked for.

The page `docs/drop_in.md` has the same names.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.optimizers.base import Optimizer

PACKAGE = __name__.partition(".standing_in")[0]
MODULES = {
    "applications": "applications",
    "datasets": "datasets: load the arrays by other means, such as numpy.load",
    "preprocessing": "preprocessing: the package keras_preprocessing is the same by itself",
    "wrappers": "wrappers.scikit_learn",
}
#: By module, what of it is left out.
NAMES = {
    "backend": (
        "conv1d conv2d conv2d_transpose conv3d conv3d_transpose count_params ctc_batch_cost "
        "ctc_decode cumprod depthwise_conv2d foldl foldr get_session get_uid "
        "local_conv1d local_conv2d placeholder "
        "pool2d pool3d random_binomial resize_images resize_volumes rnn separable_conv1d "
        "separable_conv2d set_learning_phase set_session spatial_2d_padding "
        "spatial_3d_padding temporal_padding"
    ),
    "callbacks": "TensorBoard",
    "layers": (
        "ActivityRegularization AveragePooling3D Conv3D Conv3DTranspose "
        "ConvLSTM2D ConvLSTM2DCell Cropping3D CuDNNGRU CuDNNLSTM DepthwiseConv2D GRUCell "
        "GlobalAveragePooling3D GlobalMaxPooling3D LSTMCell LocallyConnected1D "
        "LocallyConnected2D MaxPooling3D RNN SeparableConv1D SeparableConv2D SimpleRNNCell "
        "SpatialDropout3D StackedRNNCells UpSampling3D ZeroPadding3D"
    ),
    "utils": "GeneratorEnqueuer OrderedEnqueuer get_file model_to_dot multi_gpu_model plot_model",
}


class Finder:
    """Says of a module that is left out, or a name imported from one, that it is."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """Find nothing.

        Raises:
            ModuleNotFoundError: It is such a module.

        """
        del path, target
        inside, _, inner = name.removeprefix(f"{PACKAGE}.").rpartition(".")
        # Of a name that is imported from a package, an error that has the name is not told.
        if not inside and inner in MODULES:
            raise ModuleNotFoundError(sentence(MODULES[inner]), name=PACKAGE)
        module = inside.partition(".")[0]
        if inner in NAMES.get(module, "").split():
            raise ModuleNotFoundError(sentence(f"{module}.{inner}"), name=PACKAGE)


def sentence(what: str) -> str:
    """Return what is said of something."""
    return f"left out of {PACKAGE}, as docs/drop_in.md says: {what}"


def missing(module: str, name: str) -> NoReturn:
    """Say that a module has not something.

    Raises:
        AttributeError: Always.

    """
    known = name in NAMES[module].split()
    plain = f"module '{PACKAGE}.{module}' has no attribute {name!r}"
    raise AttributeError(sentence(f"{module}.{name}") if known else plain)


def new_optimizer(cls: type[Optimizer], *_: object, **__: object) -> Any:
    """Make an optimizer.

    Raises:
        TypeError: Its class changes weights as Keras 2.3 asks for it, by `get_updates`.

    """
    if hasattr(cls, "get_updates"):
        raise TypeError(
            f"{cls.__name__} defines get_updates, which is left out of {PACKAGE}, as "
            "docs/drop_in.md says: an optimizer of one's own defines step(self, gradient, memory), "
            "which returns what to add to a weight, and passes its learning_rate on to Optimizer"
        )
    return object.__new__(cls)


def announce() -> None:
    """Have the import of such a module say so, once for all."""
    if not any(one is Finder for one in sys.meta_path):
        sys.meta_path.append(Finder)
