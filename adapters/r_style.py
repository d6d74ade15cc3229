"""What adapters of R packages share: the functions of R, and the surroundings that they look at."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any

from fitspec.adapters import streams
from fitspec.adapters.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What a server for distributed training is told about the cluster it belongs to.
CLUSTER = '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 0}}'
#: Page of a live plot, in the folder of the event log.
PLOT_NAME = "training-metrics.html"


class RStyle(Adapter):
    """An adapter of a library with the R functions `fit` and `fit_generator`.

    A subclass says which functions these are, and how options and variables are set.
    """

    # Programs are written in R, whatever else the adapter derives from.
    dialect = ""

    def function(self, name: str) -> Any:
        """Return the R function `name`, which takes the model first; None if it is a method."""
        raise NotImplementedError

    def set_options(self, changes: Mapping[str, Any]) -> None:
        """Set options of the R session; None removes one."""
        raise NotImplementedError

    def set_variable(self, name: str, value: Any) -> None:
        """Set a variable of the process; None removes it."""
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

    def method(self, target: Any, name: str) -> Any:
        """Return a function with the model filled in, or the method of the model."""
        function = self.function(name)
        return Adapter.method(self, target, name) if function is None else Call(function, target)

    def build_r_session(
        self, key: str, rstudio: bool, knitr: bool, server: bool, options: Mapping[str, Any]
    ) -> str:
        """Make the surroundings look like RStudio, a document in the making or a server.

        Each is told in the way that it really tells, and `options` are set beside. A live plot is
        handed to the viewer, which logs `plot` with the size of the page it was given.
        """

        def viewer(path: str) -> None:
            self.log.write("plot", key, size=os.path.getsize(path))

        self.leave_session()
        self.set_variable("RSTUDIO", "1" if rstudio else None)
        self.set_variable("TF_CONFIG", CLUSTER if server else None)
        page = os.path.join(os.path.dirname(self.log.path), PLOT_NAME)
        surroundings = {"viewer": viewer, "keras.view_metrics_file": page}
        self._options = dict(surroundings, **options)
        if knitr:
            self._options["knitr.in.progress"] = True
        self.set_options(self._options)
        return key

    _options: Mapping[str, Any] = {}

    def leave_session(self) -> None:
        """Take back what `build_r_session` did."""
        self.set_options(dict.fromkeys(self._options))
        self._options = {}
        for name in ("RSTUDIO", "TF_CONFIG"):
            self.set_variable(name, None)

    def reset(self) -> None:
        """Forget all models, and the session that was described."""
        self.leave_session()

    def build_generator_function(
        self, key: str, items: Sequence[Any], repeats: bool, **conduct: Any
    ) -> Any:
        """Build a function that returns the next of `items` each time it is called."""
        source = streams.generate(self.log, key, items, repeats, streams.Conduct(**conduct))
        return lambda: next(source, None)


class Call:
    """A function whose first argument is filled in, with the signature that is left."""

    def __init__(self, function: Any, target: Any) -> None:
        self.function = function
        self.target = target
        whole = inspect.signature(function)
        left = list(whole.parameters.values())[1:]
        self.__signature__ = whole.replace(parameters=left)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it on the model."""
        return self.function(self.target, *args, **kwargs)
