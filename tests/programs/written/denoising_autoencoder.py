"""Clear pictures of noise: a narrow network with batch normalization, made of two models."""

import numpy as np
from keras.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    Input,
    LeakyReLU,
    MaxPooling2D,
    Reshape,
    UpSampling2D,
)
from keras.models import Model
from keras.optimizers import SGD
from starting_weights import start

rng = np.random.RandomState(12)
across, down = np.meshgrid(np.arange(8), np.arange(8))
centres = rng.uniform(1, 7, (150, 2, 1, 1))
clean = np.exp(-((across - centres[:, 0]) ** 2 + (down - centres[:, 1]) ** 2) / 4)
clean = clean[..., None].astype("float32")
noisy = np.clip(clean + rng.normal(0, 0.3, clean.shape), 0, 1).astype("float32")

picture = Input(shape=(8, 8, 1))
x = Conv2D(6, (3, 3), padding="same", use_bias=False)(picture)
x = BatchNormalization()(x)
x = LeakyReLU(alpha=0.2)(x)
x = MaxPooling2D((2, 2), padding="same")(x)
x = Flatten()(x)
code = Dense(5, name="code")(x)
encoder = Model(picture, code, name="encoder")

code_in = Input(shape=(5,))
x = Dense(4 * 4 * 4, use_bias=False)(code_in)
x = BatchNormalization(momentum=0.9)(x)
x = LeakyReLU()(x)
x = Reshape((4, 4, 4))(x)
x = UpSampling2D((2, 2))(x)
decoder = Model(code_in, Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x), name="decoder")

autoencoder = Model(picture, decoder(encoder(picture)), name="autoencoder")
autoencoder.compile(
    optimizer=SGD(lr=0.5, momentum=0.9, nesterov=True, decay=1e-3), loss="binary_crossentropy"
)
start(autoencoder)

history = autoencoder.fit(
    noisy[:120],
    clean[:120],
    batch_size=20,
    epochs=5,
    shuffle=False,
    validation_data=(noisy[120:], clean[120:]),
)
codes = encoder.predict(noisy[120:124])

results = {
    "history": history.history,
    "score": autoencoder.evaluate(noisy[120:], clean[120:], verbose=0),
    "codes": codes,
    "decoded": decoder.predict(codes)[:2, 2:4, 2:4, 0],
    "whole": autoencoder.predict(noisy[120:122])[:, 2:4, 2:4, 0],
    "moving": [encoder.layers[2].get_weights()[2:], decoder.layers[2].get_weights()[2:]],
    "shapes": [list(weight.shape) for weight in encoder.get_weights()],
}
