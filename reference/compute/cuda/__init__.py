"""What a GPU needs: which device, how data get there, and graphs of kernels.

Nothing here is imported where there is none.
"""
