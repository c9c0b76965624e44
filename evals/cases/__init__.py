"""Labelled cases: read and checked, drafted from documents, written back."""

from evals.cases.reading import Problem, case_files, load_cases, problem, read_set

__all__ = ["Problem", "case_files", "load_cases", "problem", "read_set"]
