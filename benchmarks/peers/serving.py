# noqa: INP001 - a program's part, run by the interpreter of each peer, from Python 3.7 on
"""How a peer is asked for times: a question in JSON on each line, and an answer on the next.

A question has `case` (`widths`, `batch`, `optimizer`, `kind`), `method` and `steps`; the answer is
the seconds that so many steps took. A peer makes the model of a case once, and has gone through the
data before it is timed.
"""

import json
import os
import sys
import time

# What libraries print must not come between questions and answers.
_answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import numpy as np  # noqa: E402 - it may print


def data_of(case, steps):
    """Return inputs and targets for so many batches."""
    draw = np.random.RandomState(3)
    rows = case["batch"] * steps
    classes = case["widths"][-1]
    shape = (rows, *case["shape"])
    if case["kind"] == "embedding":
        x = draw.randint(0, case["widths"][0], shape).astype("int32")
    else:
        x = draw.normal(size=shape).astype("float32")
    if classes == 1:
        return x, draw.normal(size=(rows, 1)).astype("float32")
    return x, np.eye(classes, dtype="float32")[draw.randint(0, classes, rows)]


def serve(make):
    """Answer until there are no more questions.

    Args:
        make: Takes a case, and returns a function of a method's name, inputs and targets that goes
            through them once.

    """
    made = {}
    for line in sys.stdin:
        question = json.loads(line)
        key = json.dumps([question["case"], question["method"], question["steps"]], sort_keys=True)
        case, method = question["case"], question["method"]
        if key not in made:
            run = make(case)
            x, y = data_of(case, question["steps"])
            made[key] = run, x, y
            for _ in range(2):
                run(method, x, y)
        run, x, y = made[key]
        began = time.perf_counter()
        run(method, x, y)
        _answers.write(json.dumps(time.perf_counter() - began) + "\n")
        _answers.flush()
