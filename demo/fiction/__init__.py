"""The fictional part, from a seed: enterprises, applications, score sheets and sales."""
