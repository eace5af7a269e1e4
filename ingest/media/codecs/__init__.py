"""Decoder configurations and coded unit headers: what a bitstream says about itself.

One module per codec. Reads bytes, gives values; malformed bytes raise BitstreamError.
"""
