"""How Counterpart comes up: the embedded database, browser files, the supervisor and its checks."""
