"""All five services on loopback, for trying pipelines without keys or credits (floor 6)."""
