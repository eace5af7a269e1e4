"""Who watched, by minute, hour, day and broadcast: made of spells, and made again when they change.

What is counted never says who: spells hold a viewer's hash of one day, and history only numbers.
"""
