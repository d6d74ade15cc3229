"""Models and weights in files, as Keras lays them out.

HDF5 goes both ways between the reference and Keras; safetensors holds weights alone.
"""
