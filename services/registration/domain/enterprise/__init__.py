"""The enterprise: it registers once, revises its profile, and files its documents.

`decider` is the entrance; `state` folds the events; `registration` turns the form with its numbers
into a command with their hashes, which `identifiers` makes; `profile` holds the rule of revisions,
`documents` that of filing.
"""
