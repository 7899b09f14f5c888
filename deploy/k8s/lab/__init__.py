"""A real Kubernetes for tests: its programs, an API server alone, and later nodes beside it."""
