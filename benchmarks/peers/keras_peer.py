# noqa: INP001 - a program's part, run by the interpreter of each peer, from Python 3.7 on
"""The cases in Keras, of any version and backend, or in the reference if that is asked for."""

import sys

from serving import serve

if sys.argv[1:] == ["reference"]:
    import fitspec.reference as keras
    from fitspec.reference import layers
else:
    import keras
    from keras import layers

RATES = {"sgd": 0.01, "adam": 0.001}
OPTIMIZERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}


def dense(widths, last):
    """Return layers that are connected to all below."""
    return [
        layers.Dense(units, activation="relu" if at < len(widths) - 2 else last)
        for at, units in enumerate(widths[1:])
    ]


def conv2d(widths, last):
    """Return two convolutions with pooling between."""
    return [
        layers.Conv2D(widths[0], 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(widths[1], 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(widths[2], activation=last),
    ]


def lstm(widths, last):
    """Return a layer that goes through time."""
    return [layers.LSTM(widths[0]), layers.Dense(widths[1], activation=last)]


def embedding(widths, last):
    """Return vectors of words, and their mean."""
    return [
        layers.Embedding(widths[0], widths[1]),
        layers.GlobalAveragePooling1D(),
        layers.Dense(widths[2], activation=last),
    ]


KINDS = {"dense": dense, "conv2d": conv2d, "lstm": lstm, "embedding": embedding}


def make(case):
    """Return what goes through the data of a case once."""
    last = "softmax" if case["widths"][-1] > 1 else None
    inputs = outputs = layers.Input(tuple(case["shape"]))
    for layer in KINDS[case["kind"]](case["widths"], last):
        outputs = layer(outputs)
    model = keras.Model(inputs, outputs)
    optimizer = OPTIMIZERS[case["optimizer"]](RATES[case["optimizer"]])
    model.compile(optimizer, "categorical_crossentropy" if last else "mse")
    settings = {"batch_size": case["batch"], "verbose": 0}

    def run(method, x, y):
        if method == "predict":
            model.predict(x, **settings)
        elif method == "evaluate":
            model.evaluate(x, y, **settings)
        else:
            model.fit(x, y, **settings)

    return run


serve(make)
