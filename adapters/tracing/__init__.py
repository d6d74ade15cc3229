"""What records the calls of the Model API that a program makes, in the process that runs it.

`names` lets the program find the library that is looked at, `chance` makes what is drawn the same
for all, `values` says what goes in and comes out, `weights` reads and sets those of a model, and
`calls` puts itself before the methods.
"""
