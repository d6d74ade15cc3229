"""A callback that sends the results of each epoch to a server."""

from __future__ import annotations

import importlib
import json
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.reference.callbacks import Logs


class RemoteMonitor(Callback):
    """Posts the results of every epoch, with its index as `epoch`; needs the package requests.

    A server that cannot be reached is warned of, and training goes on.

    Args:
        root: Where the server is.
        path: What follows there.
        field: Name of the field of a form that holds the results as JSON.
        headers: Further headers.
        send_as_json: Whether the whole content is JSON, in place of a form.

    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Send them.

        Raises:
            ImportError: The package requests is not installed.

        """
        try:
            requests: Any = importlib.import_module("requests")
        except ImportError as error:
            raise ImportError("RemoteMonitor needs the package requests") from error
        told = {"epoch": epoch, **{name: plain(value) for name, value in (logs or {}).items()}}
        content: dict[str, Any] = {"data": {self.field: json.dumps(told)}}
        if self.send_as_json:
            content = {"json": told}
        try:
            requests.post(self.root + self.path, headers=self.headers, **content)
        except requests.exceptions.RequestException as error:
            warnings.warn(f"RemoteMonitor: {self.root} could not be reached: {error}", stacklevel=2)


def plain(value: Any) -> Any:
    """Return a number as JSON has it."""
    return value.item() if isinstance(value, (np.ndarray, np.generic)) else value
