"""The people of a selection with room for their names and signatures, as the minutes need them.

Topics carry accounts and no names, so the minutes state accounts; each person writes its name.
"""

from shared.contracts.printed_document import Column, Section, Table
from shared.contracts.selection.approval import ApprovalLevel, DecisionMakers

COLUMNS = (
    Column(heading="No.", numbers=True),
    Column(heading="Sebagai", share=4),
    Column(heading="Akun"),
    Column(heading="Nama", share=5),
    Column(heading="Tanda tangan", share=4),
)
LEVELS = {
    ApprovalLevel.TECHNICAL: "memberi persetujuan teknis",
    ApprovalLevel.DEPUTY: "menyetujui",
}


def people_section(people: DecisionMakers | None) -> tuple[Section, ...]:
    """Return the curators who scored, then those who closed, proposed and approved, once each."""
    if people is None:
        return ()
    curators = [("kurator", account) for account in people.scored_by]
    officers = [(" dan ".join(acts), account) for account, acts in _acts(people).items()]
    rows = tuple(
        (str(number), role, account, "", "")
        for number, (role, account) in enumerate((*curators, *officers), 1)
    )
    table = Table(columns=COLUMNS, rows=rows, tall=True)
    return (Section(heading="Tim kurator dan petugas", table=table),)


def _acts(people: DecisionMakers) -> dict[str, list[str]]:
    """Return the acts of each account beside the scoring, in their order."""
    acts: dict[str, list[str]] = {}
    for account, act in (
        (people.closed_by, "menutup penilaian"),
        (people.proposed_by, "mengusulkan"),
        *((each.account, LEVELS[each.level]) for each in people.approvals),
    ):
        acts.setdefault(account, []).append(act)
    return acts
