"""The reference service: an ordinary web service that keeps its promises when something breaks."""
