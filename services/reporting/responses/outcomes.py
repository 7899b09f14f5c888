"""Outcomes by rung and status, and the net devisa.

Neither rungs nor statuses are added. Devisa (foreign buyer or currency) is a part of each row. The
net devisa is the only figure over several rungs: its rule is a sentence in the answer.
"""

from collections import Counter
from dataclasses import dataclass

from services.reporting.labels import label
from services.reporting.responses.figures import Figures, SumIdr, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views import tallies
from shared.contracts.labels import Label
from shared.contracts.reporting.outcome import Rung

STATUSES = ("VERIFIED", "REPORTED", "DISPUTED")
"""The statuses that readers see, those of follow-ups too; what is void does not count."""

RULE = Label(
    en="Net devisa counts retail sales, orders, contracts and follow-ups with a foreign buyer or a "
    "foreign currency. A follow-up that is not void replaces the part of its outcome that it "
    "realises: that part counts once, with the status and the devisa of the follow-up; only the "
    "rest counts with those of the outcome. Potential results are shown apart, less their "
    "follow-ups. Statuses are never added.",
    id="Devisa neto menghitung transaksi ritel, pesanan, kontrak, dan tindak lanjut dengan pembeli "
    "asing atau mata uang asing. Tindak lanjut yang tidak dibatalkan menggantikan bagian hasil "
    "yang direalisasikannya: bagian itu dihitung satu kali, dengan status dan devisa tindak "
    "lanjut; hanya sisanya dihitung dengan status dan devisa hasil asalnya. Transaksi potensial "
    "ditampilkan terpisah, dikurangi tindak lanjutnya. Status tidak pernah dijumlahkan.",
)


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Outcomes in rupiah, the parts that follow-ups realise by the status of these, and the rest.

    The follow-ups themselves are in the rung FOLLOW_UP_REALISED.
    """

    count: int
    amount_idr: SumIdr
    followed_up_verified_idr: SumIdr
    followed_up_reported_idr: SumIdr
    followed_up_disputed_idr: SumIdr
    rest_idr: SumIdr


@dataclass(frozen=True, kw_only=True)
class Result(Amounts):
    """The outcomes of a rung and status; `devisa` are those with a foreign buyer or currency."""

    rung: str
    label: Label
    status: str
    status_label: Label
    devisa: Amounts


@dataclass(frozen=True, kw_only=True)
class NetDevisa:
    """The net devisa of a status; `potential_idr` is not in it."""

    status: str
    status_label: Label
    net_idr: SumIdr
    potential_idr: SumIdr


@dataclass(frozen=True, kw_only=True)
class Devisa:
    """The net devisa of each status, and the rule by which it is counted, in two languages."""

    rule: Label
    items: list[NetDevisa]


@dataclass(frozen=True, kw_only=True)
class Results:
    """The outcomes of a part of the programme."""

    covers: Covers
    items: list[Result]
    devisa: Devisa


def results(part: Part, figures: Figures) -> Results:
    """Return the outcomes by rung and status without void outcomes, and the net devisa."""
    dimensions = tallies.results.dimensions
    foreign = summed(figures, dimensions, "rung", "status", "devisa")
    rows = [
        Result(
            rung=rung,
            label=label(rung),
            status=status,
            status_label=label(status),
            **_numbers(numbers),
            devisa=Amounts(**_numbers(foreign.get((rung, status, tallies.FOREIGN), Counter()))),
        )
        for (rung, status), numbers in summed(figures, dimensions, "rung", "status").items()
        if status in STATUSES and numbers["count"]
    ]
    net = [_net(status, [row for row in rows if row.status == status]) for status in STATUSES]
    return Results(covers=part.covers(), items=rows, devisa=Devisa(rule=RULE, items=net))


def _numbers(numbers: Counter[str]) -> dict[str, int]:
    followed_up = {
        f"followed_up_{status.lower()}_idr": numbers[f"followed_up_{status.lower()}_idr"]
        for status in STATUSES
    }
    amount = numbers["amount_idr"]
    rest = amount - sum(followed_up.values())
    return {"count": numbers["count"], "amount_idr": amount, **followed_up, "rest_idr": rest}


def _net(status: str, rows: list[Result]) -> NetDevisa:
    potential = sum(row.devisa.rest_idr for row in rows if row.rung == Rung.POTENTIAL)
    return NetDevisa(
        status=status,
        status_label=label(status),
        net_idr=sum(row.devisa.rest_idr for row in rows) - potential,
        potential_idr=potential,
    )
