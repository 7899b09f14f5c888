"""The default rubric. It is ours: no source fixes it, and an officer may publish another rubric.

`DEFAULT_RUBRIC` is a ready command: the demonstration publishes it, and the README shows it. The
hard requirements (licence, product permit, halal, capacity, participation cap, sanctions) are not
criteria: registration checks them before the scoring, and no score makes up for them.
"""

from services.selection.domain.rubric.decider import PublishRubric
from shared.contracts.selection.rubric import Criterion
from shared.contracts.words import Scope

DEFAULT_RUBRIC = PublishRubric(
    rubric="kukm-2018-1",
    title="Default rubric for exhibitions 2018 (ours)",
    thresholds={Scope.OVERSEAS: 7_000, Scope.DOMESTIC: 6_000},
    criteria=(
        Criterion(
            code="product-quality",
            name="Product quality (Mutu Produk)",
            weight=25,
            levels=(
                "Visible faults; no two pieces are alike.",
                "Usable, with faults that a buyer would return.",
                "Sound and even; meets what the domestic market expects.",
                "Good materials and finish; tested or certified to a national standard.",
                "Meets an international standard, with the certificate or test report at hand.",
            ),
        ),
        Criterion(
            code="capacity-continuity",
            name="Capacity and continuity (Kapasitas dan Kontinuitas)",
            weight=20,
            levels=(
                "Made only now and then; no capacity that could be shown.",
                "Small and irregular; a second order could not be filled.",
                "Steady small series; repeats an order within two months.",
                "Fills repeated orders on time; suppliers and workers are secured.",
                "Fills export orders on time, and can double the volume with named partners.",
            ),
        ),
        Criterion(
            code="design-packaging",
            name="Design and packaging (Desain dan Kemasan)",
            weight=15,
            levels=(
                "A copy of others; no packaging.",
                "Little of its own; packaging does not protect.",
                "A design of its own; packaging protects and carries a label.",
                "Distinct design and brand; packaging and labels fit for retail.",
                "Design that sets it apart abroad; packaging and labels follow the market's rules.",
            ),
        ),
        Criterion(
            code="market-fit",
            name="Fit with the exhibition's market (Kesesuaian Pasar)",
            weight=15,
            levels=(
                "Nobody who visits this show buys such a product.",
                "Few visitors would buy it.",
                "Suits a part of the show's visitors.",
                "Suits the show's buyers; such products have been sold there before.",
                "Asked for by buyers of this show, by name or in writing.",
            ),
        ),
        Criterion(
            code="price",
            name="Price (Harga)",
            weight=10,
            levels=(
                "No price list.",
                "Far from the prices of like products.",
                "Near the prices of like products; the costing is rough.",
                "Competitive, with a costing behind it.",
                "Competitive, with wholesale and export prices (FOB) and a costing behind them.",
            ),
        ),
        Criterion(
            code="export-readiness",
            name="Export readiness (Kesiapan Ekspor)",
            weight=10,
            levels=(
                "No idea of what an export needs.",
                "Willing, without papers or contacts.",
                "Knows the papers; has delivered through a trader.",
                "Has its papers; has exported once by itself.",
                "Exports regularly, with papers, contacts and a bank for it.",
            ),
        ),
        Criterion(
            code="earlier-reports",
            name="Earlier reports delivered (Kepatuhan Laporan)",
            weight=5,
            levels=(
                "Took part before and reported nothing.",
                "Reported late and in part.",
                "Reported late, or takes part for the first time.",
                "Reported all of it on time.",
                "Reported all of it on time, with evidence and follow-ups.",
            ),
        ),
    ),
)
