"""Judge sequences of words of different lengths with an LSTM that passes over the padding."""

import numpy as np
from keras.layers import LSTM, Bidirectional, Dense, Embedding
from keras.models import Sequential
from starting_weights import start

max_features = 30
maxlen = 12

rng = np.random.RandomState(3)
lengths = rng.randint(3, maxlen + 1, 160)
x = np.zeros((160, maxlen), "int32")
for row, length in zip(x, lengths):
    # Words stand at the end, padding before them.
    row[maxlen - length :] = rng.randint(1, max_features, length)
# Words of the lower half speak for it.
y = (((x > 0) & (x < max_features // 2)).sum(axis=1) * 2 > lengths).astype("int32")

model = Sequential()
model.add(Embedding(max_features, 8, mask_zero=True, input_length=maxlen))
model.add(Bidirectional(LSTM(6, return_sequences=True)))
model.add(LSTM(8))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
start(model)

history = model.fit(x, y, batch_size=20, epochs=4, validation_split=0.25, shuffle=False)
score, acc = model.evaluate(x[120:], y[120:], batch_size=20)
print("Test score:", score)
print("Test accuracy:", acc)

results = {
    "history": history.history,
    "score": [score, acc],
    "predictions": model.predict(x[:8]),
    "classes": model.predict_classes(x[:8]),
    "recurrent bias": model.layers[2].get_weights()[2],
}
