"""The invariants of the domain, checked from the topics and the APIs alone.

`docs/invariants.md` lists the invariants by number, with the checks of each.

    topics       every event of the four topics, as any subscriber reads them
    answers      the answers of the four APIs to an auditor
    recount      states and figures counted again from the events, by code that no service uses
    check        a check, its outcome, and the evidence that all checks look at
    catalogue    the list of all checks
    the others   the checks, a module for each part of the domain

No check imports a service or a contract of the programme: a fault in a rule of a service must not
be able to hide in the check of that rule.
"""
