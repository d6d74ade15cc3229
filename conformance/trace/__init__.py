"""Why a program trains differently: it runs on two or more sides, and its calls are compared.

`sides` says who they are, `running` runs the program on one, `recording` reads what was recorded
there, `comparing` finds where they part, `explaining` why, and `tracing` does all of it.
"""
