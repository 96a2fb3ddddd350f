"""Media made for tests and benchmarks: every frame carries its own number."""
