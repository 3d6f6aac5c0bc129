"""Real services for a target: as processes here, reached through a fault proxy."""
