"""``make calibrate``: what Blackstart measures, beside what is known to be true."""
