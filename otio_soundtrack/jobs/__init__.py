"""Jobs of services: never lost and never paid twice (floor 4)."""
