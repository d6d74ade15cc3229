"""Tell ten kinds of noisy pictures apart with convolutions."""

import keras
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential
from starting_weights import start

num_classes = 5
rows, columns = 12, 12

rng = np.random.RandomState(2)
prototypes = rng.uniform(0, 1, (num_classes, rows, columns))
labels = rng.randint(0, num_classes, 240)
x = (prototypes[labels] + rng.normal(0, 0.3, (240, rows, columns))).astype("float32")
y = keras.utils.to_categorical(labels, num_classes)

if K.image_data_format() == "channels_first":
    x = x.reshape(240, 1, rows, columns)
    input_shape = (1, rows, columns)
else:
    x = x.reshape(240, rows, columns, 1)
    input_shape = (rows, columns, 1)

model = Sequential()
model.add(Conv2D(8, kernel_size=(3, 3), activation="relu", input_shape=input_shape))
model.add(Conv2D(12, (3, 3), activation="relu", padding="same", strides=1))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(24, activation="relu"))
model.add(Dense(num_classes, activation="softmax"))

model.compile(
    loss=keras.losses.categorical_crossentropy,
    optimizer=keras.optimizers.Adadelta(),
    metrics=["accuracy", "top_k_categorical_accuracy"],
)
start(model)
history = model.fit(
    x[:200],
    y[:200],
    batch_size=25,
    epochs=3,
    verbose=2,
    shuffle=False,
    validation_data=(x[200:], y[200:]),
)

results = {
    "history": history.history,
    "score": model.evaluate(x[200:], y[200:], verbose=0),
    "predictions": model.predict(x[200:204]),
    "parameters": model.count_params(),
}
