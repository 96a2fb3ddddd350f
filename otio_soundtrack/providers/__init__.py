"""The services, one file each: a pure translation between our words and theirs (floor 4)."""
