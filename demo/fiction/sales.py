"""Fictional results of a participation: what was sold, ordered, contracted or is hoped for.

Amounts are around the averages of 2017 (Rp 49.3 million a participant at home, Rp 559.6 million
abroad). Foreign sales are in the currencies of the exhibition's `fixings`, on the days of the show
for which these are.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from demo.programme_2018.exhibition import OVERSEAS, Exhibition

MILLION = 1_000_000
RUNGS = {"RETAIL_SALE": 55, "ORDER_ON_SITE": 25, "TRADE_CONTRACT": 8, "POTENTIAL": 12}
HOME_RANGES = {
    "RETAIL_SALE": (5, 45),
    "ORDER_ON_SITE": (10, 70),
    "TRADE_CONTRACT": (40, 220),
    "POTENTIAL": (50, 300),
}
ABROAD_RANGES = {
    "RETAIL_SALE": (20, 120),
    "ORDER_ON_SITE": (60, 400),
    "TRADE_CONTRACT": (200, 900),
    "POTENTIAL": (300, 1500),
}
"""Million rupiah."""

JUDGEMENTS = {"verified": 70, "none": 22, "disputed": 5, "void": 3}
FOLLOWED_UP = frozenset({"ORDER_ON_SITE", "TRADE_CONTRACT", "POTENTIAL"})


@dataclass(frozen=True, kw_only=True)
class Sale:
    """A result as its participant reports it, with its later judgement and follow-up.

    `judgement` is the reporting officer's; `follow_up` (0: none) is realised later, in the same
    currency.
    """

    rung: str
    occurred_on: date
    amount: Decimal
    currency: str
    buyer_country: str
    judgement: str
    follow_up: Decimal


def sales(exhibition: Exhibition, rng: Random) -> tuple[Sale, ...]:
    """Return the results that a participant of this exhibition will report if it comes."""
    count = rng.choices((0, 1, 2, 3), (8, 45, 37, 10))[0]
    return tuple(_sale(exhibition, rng) for _ in range(count))


def _sale(exhibition: Exhibition, rng: Random) -> Sale:
    rung = rng.choices(list(RUNGS), list(RUNGS.values()))[0]
    abroad = exhibition.scope == OVERSEAS
    low, high = (ABROAD_RANGES if abroad else HOME_RANGES)[rung]
    amount_idr = rng.randrange(low * MILLION, high * MILLION, 10_000)
    judgement = rng.choices(list(JUDGEMENTS), list(JUDGEMENTS.values()))[0]
    fixings = [each for each in exhibition.fixings if _is_of_the_show(exhibition, each.on)]
    foreign = bool(fixings) and (abroad or rng.randrange(100) < 25)
    if not foreign:
        buyer = rng.choice(("SG", "JP")) if rng.randrange(100) < 2 else "ID"
        amount, currency = Decimal(amount_idr), "IDR"
        occurred_on = _some_day(exhibition, amount_idr)
    else:
        fixing = rng.choice(fixings)
        buyer = rng.choice(exhibition.buyers)
        amount = (amount_idr / fixing.rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        currency, occurred_on = fixing.currency, fixing.on
    return Sale(
        rung=rung,
        occurred_on=occurred_on,
        amount=amount,
        currency=currency,
        buyer_country=buyer,
        judgement=judgement,
        follow_up=_follow_up(rung, amount, judgement, rng),
    )


def _is_of_the_show(exhibition: Exhibition, day: date) -> bool:
    return exhibition.starts_on <= day <= exhibition.ends_on


def _some_day(exhibition: Exhibition, amount_idr: int) -> date:
    # No chance of its own: the rest of the world stays as it is.
    days = (exhibition.ends_on - exhibition.starts_on).days + 1
    return exhibition.starts_on + timedelta(days=amount_idr // 10_000 % days)


def _follow_up(rung: str, amount: Decimal, judgement: str, rng: Random) -> Decimal:
    share = rng.randrange(20, 91)
    stands = judgement in ("verified", "none") and rung in FOLLOWED_UP
    if not stands or rng.randrange(100) >= 30:
        return Decimal(0)
    return (amount * share / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
