"""Raw scores of the answerer become probabilities: labelled choices, curves, and how far they mean what they say."""
