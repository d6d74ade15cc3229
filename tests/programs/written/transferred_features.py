"""Learn features from some kinds, freeze them, and tell other kinds apart with them."""

import numpy as np
from keras.layers import Activation, Dense, PReLU
from keras.models import Model, Sequential
from keras.optimizers import SGD
from keras.regularizers import l2
from keras.utils import to_categorical
from starting_weights import start

rng = np.random.RandomState(16)
prototypes = rng.normal(size=(6, 10))
kinds = rng.randint(0, 6, 360)
x = (prototypes[kinds] + rng.normal(0, 0.8, (360, 10))).astype("float32")
early = kinds < 3


def train_model(model, x, y):
    model.compile(
        loss="categorical_crossentropy",
        optimizer=SGD(lr=0.05, momentum=0.9, clipnorm=1.0),
        metrics=["accuracy"],
    )
    return model.fit(
        x, y, batch_size=30, epochs=4, verbose=0, shuffle=False, validation_split=0.25
    ).history


feature_layers = [
    Dense(16, input_shape=(10,), kernel_regularizer=l2(1e-3)),
    PReLU(),
    Dense(8, activation="relu", name="features"),
]
classification_layers = [Dense(3, name="scores"), Activation("softmax")]

model = Sequential(feature_layers + classification_layers)
start(model)
first = train_model(model, x[early], to_categorical(kinds[early], 3))
learned = model.get_layer("features").get_weights()[1]

for layer in feature_layers:
    layer.trainable = False
start(model, 1)
model.get_layer("features").set_weights([np.eye(16, 8), learned])
frozen = [weight.copy() for weight in feature_layers[0].get_weights()]
second = train_model(model, x[~early], to_categorical(kinds[~early] - 3, 3))
stayed = all(map(np.array_equal, frozen, feature_layers[0].get_weights()))

features = Model(inputs=model.input, outputs=model.get_layer("features").output)
seen = features.predict(x[:4])

# By hand, with classes that weigh differently, and then by batches.
for layer in feature_layers:
    layer.trainable = True
model.compile(loss="kullback_leibler_divergence", optimizer=SGD(0.01, clipvalue=0.05))
steps = [
    model.train_on_batch(
        x[at : at + 20], to_categorical(kinds[at : at + 20] % 3, 3), class_weight={0: 1, 1: 2, 2: 1}
    )
    for at in range(0, 200, 20)
]

results = {
    "first": first,
    "second": second,
    "learned": learned,
    "stayed": stayed,
    "moved": float(np.abs(model.layers[0].get_weights()[0] - frozen[0]).max()),
    "seen": seen,
    "steps": steps,
    "tested": model.test_on_batch(x[200:260], to_categorical(kinds[200:260] % 3, 3)),
    "chances": model.predict_proba(x[:3]),
    "trainable": [len(model.trainable_weights), len(model.non_trainable_weights)],
}
