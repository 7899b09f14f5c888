"""Manifests for Kubernetes, and the lab in which they are tested."""
