"""Layers, how they are connected, and how the whole is computed.

A layer says what it computes; a graph calls one after the other.
"""
