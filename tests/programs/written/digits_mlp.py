"""Tell ten kinds of noisy pictures apart with dense layers."""

import keras
import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential
from keras.optimizers import RMSprop
from starting_weights import start

batch_size = 32
num_classes = 10
epochs = 4

rng = np.random.RandomState(1)
prototypes = rng.uniform(0, 255, (num_classes, 8, 8))
labels = rng.randint(0, num_classes, 400)
pictures = np.clip(prototypes[labels] + rng.normal(0, 60, (400, 8, 8)), 0, 255).astype("uint8")

x_train, x_test = pictures[:320], pictures[320:]
x_train = x_train.reshape(320, 64).astype("float32") / 255
x_test = x_test.reshape(80, 64).astype("float32") / 255
y_train = keras.utils.to_categorical(labels[:320], num_classes)
y_test = keras.utils.to_categorical(labels[320:], num_classes)

model = Sequential()
model.add(Dense(32, activation="relu", input_shape=(64,)))
# No unit is dropped: which ones would be is drawn by each library from its own stream.
model.add(Dropout(0.0))
model.add(Dense(32, activation="relu"))
model.add(Dropout(0.0))
model.add(Dense(num_classes, activation="softmax"))
model.summary()

model.compile(loss="categorical_crossentropy", optimizer=RMSprop(), metrics=["accuracy"])
start(model)

history = model.fit(
    x_train,
    y_train,
    batch_size=batch_size,
    epochs=epochs,
    verbose=1,
    shuffle=False,
    validation_data=(x_test, y_test),
)
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])

results = {
    "epoch": history.epoch,
    "history": history.history,
    "score": score,
    "names": model.metrics_names,
    "parameters": model.count_params(),
    "layers": [layer.name for layer in model.layers],
    "predictions": model.predict(x_test[:3]),
    "classes": model.predict_classes(x_test[:20]),
}
