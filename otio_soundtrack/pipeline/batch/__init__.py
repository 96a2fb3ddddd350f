"""Many timelines at once: the halves of the way in worker processes, the services asked from one."""
