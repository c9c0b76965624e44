"""Parts of the product against labelled sets of their own: units, verification, contradictions."""
