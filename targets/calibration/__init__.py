"""A service whose every outage, loss and lie is scripted: what measurements are measured by."""
