"""Let two models compete: one draws points on a ring, one tells them from real ones."""

import numpy as np
from keras.layers import Dense, Input, LeakyReLU
from keras.models import Model, Sequential
from keras.optimizers import Adam
from starting_weights import start

latent = 3
half = 16

rng = np.random.RandomState(15)

discriminator = Sequential(name="discriminator")
discriminator.add(Dense(12, input_dim=2))
discriminator.add(LeakyReLU(0.2))
discriminator.add(Dense(1, activation="sigmoid"))
discriminator.compile(
    loss="binary_crossentropy", optimizer=Adam(0.01, beta_1=0.5), metrics=["accuracy"]
)
start(discriminator, 1)

generator = Sequential(name="generator")
generator.add(Dense(12, activation="tanh", input_dim=latent))
generator.add(Dense(2))
start(generator, 2)

# Fixed within the model of both; on its own it was compiled before, and goes on learning.
discriminator.trainable = False
noise_in = Input(shape=(latent,))
both = Model(noise_in, discriminator(generator(noise_in)))
both.compile(loss="binary_crossentropy", optimizer=Adam(0.01, beta_1=0.5))

told_apart, fooled = [], []
for _ in range(30):
    angle = rng.uniform(0, 2 * np.pi, half)
    real = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    fake = generator.predict_on_batch(rng.normal(size=(half, latent)))
    on_real = discriminator.train_on_batch(real, np.ones((half, 1)))
    on_fake = discriminator.train_on_batch(fake, np.zeros((half, 1)))
    told_apart.append(0.5 * np.add(on_real, on_fake))
    fooled.append(both.train_on_batch(rng.normal(size=(half, latent)), np.ones((half, 1))))

points = rng.normal(size=(5, latent))
results = {
    "told apart": told_apart,
    "fooled": fooled,
    "points": generator.predict(points),
    "tested": both.test_on_batch(points, np.ones((5, 1))),
    "names": discriminator.metrics_names,
    "frozen": len(both.trainable_weights),
}
