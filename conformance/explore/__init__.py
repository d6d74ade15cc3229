"""Programs of documented calls, drawn at random, and what two sides make of each of them.

`program` says what a program is, `subjects` what it trains, `materials` what its data are, and
`performing` what comes of it on one implementation.
"""
