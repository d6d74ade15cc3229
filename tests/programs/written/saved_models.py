"""Keep a model's architecture as JSON, its weights in HDF5, or all of it in one file."""

import json

import numpy as np
from keras.layers import Dense, Input, add
from keras.models import Model, Sequential, clone_model, load_model, model_from_json
from keras.optimizers import Adam
from starting_weights import start

rng = np.random.RandomState(14)
x = rng.normal(size=(120, 4)).astype("float32")
y = np.tanh(x[:, :2] * 2).astype("float32")


def compiled(model):
    model.compile(optimizer=Adam(lr=0.01, beta_1=0.8), loss="logcosh", metrics=["cosine_proximity"])
    return model


inputs = Input(shape=(4,), name="given")
first = Dense(6, activation="relu", name="first")(inputs)
second = Dense(6, activation="selu", name="second")(first)
outputs = Dense(2, name="last", kernel_initializer="he_normal")(add([first, second]))
model = compiled(Model(inputs, outputs, name="residual"))
start(model)
model.fit(x, y, epochs=3, batch_size=20, shuffle=False, verbose=0)
before = model.predict(x[:4])

# Architecture and weights apart.
with open("architecture.json", "w") as file:
    file.write(model.to_json())
model.save_weights("weights.h5")
with open("architecture.json") as file:
    apart = model_from_json(file.read())
apart.load_weights("weights.h5")
apart_predicts = apart.predict(x[:4])

# All in one file, with the optimizer's state: training goes on as if it had never ended.
model.save("whole.h5")
whole = load_model("whole.h5")
went_on = model.fit(x, y, epochs=2, batch_size=20, shuffle=False, verbose=0).history
whole_went_on = whole.fit(x, y, epochs=2, batch_size=20, shuffle=False, verbose=0).history

# Some layers by name, and a copy of a model.
by_name = Sequential([Dense(6, activation="relu", name="first", input_dim=4), Dense(1)])
start(by_name, 2)
by_name.load_weights("weights.h5", by_name=True)
copied = clone_model(model)
copied.set_weights(model.get_weights())
again = Model.from_config(model.get_config())
again.set_weights(model.get_weights())

described = json.loads(model.to_json())
results = {
    "before": before,
    "apart": apart_predicts,
    "went on": went_on,
    "whole went on": whole_went_on,
    "by name": by_name.predict(x[:4]),
    "copied": copied.predict(x[:4]),
    "again": again.predict(x[:4]),
    "class": described["class_name"],
    "layers": [layer["class_name"] for layer in described["config"]["layers"]],
    "names": [layer.name for layer in whole.layers],
    "rate": float(whole.optimizer.get_config()["learning_rate"]),
}
