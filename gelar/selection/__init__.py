"""The commands about selections: `gelar selection export` and `gelar selection replay`."""
