"""Makes the shipped models and weights again from text outside the product; nothing at run time imports it."""
