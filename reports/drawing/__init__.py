"""The parts of the timeline picture, one file each."""
