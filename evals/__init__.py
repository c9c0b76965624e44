"""Measures answers against question sets, and calibrates the thresholds that decide on 'not found'."""
