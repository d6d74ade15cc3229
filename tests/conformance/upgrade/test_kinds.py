"""What is found in programs as people write them: the line, the clause, the kind, how sure.

Each program below follows `HEAD`, whose lines are not counted. What both sides do about the clauses
is in the history of versions that comes with fitspec; what a program is expected to meet is read
off that by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import found_in

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import keras, numpy as np
from keras import losses, optimizers
from keras.callbacks import Callback, LambdaCallback
from keras.layers import *
from keras.models import Model, Sequential
x, y = np.ones((16, 3)), np.ones((16, 1))
i = Input((3,))
"""
TWO = "m = Model(i, [Dense(1, name='a')(i), Dense(1, name='b')(i)])\n"
GAN = """\
d = Sequential([Dense(1)])
d.compile('sgd', 'mse')
d.trainable = False
z = Input((1,))
both = Model(z, d(Dense(3)(z)))
both.compile('sgd', 'mse')
"""
MASKED = """\
m = Sequential([Embedding(9, 4, mask_zero=True), LSTM(3, return_sequences=True), Dense(1)])
"""
Told = tuple[int, str, str, bool]
PROGRAMS: dict[str, tuple[str, list[Told]]] = {
    "one list of metrics for two outputs": (
        TWO + "m.compile('sgd', 'mse', metrics=['mae'])",
        [(2, "compile.metrics.flat-list-on-multi-output", "fails", True)],
    ),
    "as many metrics as outputs": (
        TWO + "m.compile('sgd', 'mse', metrics=['mae', 'mse'])",
        [(2, "compile.metrics.flat-list-on-multi-output", "silent", True)],
    ),
    "metrics by output": (TWO + "m.compile('sgd', 'mse', metrics=[['mae'], ['mse']])", []),
    "a list of metrics where outputs are not seen": (
        (
            "from nets import f\nm = Model(i, f(i).all)\n"
            "m.compile('sgd', {'a': 'mse', 'b': 'mse'}, metrics=['mae', 'mse'])"
        ),
        [(3, "compile.metrics.flat-list-on-multi-output", "fails", False)],
    ),
    "an output without a loss": (
        TWO + "m.compile('sgd', {'a': 'mse'})",
        [(2, "compile.loss.dict-leaves-output-out", "fails", False)],
    ),
    "a loss for each output": (TWO + "m.compile('sgd', {'a': 'mse', 'b': 'mse'})", []),
    "an output without a weight": (
        TWO + "m.compile('sgd', 'mse', loss_weights={'a': 2.0})",
        [(2, "compile.loss_weights.missing-means-one", "silent", True)],
    ),
    "an output without a weight, and losses by output": (
        TWO + "m.compile('sgd', {'a': 'mse', 'b': 'mse'}, loss_weights={'a': 2.0})",
        [(2, "compile.loss_weights.missing-means-one", "fails", True)],
    ),
    "weights in a dict, one loss": (
        TWO + "m.compile('sgd', 'mse', loss_weights={'a': 2.0, 'b': 3.0})",
        [(2, "compile.loss_weights.dict", "fails", True)],
    ),
    "weights and losses in dicts": (
        TWO + "m.compile('sgd', {'a': 'mse', 'b': 'mse'}, loss_weights={'a': 2.0, 'b': 3.0})",
        [],
    ),
    "weights in a list, one loss": (
        TWO + "m.compile('sgd', 'mse', loss_weights=[1.0, 2.0])",
        [(2, "compile.loss_weights.list", "fails", True)],
    ),
    "weighted metrics of two outputs": (
        TWO + "m.compile('sgd', 'mse', weighted_metrics=[['mae'], ['mae']])",
        [(2, "compile.weighted_metrics.on-several-outputs", "silent", True)],
    ),
    "one list of weighted metrics for two outputs": (
        TWO + "m.compile('sgd', 'mse', weighted_metrics=['mae'])",
        [(2, "compile.metrics.flat-list-on-multi-output", "fails", True)],
    ),
    "yes or no": (
        (
            "m = Sequential()\nm.add(Dense(3))\nm.add(Dense(1))\nm.add(Activation('sigmoid'))\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])"
        ),
        [],
    ),
    "several labels": (
        (
            "m = Sequential([Dense(3), Dense(4, activation='sigmoid')])\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['acc'])"
        ),
        [(2, "compile.metrics.accuracy-of-columns", "silent", True)],
    ),
    "classes by the loss for yes or no": (
        (
            "h = Dense(3)(i)\nh = Dropout(0.5)(Dense(10, activation='softmax')(h))\n"
            "m = Model(i, [h])\n"
            "m.compile('sgd', losses.binary_crossentropy, metrics=['acc'])"
        ),
        [(4, "compile.metrics.accuracy-of-columns", "silent", True)],
    ),
    "one name for several models": (
        (
            "m = Sequential([Dense(4)])\nm.compile('sgd', 'mse')\nm = Sequential([Dense(1)])\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['acc'])\nm = Sequential()\n"
            "m.add(Conv2D(filters=3, kernel_size=2))\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['acc'])"
        ),
        [
            (4, "compile.loss.crossentropies-of-no-probabilities", "silent", False),
            (7, "compile.loss.crossentropies-of-no-probabilities", "silent", False),
            (7, "compile.metrics.accuracy-of-columns", "silent", True),
        ],
    ),
    "columns of what a function returns": (
        (
            "def build():\n    net = Sequential()\n    net.add(Dense(1))\n    return net\n"
            "m = build()\nm.compile('sgd', 'binary_crossentropy', metrics=['acc'])"
        ),
        [(6, "compile.loss.crossentropies-of-no-probabilities", "silent", False)],
    ),
    "columns that are not seen": (
        (
            "from nets import build\nm = build()\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['acc'])"
        ),
        [(3, "compile.metrics.accuracy-of-columns", "silent", False)],
    ),
    "columns of models that are cloned": (
        (
            "b = Sequential([Dense(1, activation='sigmoid')])\n"
            "for m in [keras.models.clone_model(b) for _ in range(3)]:\n"
            "    m.compile('sgd', 'binary_crossentropy', metrics=['acc'])\n"
            "for m in [keras.models.clone_model(b) for _ in range(3)]:\n    m.fit(x, y)"
        ),
        [],
    ),
    "the accuracy of numbers": (
        "m = Sequential([Dense(units=1)])\nm.compile('sgd', 'mse', metrics=['acc'])",
        [(2, "compile.metrics.accuracy-of-numbers", "silent", False)],
    ),
    "a loss of one's own and classes": (
        (
            "def own(a, b):\n    return a - b\nm = Sequential([Dense(3)])\n"
            "m.compile('sgd', own, metrics=['acc'])"
        ),
        [(4, "compile.metrics.accuracy-by-own-loss", "silent", False)],
    ),
    "a loss that reduces nothing": (
        (
            "m = Sequential([Dense(3)])\n"
            "m.compile('sgd', losses.MeanSquaredError(reduction='none'))\n"
            "m.compile('sgd', losses.MeanSquaredError(reduction=losses.Reduction.NONE))\n"
            "m.compile('sgd', losses.MeanSquaredError(reduction='sum'))"
        ),
        [
            (2, "compile.loss.instance-unreduced", "fails", True),
            (3, "compile.loss.instance-unreduced", "fails", True),
        ],
    ),
    "masked time steps": (
        MASKED + "m.fit(x, y)",
        [(2, "compile.loss.masked-steps", "silent", False)],
    ),
    "masked time steps with weights": (
        MASKED + "m.fit(x, y, sample_weight=np.ones((16, 3)))",
        [
            (2, "compile.loss.masked-steps", "silent", False),
            (2, "compile.sample_weight_mode.default-1d", "fails", False),
            (2, "fit.sample_weight.masked-steps", "fails", False),
        ],
    ),
    "frozen after it was compiled": (
        GAN + "d.train_on_batch(x, y)\nboth.train_on_batch(x, y)",
        [(7, "compile.trainable.changed-afterwards", "silent", True)],
    ),
    "thawed before each step": (
        GAN + "d.trainable = True\nd.train_on_batch(x, y)\nd.trainable = False\n"
        "both.train_on_batch(x, y)",
        [],
    ),
    "frozen by a function": (
        (
            "def freeze(net, on):\n    for layer in net.layers:\n        layer.trainable = on\n"
            "m = Sequential()\nm.compile('sgd', 'mse')\nfreeze(m, False)\nm.fit(x, y)"
        ),
        [(7, "compile.trainable.changed-afterwards", "silent", True)],
    ),
    "frozen before it is passed": (
        (
            "def train(net):\n    net.train_on_batch(x, y)\nd = Sequential([Dense(1)])\n"
            "d.compile('sgd', 'mse')\nd.trainable = False\ntrain(d)"
        ),
        [(2, "compile.trainable.changed-afterwards", "silent", True)],
    ),
    "frozen and thawed where it is passed": (
        (
            "def train(net):\n    net.trainable = True\n    net.train_on_batch(x, y)\n"
            "d = Sequential([Dense(1)])\nd.compile('sgd', 'mse')\nd.trainable = False\ntrain(d)"
        ),
        [(3, "compile.trainable.changed-afterwards", "silent", False)],
    ),
    "compiled before it is frozen": (
        (
            "d = Sequential([BatchNormalization(), Dense(1)])\nd.compile('sgd', 'mse')\n"
            "d.trainable = False\nboth = Model(i, d(i))\nboth.compile('sgd', 'mse')"
        ),
        [(5, "compile.trainable.frozen-averages", "silent", False)],
    ),
    "frozen in a function that is called elsewhere": (
        (
            "def both(d):\n    d.trainable = False\n"
            "    return Model(i, BatchNormalization()(d(i)))\n"
            "def train():\n    m = both(Sequential([BatchNormalization()]))\n"
            "    m.compile('sgd', 'mse')\n"
            "def other():\n    m = Sequential([Dense(1)])\n    m.compile('sgd', 'mse')"
        ),
        [(6, "compile.trainable.frozen-averages", "silent", False)],
    ),
    "what is frozen normalises nothing": (
        (
            "def build():\n    net = Sequential()\n    net.add(Dense(1))\n"
            "    return Model(i, Dropout(0.5)(net(i)))\n"
            "d = build()\nd.trainable = False\ng = Sequential([BatchNormalization(), Dense(3)])\n"
            "both = Model(i, d(g(i)))\nboth.compile('sgd', 'mse')"
        ),
        [],
    ),
    "layers of a file beside": (
        (
            "from .nets import body\nm = Model(i, body(i))\nfor layer in m.layers[:9]:\n"
            "    layer.trainable = False\nm.compile('sgd', 'mse')"
        ),
        [(5, "compile.trainable.frozen-averages", "silent", False)],
    ),
    "columns of a model that is applied": (
        (
            "inner = Sequential()\ninner.add(Dense(1))\nm = Model(i, inner(i))\n"
            "m.compile('sgd', 'binary_crossentropy', metrics=['acc'])"
        ),
        [(4, "compile.loss.crossentropies-of-no-probabilities", "silent", False)],
    ),
    "frozen in another method": (
        (
            "class A:\n    def go(self):\n        self.m.fit(x, y)\n    def make(self):\n"
            "        self.m = Sequential()\n        self.m.compile('sgd', 'mse')\n"
            "        self.m.layers[0].trainable = False\n"
        ),
        [(3, "compile.trainable.changed-afterwards", "silent", False)],
    ),
    "frozen by what is not seen": (
        (
            "m = Sequential()\nm.compile('sgd', 'mse')\nm.get_layer('a').trainable = chosen()\n"
            "m.fit(x, y)"
        ),
        [(4, "compile.trainable.changed-afterwards", "silent", False)],
    ),
    "frozen, and compiled again": (
        (
            "m = Sequential()\nm.compile('sgd', 'mse')\nm.fit(x, y)\nfor layer in m.layers[:3]:\n"
            "    layer.trainable = False\nm.compile('sgd', 'mse')\nm.fit(x, y)"
        ),
        [],
    ),
    "a network that normalises, frozen": (
        (
            "base = keras.applications.ResNet50()\nbase.trainable = False\n"
            "m = Model(base.input, Dense(1)(base.output))\nm.compile('sgd', 'mse')"
        ),
        [(4, "compile.trainable.frozen-averages", "silent", False)],
    ),
    "a network that normalises nothing, frozen": (
        (
            "base = keras.applications.VGG16()\nbase.trainable = False\n"
            "m = Model(base.input, Dense(1)(base.output))\nm.compile('sgd', 'mse')"
        ),
        [],
    ),
    "the same optimizer again": (
        (
            "o = optimizers.Adam()\nm = Sequential()\nm.compile(o, 'mse')\n"
            "m.compile('adam', 'mse')\nm.compile(optimizer=o, loss='mae')"
        ),
        [(5, "compile.recompile.optimizer-state", "silent", False)],
    ),
    "class weights for two outputs": (
        TWO + "m.fit(x, [y, y], class_weight={0: 1.0, 1: 2.0})",
        [
            (2, "compile.loss.parts-add-up", "silent", False),
            (2, "fit.class_weight.per-output", "fails", True),
        ],
    ),
    "both kinds of weights of a batch": (
        "m = Sequential([Dense(3)])\nm.train_on_batch(x, y, np.ones(16), {0: 1.0})",
        [(2, "fit.class_weight.with-sample-weight", "fails", True)],
    ),
    "class weights by output": (
        (
            "from nets import build\nm = build()\nw = {0: 1.0, 1: 2.0}\n"
            "m.fit(x, y, epochs=3, class_weight={'a': w, 'b': w})"
        ),
        [(4, "fit.class_weight.per-output", "fails", False)],
    ),
    "validation now and then, on generators": (
        (
            "def g():\n    yield x, y\nm = Sequential()\n"
            "m.fit(g(), steps_per_epoch=3, validation_freq=2)\nm.fit(x, y, validation_freq=2)"
        ),
        [(4, "fit.validation_freq.history-has-only-run-epochs", "otherwise", True)],
    ),
    "hooks without a class": (
        (
            "a = LambdaCallback(on_batch_end=lambda batch, logs: print(logs['loss']))\n"
            "def end(batch, logs):\n    print(logs.get('loss'))\n"
            "b = LambdaCallback(on_batch_end=end)\n"
            "c = LambdaCallback(on_epoch_end=lambda epoch, logs: print(logs['loss']))"
        ),
        [
            (1, "fit.callbacks.batch-logs-loss", "silent", True),
            (3, "fit.callbacks.batch-logs-loss", "silent", True),
        ],
    ),
    "all logs of a batch": (
        (
            "class A(Callback):\n    def on_batch_end(self, batch, logs=None):\n"
            "        for name, value in logs.items():\n            print(name, value)"
        ),
        [(3, "fit.callbacks.batch-logs-loss", "silent", True)],
    ),
    "arguments that are put together": (
        (
            "m = Sequential()\noptions = dict(epochs=3)\noptions['shuffle'] = 'batch'\n"
            "m.fit(x, y, **options)\nmore = {}\nmore.update(shuffle='batch')\nm.fit(x, y, **more)\n"
            "m.fit(x, y, **{'verbose': 0, **more})"
        ),
        [
            (4, "fit.shuffle.batch-chunks", "silent", True),
            (7, "fit.shuffle.batch-chunks", "silent", True),
            (8, "fit.shuffle.batch-chunks", "silent", True),
        ],
    ),
    "a value of an object": (
        (
            "class A:\n    way = 'batch'\n    def __init__(self):\n        self.m = Sequential()\n"
            "        self.options = {'workers': 3}\n    def go(self):\n"
            "        self.m.fit(x, y, shuffle=self.way, **self.options)"
        ),
        [
            (7, "fit.shuffle.batch-chunks", "silent", True),
            (7, "fit.workers.zero-main-thread", "absent", True),
        ],
    ),
    "what a function is called with": (
        (
            "def train(way='batch', queue=None):\n    m = Sequential()\n"
            "    m.fit(x, y, shuffle=way, class_weight=queue, validation_split=0.2)\ntrain()"
        ),
        [(3, "fit.shuffle.batch-chunks", "silent", True)],
    ),
    "by position": (
        "m = Sequential()\nm.predict(x, 4, 0, 3)\nm.evaluate(x, y, 4, 0, None, 3)",
        [
            (2, "predict.steps.with-arrays", "silent", True),
            (3, "evaluate.steps.with-arrays", "silent", True),
        ],
    ),
    "queues": (
        (
            "m = Sequential()\nm.fit(x, y, max_queue_size=3, use_multiprocessing=True)\n"
            "m.evaluate(x, y, workers=3)\nm.predict(x, workers=3)"
        ),
        [
            (2, "fit.max_queue_size.default-10", "absent", True),
            (2, "fit.use_multiprocessing.default-false", "absent", True),
            (3, "evaluate.workers.zero-main-thread", "absent", True),
            (4, "predict.signature.defaults", "absent", True),
        ],
    ),
    "what is refused, or nothing, on both sides": (
        (
            "class S(keras.utils.Sequence):\n    pass\nm = Sequential()\n"
            "m.fit(S(), batch_size=3)\nm.fit(x, y, initial_epoch=3, epochs=2)\n"
            "m.compile('sgd', ['mse'], metrics=['accuracy', 'acc'][:0])"
        ),
        [],
    ),
}


@pytest.mark.parametrize(("program", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_programs_meet_what_changes(program: str, expected: list[Told], tmp_path: Path) -> None:
    """From Keras 2.3 to Keras 3: all that is found, and nothing else."""
    first = HEAD.count("\n")
    found = sorted(
        (item.place.line - first, item.clause, str(item.kind), item.certain)
        for item in found_in(HEAD + program, tmp_path)
    )

    assert found == expected
