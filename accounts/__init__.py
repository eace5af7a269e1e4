"""People and channels: who they are, what they may do, and the API that they do it through.

Imports no sibling: what it needs of the world it states in `ports`, what it tells in `events`.
"""
