"""The HTTP layer, over ASGI against a small example service."""
