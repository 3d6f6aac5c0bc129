"""Spawns every process of a run, and sweeps when its owner dies. ``client`` is the owner's side."""
