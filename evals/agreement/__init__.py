"""How well each metric agrees with people: a labelled set of answers, and precision, recall and AUC against it."""

from evals.agreement.labels import LABELS, Label, load_labels
from evals.agreement.measure import Agreement, agreements

__all__ = ["LABELS", "Agreement", "Label", "agreements", "load_labels"]
