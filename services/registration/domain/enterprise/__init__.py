"""The enterprise: it registers once, and files its documents.

`decider` is the entrance; `state` folds the events; `registration` turns the form with its numbers
into a command with their hashes, which `identifiers` makes; `documents` holds the rule of filing.
"""
