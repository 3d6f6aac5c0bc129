"""The prober: a process of its own that sends requests on schedule, whatever the target does."""
