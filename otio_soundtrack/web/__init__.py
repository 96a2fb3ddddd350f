"""What others reach by HTTP: services, the receiver of their callbacks; a person on this machine, the audition page (floor 6)."""
