"""The acts of people through the year: a module per part of the seat's journey.

Each stage acts through the HTTP APIs only, with the role that the act needs; it returns its
figures.
"""
