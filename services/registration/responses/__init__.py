"""The fields that each reader may see of enterprises, applications and results.

Only some readers see names and the numbers of documents. No reader sees the hashes of identifiers.
Each response names its fields, so a field that is added to a state later stays hidden.
"""
