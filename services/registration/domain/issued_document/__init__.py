"""Issued documents (Dokumen yang Diterbitkan): a decider, its state, and what each kind states.

Read `decider` for the rules, `basis` for the facts that a document states.
"""
