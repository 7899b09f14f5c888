"""The enterprise: it registers once and revises its profile.

`decider` is the entrance; `state` folds the events; `registration` turns the form with its numbers
into a command with their hashes, which `identifiers` makes; `profile` holds the rule of revisions.
"""
