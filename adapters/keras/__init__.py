"""Adapters of the family of Keras: Keras 2, Keras 3, tf.keras and tf_keras."""
