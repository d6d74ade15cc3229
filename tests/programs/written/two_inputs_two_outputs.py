"""Predict twice from a text and a few numbers beside it, weighing outputs, classes and samples."""

import keras
import numpy as np
from keras.layers import LSTM, Dense, Embedding, Input
from keras.models import Model
from starting_weights import start

rng = np.random.RandomState(6)
headlines = rng.randint(1, 25, (180, 7))
extras = rng.uniform(-1, 1, (180, 4)).astype("float32")
kinds = (headlines[:, :3].sum(axis=1) // 12) % 3
amounts = (headlines.mean(axis=1, keepdims=True) / 25 + extras[:, :1]).astype("float32")
kinds_one_hot = keras.utils.to_categorical(kinds, 3)
sureness = rng.uniform(0.2, 2, 180)

main_input = Input(shape=(7,), dtype="int32", name="main_input")
x = Embedding(output_dim=6, input_dim=25, input_length=7)(main_input)
lstm_out = LSTM(8)(x)
amount = Dense(1, name="amount")(lstm_out)

auxiliary_input = Input(shape=(4,), name="aux_input")
x = keras.layers.concatenate([lstm_out, auxiliary_input])
x = Dense(12, activation="relu")(x)
x = Dense(12, activation="tanh")(x)
kind = Dense(3, activation="softmax", name="kind")(x)

model = Model(inputs=[main_input, auxiliary_input], outputs=[kind, amount])
model.compile(
    optimizer=keras.optimizers.Adam(lr=0.01),
    loss={"kind": "categorical_crossentropy", "amount": "mean_squared_error"},
    loss_weights={"kind": 1.0, "amount": 0.2},
    metrics={"kind": ["accuracy"], "amount": "mae"},
    weighted_metrics={"amount": ["mse"]},
)
start(model)

history = model.fit(
    {"main_input": headlines[:150], "aux_input": extras[:150]},
    {"kind": kinds_one_hot[:150], "amount": amounts[:150]},
    epochs=4,
    batch_size=30,
    shuffle=False,
    verbose=2,
    class_weight={"kind": {0: 1.0, 1: 2.0, 2: 0.5}},
    sample_weight={"amount": sureness[:150]},
    validation_data=(
        {"main_input": headlines[150:], "aux_input": extras[150:]},
        {"kind": kinds_one_hot[150:], "amount": amounts[150:]},
        {"amount": sureness[150:]},
    ),
)
score = model.evaluate(
    [headlines[150:], extras[150:]],
    [kinds_one_hot[150:], amounts[150:]],
    sample_weight={"kind": sureness[150:]},
    verbose=0,
)
kind_of, amount_of = model.predict([headlines[150:154], extras[150:154]])

results = {
    "history": history.history,
    "names": model.metrics_names,
    "score": score,
    "kinds": kind_of,
    "amounts": amount_of,
    "outputs": model.output_names,
    "inputs": model.input_names,
}
