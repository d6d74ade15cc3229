"""The adapter of PaddlePaddle, whose `paddle.Model` trains networks of Paddle's own layers."""
