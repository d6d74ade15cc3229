"""The adapter of fastai, whose `Learner` is made of data, a network, a loss and an optimizer.

The network, the optimizer and the record stay where the data of a Learner are exchanged. Batches
are made by PyTorch's DataLoader, as where fastai's documentation moves a program of PyTorch's to
it, or come from any object with a length.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import fastai.basics as library
import fastai.callback.progress
from fastai.metrics import mae, mse

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import is_source, refuse_metrics_by_output
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.torch_style import (
    Network,
    TorchStyle,
    counted,
    criterion_of,
    dealt,
    loader,
    single,
    validation_loader,
    weights_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TARGET = "a batch has tensors, and a single one of targets"
ASKED = "a Learner asks for it"
LOADER = ("batch_size", "shuffle", "num_workers")
FIT = ("n_epoch", "start_epoch", "cbs")

#: Documented name of an optimizer or a metric -> fastai's function.
OPTIMIZERS = {"sgd": library.SGD, "rmsprop": library.RMSProp, "adam": library.Adam}
METRICS = {"mae": mae, "mse": mse}


def loading(x: Any, y: Any, **options: Any) -> Any:
    """Return a source of batches of `x`, one array or a list of several, and of `y`, which is one.

    All tensors of a batch but the last are inputs to a Learner.
    """
    several = x if isinstance(x, (list, tuple)) else [x]
    inputs = [single("x", one, ONE_TARGET) for one in several]
    return loader(*inputs, single("y", y, ONE_TARGET), **options)


def metric_of(metric: Any) -> Any:
    """Return fastai's function for the documented name of a metric; anything else as it is.

    Raises:
        NotOffered: there is none of that name.
    """
    if isinstance(metric, str) and metric not in METRICS:
        raise NotOffered(
            "argument",
            "metric %r" % metric,
            "metrics are functions, of accuracy one for each kind of target",
        )
    return METRICS[metric] if isinstance(metric, str) else metric


class Bundle:
    """A network, and the `Learner` of it once there are data."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.parts: dict[str, Any] = {}
        self.learner: Any = None

    def compile(self, opt_func: Any, loss_func: Any = None, metrics: Any = None) -> None:
        """Keep what a Learner is made of besides data."""
        refuse_metrics_by_output(metrics)
        if isinstance(opt_func, str) and opt_func not in OPTIMIZERS:
            raise NotOffered("argument", "optimizer %r" % opt_func, "it is a function")
        self.parts = {
            "loss_func": criterion_of(loss_func),
            "opt_func": OPTIMIZERS[opt_func] if isinstance(opt_func, str) else opt_func,
            "metrics": [metric_of(one) for one in metrics or ()],
        }
        self.learner = None

    def learning(self, *loaders: Any) -> Any:
        """Return the Learner, with these DataLoaders."""
        if not self.parts:
            raise NotOffered("argument", "model without compile", "a Learner has a loss")
        dls = library.DataLoaders(*(counted(one, ASKED) for one in loaders))
        if self.learner is None:
            self.learner = library.Learner(dls, self.network, **self.parts)
        self.learner.dls = dls
        return self.learner

    def fit(self, x: Any = None, y: Any = None, valid: Any = None, **options: Any) -> Any:
        """Fit the Learner on DataLoaders of fastai's."""
        if is_source(x, y):
            return self.fit_generator(x, valid, **options)
        form, run = dealt(options, LOADER, FIT)
        data = loading(x, y, **form)
        if valid is not None:
            valid = validation_loader(valid, ONE_TARGET, **form)
        return self.fit_generator(data, valid, **run)

    def fit_generator(self, train: Any, valid: Any = None, **options: Any) -> Any:
        """Fit the Learner on sources of batches with a length."""
        (run,) = dealt(options, FIT)
        # Each epoch validates: on no batches, if there are none to validate on.
        valid = [] if valid is None else validation_loader(valid, ONE_TARGET)
        return self.learning(train, valid).fit(**run)

    def evaluate(self, x: Any = None, y: Any = None, **options: Any) -> Any:
        """Validate with the Learner on a DataLoader of fastai's."""
        if is_source(x, y):
            return self.evaluate_generator(x, **options)
        form, run = dealt(options, LOADER, ("cbs",))
        data = loading(x, y, **form)
        return self.evaluate_generator(data, **run)

    def evaluate_generator(self, data: Any, **options: Any) -> Any:
        """Validate with the Learner on a source of batches with a length."""
        (run,) = dealt(options, ("cbs",))
        return list(self.learning([], data).validate(**run))

    def predict(self, x: Any = None, **options: Any) -> Any:
        """Return the predictions, which are the first of what the Learner returns."""
        if is_source(x):
            return self.predict_generator(x, **options)
        form, run = dealt(options, LOADER, ("cbs",))
        several = x if isinstance(x, (list, tuple)) else [x]
        inputs = [single("x", one, ONE_TARGET) for one in several]
        return self.predicted(loader(*inputs, **form), len(inputs), **run)

    def predict_generator(self, data: Any, **options: Any) -> Any:
        """Return the predictions of a source of batches with a length."""
        (run,) = dealt(options, ("cbs",))
        return self.predicted(data, None, **run)

    def predicted(self, data: Any, inputs: int | None, **run: Any) -> Any:
        """Return the predictions of batches, whose first tensors are `inputs`, if that is known."""
        for callback in run.get("cbs") or ():
            callback.predicts = True
        learner = self.learning([], data)
        if inputs is not None:
            learner.dls.n_inp = inputs
        return learner.get_preds(dl=data, **run)[0]


class Callback(library.Callback):  # fastai is here only when it is run
    """What checks derive theirs from, which a Learner has as an attribute under its name."""

    #: Not that of the class, which is the one of fastai's own Recorder.
    name = "fitspec"


class Fastai(TorchStyle):
    """fastai."""

    model_class = Bundle
    package = ("fastai", fastai.__version__)
    callback_class = Callback
    # Any object with a length and items will do.
    sequence_class = object
    one_number = True
    divided = "a Learner, its calls and DataLoaders"
    signatures: Mapping[str, Any] = {"compile": library.Learner}

    arguments: Mapping[tuple[str, str], str] = {
        ("compile", "optimizer"): "opt_func",
        ("compile", "loss"): "loss_func",
        **{(method, "workers"): "num_workers" for method in ("fit", "evaluate", "predict")},
        **{
            ("%s%s" % (method, kind), "callbacks"): "cbs"
            for method in ("fit", "evaluate", "predict")
            for kind in ("", "_generator")
        },
        **{
            (method, name): own
            for method in ("fit", "fit_generator")
            for name, own in {
                "epochs": "n_epoch",
                "initial_epoch": "start_epoch",
                "validation_data": "valid",
            }.items()
        },
        ("fit_generator", "generator"): "train",
        ("evaluate_generator", "generator"): "data",
        ("predict_generator", "generator"): "data",
    }
    hooks: Mapping[str, str] = {
        "train_begin": "before_fit",
        "epoch_begin": "before_epoch",
        "train_batch_begin": "before_batch",
        "train_batch_end": "after_batch",
        "test_begin": "before_validate",
        "test_end": "after_validate",
        "epoch_end": "after_epoch",
        "train_end": "after_fit",
    }

    #: What the record calls a number -> the documented name of it; of metrics it has validation's.
    logs: Mapping[str, str] = {"train_loss": "loss", "valid_loss": "val_loss"}

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Build what makes fastai's SGD of parameters."""
        return partial(library.SGD, lr=rate, mom=momentum)

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],  # noqa: ARG002  a callback reads all from its Learner
        kwargs: Mapping[str, Any],  # noqa: ARG002
    ) -> tuple[str, Any, Any]:
        """Read hook, index and logs from the Learner."""
        learner = callback.learn
        number = {"epoch": "epoch", "batch": "iter"}.get(HOOKS[hook] or "")
        index = None if number is None else getattr(learner, number)
        if hook.startswith("test") or not learner.training:
            hook = hook.replace("train_batch", "test_batch")
            if getattr(callback, "predicts", False):
                hook = hook.replace("test", "predict")
        # The Recorder begins its record after those who hear of the beginning of training.
        record = learner.recorder
        logs = dict(zip(getattr(record, "metric_names", ()), getattr(record, "log", ())))
        logs = {self.logs.get(name, name): value for name, value in logs.items() if name != "epoch"}
        return hook, index, logs

    def stop(self, model: Any) -> None:  # noqa: ARG002  it is said by an exception
        """Ask for the end of training, as fastai's own callbacks do."""
        raise library.CancelFitException

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights by layer."""
        return weights_of(getattr(model, "network", model).parts)
