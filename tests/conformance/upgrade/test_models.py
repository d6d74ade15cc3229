"""Tests of `fitspec.conformance.upgrade.models`: every way to a model, and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import found_in, told_after

if TYPE_CHECKING:
    from pathlib import Path

#: Programs in which `fit_generator` is called of a model; whether it surely is one.
REACHED = {
    "built": ("from keras.models import Sequential\nm = Sequential()\nm.fit_generator(g)", True),
    "by an alias": (
        "import tensorflow as tf\nL = tf.keras\nm = L.models.Sequential()\nm.fit_generator(g)",
        True,
    ),
    "from tensorflow": (
        "from tensorflow import keras as k\nm = k.Model(a, b)\nm.fit_generator(g)",
        True,
    ),
    "by a star": ("from keras.models import *\nm = Model(a, b)\nm.fit_generator(g)", True),
    "of tf_keras": ("import tf_keras\nm = tf_keras.Sequential()\nm.fit_generator(g)", True),
    "loaded": ("from keras.models import load_model\nload_model('f').fit_generator(g)", True),
    "of JSON": ("import keras\nm = keras.models.model_from_json(t)\nm.fit_generator(g)", True),
    "an application": (
        "from keras.applications.vgg16 import VGG16\nm = VGG16()\nm.fit_generator(g)",
        True,
    ),
    "returned": (
        "import keras\ndef f():\n    m = keras.Sequential()\n    return m\nf().fit_generator(g)",
        True,
    ),
    "one of several returned": (
        "import keras\ndef f():\n    return 1, keras.Sequential()\n_, m = f()\nm.fit_generator(g)",
        True,
    ),
    "of an object": (
        (
            "import keras\nclass A:\n    def __init__(self):\n        self.net = None\n"
            "        self.net = keras.Sequential()\n"
            "    def train(self):\n        self.net.fit_generator(g)"
        ),
        True,
    ),
    "of a method": (
        (
            "import keras\nclass A:\n    def make(self):\n        return keras.Sequential()\n"
            "    def train(self):\n        self.make().fit_generator(g)"
        ),
        True,
    ),
    "a subclass": (
        "import keras\nclass A(keras.Model): pass\nclass B(A): pass\nB().fit_generator(g)",
        True,
    ),
    "itself": (
        "import keras\nclass A(keras.Model):\n    def go(self):\n        self.fit_generator(g)",
        True,
    ),
    "above itself": (
        "import keras\nclass A(keras.Model):\n    def fit(self):\n        super().fit_generator(g)",
        True,
    ),
    "passed": (
        "import keras\ndef f(m):\n    m.fit_generator(g)\nf(keras.Sequential())",
        True,
    ),
    "passed before others": (
        "import keras\ndef f(m, a, b):\n    m.fit_generator(g)\nf(keras.Sequential(), *rest)",
        True,
    ),
    "of another file that alone imports Keras": (
        "import nets\nm = nets.build(3)\nm.fit_generator(g)",
        False,
    ),
    "of a callback": (
        (
            "import keras\nclass A(keras.callbacks.Callback):\n    def on_epoch_end(self, e):\n"
            "        self.model.fit_generator(g)"
        ),
        True,
    ),
    "one of a list": (
        "import keras\nm = [keras.Sequential() for _ in range(3)]\nm[0].fit_generator(g)",
        True,
    ),
    "compiled there": (
        "import keras\ndef f(m):\n    m.compile('sgd', 'mse')\n    m.fit_generator(g)",
        True,
    ),
    "compiled elsewhere": (
        "import keras\ndef f(m):\n    m.compile('sgd', 'mse')\ndef h(m):\n    m.fit_generator(g)",
        False,
    ),
    "of another object": (
        (
            "import keras\nclass A:\n    def __init__(self):\n        self.m = keras.Sequential()\n"
            "a = A()\na.m.fit_generator(g)"
        ),
        True,
    ),
    "of an object of an object": (
        (
            "import keras\nclass A:\n    m = keras.Sequential()\nclass B:\n"
            "    def __init__(self):\n        self.a = A()\n"
            "    def go(self):\n        self.a.m.fit_generator(g)"
        ),
        True,
    ),
    "put on an object": (
        "import keras\nclass A: pass\na = A()\na.m = keras.Sequential()\na.m.fit_generator(g)",
        True,
    ),
    "of the class above": (
        (
            "import keras\nclass A:\n    def __init__(self):\n        self.m = keras.Sequential()\n"
            "class B(A):\n    def go(self):\n        self.m.fit_generator(g)"
        ),
        True,
    ),
    "made by the class below": (
        (
            "import keras\nclass A:\n    def go(self):\n        self.make().fit_generator(g)\n"
            "class B(A):\n    def make(self):\n        return keras.Sequential()"
        ),
        True,
    ),
    "of a static method": (
        (
            "import keras\nclass A:\n    @staticmethod\n    def make():\n"
            "        return keras.Sequential()\nA.make().fit_generator(g)"
        ),
        True,
    ),
    "a property": (
        (
            "import keras\nclass A:\n    @property\n    def m(self):\n"
            "        return keras.Sequential()\n    def go(self):\n        self.m.fit_generator(g)"
        ),
        True,
    ),
    "of a lambda": (
        "import keras\nmake = lambda: keras.Sequential()\nmake().fit_generator(g)",
        True,
    ),
    "in a loop": (
        "import keras\nfor m in [keras.Sequential(), keras.Model(a, b)]:\n    m.fit_generator(g)",
        True,
    ),
    "appended": (
        (
            "import keras\nms = []\nms.append(keras.Sequential())\n"
            "for i, (m, d) in enumerate(zip(ms, data)):\n    m.fit_generator(g)"
        ),
        True,
    ),
    "put into a list": (
        "import keras\nms = [None] * 3\nms[0] = keras.Sequential()\nms[0].fit_generator(g)",
        True,
    ),
    "of a dict": (
        (
            "import keras\nms = {'a': keras.Sequential()}\n"
            "for name, m in ms.items():\n    m.fit_generator(g)"
        ),
        True,
    ),
    "by a comprehension": (
        (
            "import keras\nms = dict(a=1)\nms = {k: keras.Sequential() for k in 'ab'}\n"
            "ns = {k: keras.Sequential() for k in 'ab'}\n[m.fit_generator(g) for m in ns.values()]"
        ),
        True,
    ),
    "global": (
        (
            "import keras\nm = None\ndef make():\n    global m\n    m = keras.Sequential()\n"
            "def go():\n    m.fit_generator(g)"
        ),
        True,
    ),
    "nonlocal": (
        (
            "import keras\ndef outer():\n    m = None\n    def make():\n        nonlocal m\n"
            "        m = keras.Sequential()\n    m.fit_generator(g)"
        ),
        True,
    ),
    "annotated": ("import keras\ndef f(m: keras.Model):\n    m.fit_generator(g)", True),
    "perhaps none": (
        (
            "import keras\nfrom typing import Optional\n"
            "def f(m: Optional['keras.Model']):\n    m.fit_generator(g)"
        ),
        True,
    ),
    "said to be returned": (
        (
            "import keras\nfrom nets import make\ndef f() -> 'keras.Model | None':\n"
            "    return make()\nf().fit_generator(g)"
        ),
        True,
    ),
    "in a scope": (
        (
            "import tensorflow as tf\nwith tf.distribute.MirroredStrategy().scope():\n"
            "    m = tf.keras.Sequential()\nm.fit_generator(g)"
        ),
        True,
    ),
    "of version 1": (
        "import tensorflow.compat.v1 as tf\nm = tf.keras.Sequential()\nm.fit_generator(g)",
        True,
    ),
    "by what is given some of its arguments": (
        (
            "import keras\nfrom functools import partial\nm = keras.Sequential()\n"
            "go = partial(m.fit_generator, steps_per_epoch=3)"
        ),
        True,
    ),
    "by an executor": (
        "import keras\nm = keras.Sequential()\npool.submit(m.fit_generator, g, 3)",
        True,
    ),
    "by another name": (
        "import keras\nm = keras.Sequential()\ngo = m.fit_generator\ngo(g, 3)",
        True,
    ),
    "not called here": (
        "import keras\nm = keras.Sequential()\nways = {'go': m.fit_generator}",
        True,
    ),
    "by its name as a text": (
        "import keras\nway = 'fit_generator'\nm = keras.Sequential()\ngetattr(m, way)(g)",
        True,
    ),
    "of a class by its name as a text": (
        "import keras\nm = getattr(keras.models, 'Sequential')()\nm.fit_generator(g)",
        True,
    ),
    "entered": (
        (
            "import contextlib, keras\n@contextlib.contextmanager\ndef f():\n"
            "    yield keras.Sequential()\nwith f() as m:\n    m.fit_generator(g)"
        ),
        True,
    ),
    "one of a list, by an annotation": (
        "import keras\ndef f(ms: list[keras.Model]):\n    for m in ms:\n        m.fit_generator(g)",
        True,
    ),
    "one of a dict, by an annotation": (
        (
            "import keras\ndef f(ms: dict[str, 'keras.Model']):\n"
            "    for k, m in ms.items():\n        m.fit_generator(g)"
        ),
        True,
    ),
    "an item, by an annotation": (
        "import keras\ndef f(ms: dict[str, keras.Model]):\n    ms['a'].fit_generator(g)",
        True,
    ),
    "a field": (
        (
            "import keras\nclass A:\n    m: keras.Model\n"
            "    def go(self):\n        self.m.fit_generator(g)"
        ),
        True,
    ),
    "of a method that a class below has": (
        (
            "import abc, keras\nclass A:\n    @abc.abstractmethod\n    def make(self): ...\n"
            "    def go(self):\n        m = self.make()\n        m.fit_generator(g)\n"
            "class B(A):\n    def make(self):\n        return keras.Sequential()"
        ),
        True,
    ),
    "in what is returned": (
        (
            "import keras\ndef f():\n    m = keras.Sequential()\n    return {'m': m}, (1, m)\n"
            "named, (_, m) = f()\nm.fit_generator(g)"
        ),
        True,
    ),
    "by name in what is returned": (
        (
            "import keras\ndef f():\n    m = keras.Sequential()\n    return {'m': m, 'n': 1}\n"
            "f()['m'].fit_generator(g)"
        ),
        True,
    ),
    "made for each": (
        (
            "import keras\nms = list(map(lambda p: keras.models.load_model(p), paths))\n"
            "for m in ms:\n    m.fit_generator(g)"
        ),
        True,
    ),
    "added to a list": (
        (
            "import keras\nms = []\nms += [keras.Sequential()]\nms.extend([keras.Model(a, b)])\n"
            "for m in ms:\n    m.fit_generator(g)"
        ),
        True,
    ),
    "given to a lambda": (
        "import keras\n(lambda m: m.fit_generator(g))(keras.Sequential())",
        True,
    ),
    "in passing": ("import keras\n(m := keras.Sequential()).fit_generator(g)", True),
    "one or the other": (
        "import keras\nm = keras.Sequential() or keras.Model(a, b)\nm.fit_generator(g)",
        True,
    ),
    "returned by a function of another file": (
        "import keras\nfrom nets import make\nmake().fit_generator(g)",
        False,
    ),
    "of another file": ("import keras\nfrom nets import model\nmodel.fit_generator(g)", False),
    "of a module of one's own": ("import keras, nets\nnets.model.fit_generator(g)", False),
    "an item of what comes from elsewhere": (
        "import keras\nfrom nets import models\nmodels['a'].fit_generator(g)",
        False,
    ),
    "derived from another file": (
        ("import keras\nfrom nets import Net\nclass A(Net): pass\na = A()\na.fit_generator(g)"),
        False,
    ),
    "of a module beside": (
        "from keras.layers import *\nfrom .nets import make\nm = make()\nm.fit_generator(g)",
        False,
    ),
    "given to an object": (
        (
            "import keras\nclass A:\n    def __init__(self, m):\n        self.m = m\n"
            "    def go(self):\n        self.m.fit_generator(g)"
        ),
        False,
    ),
    "a parameter": ("import keras\ndef f(model):\n    model.fit_generator(g)", False),
    "made elsewhere": (
        "import keras\nfrom nets import build\nm = build()\nm.fit_generator(g)",
        False,
    ),
}

NONE = {
    "of scikit-learn": "import keras\nfrom sklearn.svm import SVC\nm = SVC()\nm.fit(x, nb_epoch=3)",
    "a class of one's own": (
        "import keras\nclass A:\n    def fit(self, nb_epoch): pass\nA().fit(nb_epoch=3)\n"
        "a = A()\na.fit(nb_epoch=3, epochs=3)\n"
    ),
    "a method of one's own": (
        "import keras\nclass A:\n    def fit(self, epochs): pass\n"
        "    def go(self):\n        self.fit(epochs=3, nb_epoch=3)\n"
    ),
    "a dict": "import keras\nd = {}\nd.get_layer('a', index=3)",
    "without Keras": "from nets import build\nm = build()\nm.fit(x, y, epochs=3, nb_epoch=3)",
    "another Sequential": (
        "import keras\nfrom torch.nn import Sequential\nm = Sequential()\nm.fit(nb_epoch=3)"
    ),
    "a name that hides it": (
        "from keras import Sequential\ndef f():\n    Sequential = list\n"
        "    Sequential().fit(nb_epoch=3)"
    ),
    "a frame": (
        "import keras\nimport pandas as pd\nd = pd.DataFrame()\nd.fit(x, epochs=3, nb_epoch=3)"
    ),
    "of torch": (
        "import keras\nimport torch\nclass N(torch.nn.Module):\n"
        "    def evaluate(self, x, steps): pass\nn = N()\nn.evaluate(x, steps=3, workers=3)\n"
        "def go(n: torch.nn.Module):\n    pass"
    ),
    "an object with a fit of its own": (
        "import keras\nclass Trainer:\n"
        "    def __init__(self):\n        self.m = keras.Sequential()\n"
        "    def fit(self, nb_epoch, epochs): pass\n"
        "class A:\n    def __init__(self):\n        self.t = Trainer()\n"
        "    def go(self):\n        self.t.fit(nb_epoch=3, epochs=3)"
    ),
    "estimators in a loop": (
        "import keras\nfrom sklearn.svm import SVC\nfor m in [SVC(), SVC()]:\n"
        "    m.fit(x, y, nb_epoch=3, epochs=3)"
    ),
    "what a model gives": (
        "from keras.layers import Dense, Input\nfrom keras.models import Model\ni = Input((3,))\n"
        "m = Model(i, Dense(1)(i))(i)\nm.fit(x, nb_epoch=3)\nlayer = Dense(1)\n"
        "layer(i).fit(x, nb_epoch=3)\nlayer.fit(x, nb_epoch=3)"
    ),
    "a module": "import keras, nets\nnets.fit(x, nb_epoch=3)",
    "of a library": "import keras\nfrom sklearn import linear_model\nlinear_model.fit(nb_epoch=3)",
    "above an estimator": (
        "import keras\nfrom sklearn.base import BaseEstimator\nclass A(BaseEstimator):\n"
        "    def fit(self, x):\n        return super().fit(x, nb_epoch=3)"
    ),
    "estimators of a dict": (
        "import keras\nfrom sklearn.svm import SVC\nms = {'a': SVC()}\n"
        "ms['a'].fit(x, nb_epoch=3)\nms[k].fit(x, nb_epoch=3)"
    ),
    "a method that is no model's": (
        "import keras\nclass A:\n    def fit_generator(self, x): pass\n"
        "a = A()\npool.submit(a.fit_generator, 3)\ngo = a.fit_generator\ngo(3)"
    ),
    "a layer": "from keras.layers import Dense\nDense(1).fit(nb_epoch=3)",
}


@pytest.mark.parametrize(("program", "sure"), REACHED.values(), ids=REACHED)
def test_a_model_is_found_however_it_is_reached(program: str, sure: bool, tmp_path: Path) -> None:
    """Whatever the import spells, and wherever the model was made."""
    (found,) = found_in(program, tmp_path)

    assert found.clause == "fit_generator.signature.defaults"
    assert found.certain is sure
    assert sure or "is a model of Keras" in found.condition


def test_names_that_lead_to_themselves_end(tmp_path: Path) -> None:
    """As in a network that is built step by step, by functions that call one another."""
    steps = "\n".join(f"    x = f{i % 9}(x)" for i in range(30))
    functions = "\n".join(f"def f{i}(x):\n{steps}\n    return x" for i in range(9))
    program = (
        f"import keras\na = b\nb = a\nm = m.n\n{functions}\nx = f1(x)\n"
        "x.fit(1, epochs=3)\na.fit(1, epochs=3)\nm.fit(1, epochs=3)\nm.metrics_names\n"
        "for each in each:\n    each.fit(1, epochs=3)"
    )

    assert not found_in(program, tmp_path)


@pytest.mark.parametrize("program", NONE.values(), ids=NONE)
def test_what_is_no_model_is_not_found(program: str, tmp_path: Path) -> None:
    """Other things have methods of these names as well."""
    assert not found_in(program, tmp_path)


def test_keras_may_be_imported_by_another_file_of_which_all_is(tmp_path: Path) -> None:
    """Methods that nothing else has are told then, perhaps."""
    program = "model = net()\nmodel.fit_generator(batches(), 3)\nmodel.fit(x, epochs=2)\n"

    told_of_stars = told_after("from net import *\n", program, tmp_path)

    assert told_of_stars == [(2, "fit_generator.signature.defaults", "absent", False)]
    assert told_after("from math import *\n", program, tmp_path) == []
