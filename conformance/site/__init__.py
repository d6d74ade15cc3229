"""Pages of any number of reports, with the matrix and the proof of every cell.

`pages` makes them of what `overview` brings side by side.
"""
