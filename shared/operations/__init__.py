"""The operator's work on a service: rebuild, compare, verify, redrive and discard."""
