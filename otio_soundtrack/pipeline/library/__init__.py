"""The local library: folders of music → its index. What is taken from the index for a cut is a maker's work."""
