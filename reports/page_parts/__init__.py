"""The parts of the scorecard page, one a file."""
