"""The outside world, one door for each foreign library (floor 2)."""
