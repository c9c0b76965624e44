"""Makes the shipped translation packages again from parallel text; nothing at run time imports it."""
