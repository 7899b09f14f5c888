"""The programme's report as the reporting service gives it, printed for people.

English with the ministry's Indonesian words beside it. What is fictional, what is illustrative and
what the client's text leaves open is said where the figures are.
"""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from demo.player.client import Api
from demo.player.people import PROGRAMME_OFFICER, REPORTER
from demo.programme_2018.programme import AMBIGUITIES, PAST, YEAR
from shared.contracts.provinces import NAMES

FICTION = (
    "Enterprises, people, scores and results are FICTIONAL (rekaan), from a seeded generator; "
    "provincial expos are illustrative. Real: the eleven named exhibitions, the envelopes, the "
    "targets, the figures of 2017."
)
SCOPES = ("DOMESTIC", "OVERSEAS", "ALL")
MONEY = (
    ("pagu_idr", "Ceiling", "Pagu"),
    ("blocked_idr", "Blocked", "Blokir"),
    ("effective_idr", "Effective ceiling", "Pagu efektif"),
    ("allotted_idr", "Allotted", "Alokasi"),
    ("reserved_idr", "Reserved for places", "Dicadangkan"),
    ("committed_idr", "Committed", "Komitmen"),
    ("outstanding_idr", "Committed, not paid yet", "Komitmen belum realisasi"),
    ("realised_idr", "Realised by SP2D", "Realisasi"),
    ("sunk_idr", "Of what is committed, sunk by no-shows", "Biaya hangus"),
    ("available_idr", "Available", "Tersedia"),
    ("remaining_idr", "Remaining", "Sisa pagu"),
)
RUNGS = ("RETAIL_SALE", "ORDER_ON_SITE", "TRADE_CONTRACT", "POTENTIAL", "FOLLOW_UP_REALISED")
STATUSES = ("VERIFIED", "REPORTED", "DISPUTED")
PROVINCES_SHOWN = 8


async def read_report(api: Api) -> dict[str, Any]:
    """Read the report of the programme, and the calendar of its exhibitions."""
    report = await api.read(REPORTER, f"reporting/programmes/{YEAR}/report")
    exhibitions = await api.pages(PROGRAMME_OFFICER, "registration/exhibitions", programme=YEAR)
    names = ("id", "name", "scope", "status", "replaced_by")
    return report | {
        "calendar": [{name: exhibition[name] for name in names} for exhibition in exhibitions]
    }


def show_report(console: Console, report: dict[str, Any], seed: int) -> None:
    """Print the report."""
    console.print()
    console.rule(f"[bold]Programme report (Laporan Program) {YEAR}, seed {seed}")
    console.print(report["title"], style="bold")
    console.print(FICTION, style="yellow")
    for table in (_achievement(report), _past(), _funnel(report), _budget(report)):
        console.print(table)
    console.print(_outcomes(report["outcomes"]["items"]))
    console.print(_devisa(report["outcomes"]["devisa"]))
    _show_participation(console, report["participation"])
    console.print("Open in the client's text (terbuka dalam teks):", style="bold")
    for ambiguity in AMBIGUITIES:
        console.print(f"  {ambiguity}")


def table_of(title: str, *columns: str) -> Table:
    """Return an empty table; a column that begins with `>` is for numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD,
        caption_justify="left",
    )  # fmt: skip
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left")
    return table


def percent(value: object) -> str:
    """Return a percentage as `116.75 %`, or n/a if there is no target."""
    return "n/a" if value is None else f"{value} %"


def _achievement(report: dict[str, Any]) -> Table:
    columns = (
        "scope", "indicator", ">original (semula)", ">target (menjadi)", ">realised (realisasi)",
        ">illustrative (ilustrasi)", ">achieved (capaian)",
    )  # fmt: skip
    table = table_of(f"Target and achievement {YEAR} (Target dan Capaian)", *columns)
    for row in report["achievement"]["items"]:
        names = ("original_target", "target", "realised", "illustrative")
        counts = ("-" if row[name] is None else f"{row[name]:,}" for name in names)
        achieved = percent(row["percent"])
        table.add_row(_both(row["scope_label"]), _both(row["label"]), *counts, achieved)
    table.caption = "; ".join(
        f"revised by {revision['document_number']} of {revision['signed_on']}: {revision['code']}"
        for revision in report["achievement"]["revisions"]
    )
    return table


def _past() -> Table:
    columns = ("scope", ">target", ">realised", ">achieved", "brought", ">each")
    table = table_of(
        "Beside it 2017, from the client's text (enterprises or participations: not said)", *columns
    )
    for year in PAST:
        brought = f"Rp {year.outcome_idr // 10**9} bn of {year.outcome}"
        each = f"Rp {year.each_idr_million} m"
        counts = (f"{year.target:,}", f"{year.realised:,}", percent(year.percent))
        table.add_row(year.scope.capitalize(), *counts, brought, each)
    return table


def _funnel(report: dict[str, Any]) -> Table:
    table = table_of("Funnel (Tahapan): applications by stage reached", "stage", ">applications")
    for row in report["funnel"]["items"]:
        table.add_row(_both(row["label"]), f"{row['count']:,}")
    seats = report["seats"]
    caption = f"{seats['places']} places called for, those of the cancelled exhibition included; "
    table.caption = caption + f"{seats['selected']} seats ever given, {seats['lost']} lost again, "
    table.caption += f"{seats['annex']} on the annexes of decrees"
    return table


def _budget(report: dict[str, Any]) -> Table:
    rows = {row["scope"]: row for row in report["budget"]["items"]}
    heads = (f">{_both(rows[scope]['label'])}" for scope in SCOPES)
    table = table_of("Budget in rupiah (Anggaran)", "", *heads)
    for name, english, indonesian in MONEY:
        amounts = (f"{int(rows[scope][name]):,}" for scope in SCOPES)
        table.add_row(f"{english} ({indonesian})", *amounts)
    absorbed = (percent(rows[scope]["absorption_percent"]) for scope in SCOPES)
    table.add_row("Absorption (Penyerapan)", *absorbed)
    return table


def _outcomes(outcomes: list[dict[str, Any]]) -> Table:
    columns = ("rung and status", ">results", ">amount", ">not followed up", ">of it devisa")
    table = table_of("Outcomes in rupiah (Hasil)", *columns)
    for rung in RUNGS:
        of_rung = [outcome for outcome in outcomes if outcome["rung"] == rung]
        if of_rung:
            table.add_row(_both(of_rung[0]["label"]), style="bold")
        for item in sorted(of_rung, key=lambda item: STATUSES.index(item["status"])):
            figures = (item["count"], item["amount_idr"], item["rest_idr"])
            amounts = (f"{int(figure):,}" for figure in (*figures, item["devisa"]["amount_idr"]))
            table.add_row(f"  {_both(item['status_label'])}", *amounts)
    table.caption = (
        "Rungs are different measures and are never added; devisa is a part of its rung."
    )
    return table


def _devisa(devisa: dict[str, Any]) -> Table:
    table = table_of("Net devisa in rupiah (Devisa neto)", "status", ">net devisa", ">potential")
    for row in devisa["items"]:
        amounts = (f"{int(row[name]):,}" for name in ("net_idr", "potential_idr"))
        table.add_row(_both(row["status_label"]), *amounts)
    table.caption = f"{devisa['rule']['en']} {devisa['rule']['id']}"
    return table


def _show_participation(console: Console, part: dict[str, Any]) -> None:
    distinct = part["distinct"]
    console.print("Participation (Keikutsertaan)", style="bold")
    console.print(
        f"  {part['attended']:,} attended (hadir), {part['contested']:,} contested (hadir, "
        f"dipersoalkan), {part['absent']:,} did not come (tidak hadir); by cooperatives (koperasi) "
        f"{part['cooperatives']:,}"
    )
    console.print(
        f"  {distinct['enterprises']:,} different enterprises, of them for the first time "
        f"{distinct['first_timers']:,} = {percent(distinct['first_timer_percent'])}"
    )
    came = [row for row in part["by_province"] if row["attended"]]
    provinces = sorted(came, key=lambda row: (-row["attended"], row["province"]))
    named = (f"{NAMES[province['province']]}: {province['attended']}" for province in provinces)
    most = ", ".join(list(named)[:PROVINCES_SHOWN])
    console.print(f"  by province (provinsi), of {len(provinces)}: {most}, …")
    for name, words in (("sector", "sector (KBLI)"), ("size_class", "size class (skala)")):
        came = [item for item in part[f"by_{name}"] if item["attended"]]
        counts = ", ".join(f"{row[name]}: {row['attended']:,}" for row in came)
        console.print(f"  by {words}: {counts}")


def _both(label: dict[str, str]) -> str:
    return f"{label['en']} ({label['id']})"
