"""The audition page: on this machine only, for the one person who was given its link."""
