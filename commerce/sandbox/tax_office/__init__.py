"""A stand-in for a tax service on the net, as a process of its own: for tests, and to see what an outage does."""
