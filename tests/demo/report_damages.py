"""Damages of the figures of reports, which the checks of reports must find."""

from tests.demo.damage import Damage
from tests.demo.forgeries import BILLION, WHOLE, achieve_too_much, item, row

REPORT_DAMAGES = [
    Damage(
        "Report: outcomes by rung and status",
        "devisa of Rp 61 bn",
        lambda e: row(e, "outcomes")["devisa"].update(amount_idr=str(61 * BILLION)),
    ),
    Damage(
        "Report: outcomes by rung and status",
        "followed-up 77,777",
        lambda e: row(e, "outcomes").update(followed_up_reported_idr="77777"),
    ),
    Damage(
        "Report: outcomes by rung and status",
        "a row is missing",
        lambda e: e.answers.reports[WHOLE]["outcomes"]["items"].pop(),
    ),
    Damage("Report: target and achievement", "achievement 9,999", achieve_too_much),
    Damage(
        "Report: target and achievement",
        "another percentage",
        lambda e: row(e, "achievement", scope="ALL").update(percent="100.00"),
    ),
    Damage(
        "Report: the funnel",
        "one more",
        lambda e: row(e, "funnel", stage="attended").update(count=9_999),
    ),
    Damage(
        "Report: the funnel",
        "a stage too many",
        lambda e: e.answers.reports[WHOLE]["funnel"]["items"].append({"stage": "paid", "count": 1}),
    ),
    Damage(
        "Report: the funnel",
        "a stage is missing",
        lambda e: e.answers.reports[WHOLE]["funnel"]["items"].pop(),
    ),
    Damage(
        "Report: the seats",
        "seats -5",
        lambda e: e.answers.reports[WHOLE]["seats"].update(selected=-5),
    ),
    Damage(
        "Report: the budget",
        "an empty table",
        lambda e: e.answers.reports[WHOLE]["budget"].update(items=[]),
    ),
    Damage(
        "Report: the budget",
        "allotted 10^9",
        lambda e: row(e, "budget", scope="ALL").update(allotted_idr=str(BILLION)),
    ),
    Damage(
        "Report: the budget",
        "sunk 10^9",
        lambda e: row(e, "budget", scope="ALL").update(sunk_idr=str(BILLION)),
    ),
    Damage(
        "Report: the budget",
        "outstanding 10^9",
        lambda e: row(e, "budget", scope="ALL").update(outstanding_idr=str(BILLION)),
    ),
    Damage(
        "Report: the budget",
        "a sum as a number of JSON",
        lambda e: row(e, "budget", scope="ALL").update(
            pagu_idr=int(row(e, "budget", scope="ALL")["pagu_idr"])
        ),
    ),
    Damage(
        "Report: each exhibition",
        "a row is missing",
        lambda e: e.answers.reports[WHOLE]["exhibitions"]["items"].pop(),
    ),
    Damage(
        "Report: each exhibition",
        "a real exhibition with the flag",
        lambda e: row(e, "exhibitions").update(illustrative=True),
    ),
    Damage(
        "Report: each exhibition",
        "another name",
        lambda e: row(e, "exhibitions").update(name="Another"),
    ),
    Damage(
        "Reporting's list of exhibitions = their events",
        "more is free",
        lambda e: item(e.answers.exhibition_rows["2018"]).update(free_idr=str(BILLION)),
    ),
    Damage(
        "Reporting's list of exhibitions = their events",
        "a row is missing",
        lambda e: e.answers.exhibition_rows["2018"].popitem(),
    ),
    Damage(
        "Report: its version is the end of every partition",
        "an event later",
        lambda e: e.answers.reports[WHOLE]["version"].update({"budget/0": 10**6}),
    ),
    Damage(
        "Report: the funnel and the participations have one count of who came",
        "another count of who came",
        lambda e: e.answers.reports[WHOLE]["participation"].update(attended=9_999),
    ),
    Damage(
        "Report: the funnel",
        "it covers one scope only",
        lambda e: e.answers.reports[WHOLE]["funnel"]["covers"].update(scope="DOMESTIC"),
    ),
    Damage(
        "Report: target and achievement",
        "another original target",
        lambda e: row(e, "achievement", scope="ALL").update(original_target=750),
    ),
    Damage(
        "Report: target and achievement",
        "another document of the original targets",
        lambda e: e.answers.reports[WHOLE]["achievement"]["original"].update(
            document_number="RKT-9"
        ),
    ),
    Damage(
        "Report: target and achievement",
        "a revision that never was",
        lambda e: e.answers.reports[WHOLE]["achievement"]["revisions"].append(
            {"document_number": "RKT-9", "signed_on": "2018-07-02", "code": "other", "items": []}
        ),
    ),
    Damage(
        "Report: target and achievement",
        "a real exhibition that is called illustrative",
        lambda e: row(e, "achievement", scope="ALL", indicator="EXHIBITIONS").update(
            illustrative=1
        ),
    ),
    Damage(
        "Report: outcomes by rung and status",
        "a net devisa of Rp 61 bn",
        lambda e: e.answers.reports[WHOLE]["outcomes"]["devisa"]["items"][0].update(
            net_idr=str(61 * BILLION)
        ),
    ),
    Damage(
        "Report: who took part",
        "9,999 distinct enterprises",
        lambda e: e.answers.reports[WHOLE]["participation"]["distinct"].update(enterprises=9_999),
    ),
    Damage(
        "Report: who took part",
        "a province is missing",
        lambda e: e.answers.reports[WHOLE]["participation"]["by_province"].pop(),
    ),
    Damage(
        "Report: its programme, title and sections",
        "another title",
        lambda e: e.answers.reports[WHOLE].update(title="Another"),
    ),
    Damage(
        "Report: its programme, title and sections",
        "a section too many",
        lambda e: e.answers.reports[WHOLE].update(extra={}),
    ),
    Damage(
        "Report: outcomes by rung and status",
        "a row with texts",
        lambda e: e.answers.reports[WHOLE]["outcomes"]["items"].append(
            {"rung": "RETAIL_SALE", "status": "DISPUTED", "amount_idr": "61000000000"}
        ),
    ),
    Damage(
        "Report: who took part",
        "a figure that is called a label",
        lambda e: e.answers.reports[WHOLE]["participation"].update(occupied_label=99_999),
    ),
    Damage(
        "Report: the seats",
        "a number with a point",
        lambda e: e.answers.reports[WHOLE]["seats"].update(
            places=float(e.answers.reports[WHOLE]["seats"]["places"])
        ),
    ),
    Damage(
        "Report: target and achievement",
        "a percentage in another form",
        lambda e: [
            found.update(percent=f"{found['percent']}0")
            for found in e.answers.reports[WHOLE]["achievement"]["items"]
            if found["percent"]
        ],
    ),
]
