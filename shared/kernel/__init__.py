"""The pure kernel: deciders, views, folding, wire format. It reads no clock and no server."""
