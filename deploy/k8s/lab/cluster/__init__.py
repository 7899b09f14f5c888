"""A throw-away cluster of real nodes in namespaces of its own: its parts, and how they start."""
