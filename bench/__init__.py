"""Benchmarks: one line a figure, `name value unit`. They measure; tests never do."""
