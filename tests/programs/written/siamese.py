"""Say whether two pictures show the same kind with one network that sees them both."""

import numpy as np
from keras import backend as K
from keras.layers import Dense, Flatten, Input, Lambda
from keras.models import Model
from keras.optimizers import RMSprop
from starting_weights import start

rng = np.random.RandomState(7)
prototypes = rng.uniform(0, 1, (4, 6, 6))


def draw_pairs(number):
    first = rng.randint(0, 4, number)
    second = np.where(rng.uniform(size=number) < 0.5, first, rng.randint(0, 4, number))
    pictures = prototypes[np.stack([first, second], axis=1)]
    noisy = pictures + rng.normal(0, 0.2, (number, 2, 6, 6))
    return noisy.astype("float32"), (first == second).astype("float32")


def distance(vectors):
    x, y = vectors
    total = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(total, K.epsilon()))


def distance_shape(shapes):
    return (shapes[0][0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    apart = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * apart)


def close_is_same(y_true, y_pred):
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))


def base_network(shape):
    picture = Input(shape=shape)
    x = Flatten()(picture)
    x = Dense(16, activation="relu")(x)
    return Model(picture, Dense(8)(x), name="seeing")


train_pairs, train_same = draw_pairs(200)
test_pairs, test_same = draw_pairs(50)

network = base_network((6, 6))
left, right = Input(shape=(6, 6)), Input(shape=(6, 6))
apart = Lambda(distance, output_shape=distance_shape)([network(left), network(right)])
model = Model([left, right], apart)
model.compile(loss=contrastive_loss, optimizer=RMSprop(), metrics=[close_is_same])
start(model)

history = model.fit(
    [train_pairs[:, 0], train_pairs[:, 1]],
    train_same,
    batch_size=25,
    epochs=5,
    shuffle=False,
    validation_data=([test_pairs[:, 0], test_pairs[:, 1]], test_same),
)
swapped = model.predict([test_pairs[:5, 1], test_pairs[:5, 0]])

results = {
    "history": history.history,
    "predictions": model.predict([test_pairs[:5, 0], test_pairs[:5, 1]]),
    "swapped": swapped,
    "seen": network.predict(test_pairs[:2, 0]),
}
