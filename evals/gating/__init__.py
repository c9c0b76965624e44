"""The gate: a run held against the baseline, case by case, and what it says of it."""
