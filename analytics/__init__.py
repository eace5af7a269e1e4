"""Analytics: who watches and for how long, how well it plays, and how healthy the ingest is.

Imports the events of its siblings, and of accounts the rows and the API's machinery.
"""
