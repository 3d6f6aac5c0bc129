"""Where uploads are kept: an object store, or this instance's own disk."""
