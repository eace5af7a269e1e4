"""Harnesses: one module a target, each with a `check` that takes the bytes of an entry.

They use what the packages publish wherever that reaches the code in question, so that they
outlive its insides.
"""
