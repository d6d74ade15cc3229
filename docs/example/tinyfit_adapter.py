"""The adapter that holds tinyfit against the contract: names, and how its objects are made."""

# /// script
# requires-python = ">=3.9"
# dependencies = ["numpy"]
# [tool.fitspec]
# title = "tinyfit 0.3"
# ///

import numpy as np
import tinyfit

from fitspec.adapters import Adapter, NotOffered


class Line(tinyfit.Line):
    """tinyfit's model, with the size of a step taken from the optimizer that a check names."""

    def setup(self, optimizer, loss):
        measures = {"mse": "squared", "mae": "absolute"}
        super().setup(optimizer, measures.get(loss, loss))


class Tinyfit(Adapter):
    """tinyfit, in the documents' words."""

    methods = {"compile": "setup", "fit": "train", "evaluate": "score", "predict": "apply"}
    arguments = {
        ("fit", "x"): "inputs",
        ("fit", "y"): "targets",
        ("fit", "epochs"): "rounds",
        ("fit", "initial_epoch"): "first_round",
        ("fit", "batch_size"): "rows",
        ("fit", "shuffle"): "mix",
        ("fit", "callbacks"): "watchers",
        ("evaluate", "x"): "inputs",
        ("evaluate", "y"): "targets",
        ("predict", "x"): "inputs",
    }
    hooks = {
        "train_begin": "on_start",
        "epoch_begin": "on_round_start",
        "train_batch_end": "on_rows_done",
        "epoch_end": "on_round_done",
        "train_end": "on_finish",
    }
    reveals = {"Curve": {"epoch": "rounds", "history": "values"}}
    by_name = True
    callback_class = tinyfit.Watcher

    def versions(self):
        """Return the versions that matter."""
        return {"tinyfit": tinyfit.__version__, "numpy": np.__version__}

    def build_sgd(self, rate, momentum):
        """Build an optimizer, which tinyfit knows as the size of a step."""
        if momentum:
            raise NotOffered("argument", "momentum")
        return rate

    def build_model(self, style, layers, outputs):
        """Build a model: tinyfit has one dense layer and no other."""
        dense = [layer for layer in layers if layer["kind"] == "dense"]
        others = [layer for layer in layers if layer["kind"] not in ("dense", "input")]
        if len(dense) != 1 or others:
            raise NotOffered("probe", "model", "tinyfit has one linear layer")
        (weights,) = dense[0]["weights"]
        model = Line(weights)
        model.name = dense[0]["name"]
        return model

    def weights(self, model):
        """Return the weights by layer."""
        return {model.name: [model.weights]}
