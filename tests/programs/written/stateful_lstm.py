"""Continue two sine waves, whose past an LSTM keeps from batch to batch."""

import numpy as np
from keras.layers import LSTM, Dense
from keras.models import Sequential
from starting_weights import start

batch_size = 2
tsteps = 5
chunks = 20

time = np.arange(chunks * tsteps + 1)
waves = np.stack([np.sin(time * 0.2), np.cos(time * 0.13)]).astype("float32")
# Sample i of a batch goes on where sample i of the batch before ended.
x = np.empty((chunks * batch_size, tsteps, 1), "float32")
y = np.empty((chunks * batch_size, 1), "float32")
for chunk in range(chunks):
    for wave in range(batch_size):
        begin = chunk * tsteps
        x[chunk * batch_size + wave, :, 0] = waves[wave, begin : begin + tsteps]
        y[chunk * batch_size + wave, 0] = waves[wave, begin + tsteps]

model = Sequential()
model.add(
    LSTM(8, input_shape=(tsteps, 1), batch_size=batch_size, return_sequences=True, stateful=True)
)
model.add(LSTM(8, return_sequences=False, stateful=True))
model.add(Dense(1))
model.compile(loss="mse", optimizer="rmsprop")
start(model)

losses = []
for epoch in range(5):
    history = model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0, shuffle=False)
    losses.append(history.history["loss"][0])
    model.reset_states()

first = model.predict(x, batch_size=batch_size)
going_on = model.predict(x[:4], batch_size=batch_size)
model.reset_states()
again = model.predict(x[:4], batch_size=batch_size)

results = {
    "losses": losses,
    "predictions": first[-4:],
    "going on": going_on,
    "again": again,
    "the same": bool(np.array_equal(first[:4], again)),
}
