"""A run: the corpus that cases are asked in, the asking, what is kept of it, and the figures."""
