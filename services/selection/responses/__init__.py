"""The responses of selection: the fields that each reader may see.

The functions are pure, so every case can be tested. Each response names its fields, so a field that
is added to a state later stays hidden.
"""
