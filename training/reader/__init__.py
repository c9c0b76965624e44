"""Trains the reader: which sentence of a passage answers a question, in any two of our languages."""
