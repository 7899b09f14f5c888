"""Images of the services: a Dockerfile, and a builder for machines without Docker."""
