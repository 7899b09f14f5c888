"""Imports (impor): a dinas's spreadsheet becomes enterprises, documents and applications.

`decider` has the import itself; `columns`, `cells` and `rows` read a table; `recognition` knows an
enterprise by its numbers; `sentences` says each fault in Indonesian and English.
"""
