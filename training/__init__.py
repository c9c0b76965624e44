"""Makes the shipped models and weights again from text that is not part of the product; nothing at run time imports it."""
