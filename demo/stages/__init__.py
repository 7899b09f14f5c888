"""What people do at the moments of the year: a module per part of the seat's journey.

Each stage acts through the HTTP APIs only, with the role that the act needs, and tells its figures.
"""
