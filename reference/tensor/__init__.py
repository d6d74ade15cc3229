"""Arrays of NumPy or CuPy, and gradients of what is computed with them.

Every operation says what it computes and how its gradient goes back; `autodiff` walks the way.
"""
