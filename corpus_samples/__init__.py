"""Owns the sample corpus: fictional engineering documents and the program that builds them."""
