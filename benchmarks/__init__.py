"""Ratios against what others do, measured in one run on one machine: ``python -m benchmarks [export …]``."""
