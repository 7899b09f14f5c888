"""Checks of the topics alone, with none of the kernel's code."""
