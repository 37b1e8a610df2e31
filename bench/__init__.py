"""How fast and how small the product is, in figures that can be compared: every timing stands beside that of a bare
server measured in the same run. `python -m bench [fanout] [visit] [start]`.
"""
