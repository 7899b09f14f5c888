"""The provinces by the codes of BPS and Kemendagri, and one name for each in all systems.

The two disagree in Papua, and a code of one edition may be another province in the next. So a code
always says its system and edition, and provinces are compared and counted by `iso`, their code in
ISO 3166-2. There were 34 in 2018, and there are 38 since December 2022. Editions that are not
listed here are refused: add theirs to `EDITIONS` from their publication.
"""

from shared.contracts.wrong_value import WrongValue

COMMON = {
    **{"11": "ID-AC", "12": "ID-SU", "13": "ID-SB", "14": "ID-RI", "15": "ID-JA", "16": "ID-SS"},
    **{"17": "ID-BE", "18": "ID-LA", "19": "ID-BB", "21": "ID-KR", "31": "ID-JK", "32": "ID-JB"},
    **{"33": "ID-JT", "34": "ID-YO", "35": "ID-JI", "36": "ID-BT", "51": "ID-BA", "52": "ID-NB"},
    **{"53": "ID-NT", "61": "ID-KB", "62": "ID-KT", "63": "ID-KS", "64": "ID-KI", "65": "ID-KU"},
    **{"71": "ID-SA", "72": "ID-ST", "73": "ID-SN", "74": "ID-SG", "75": "ID-GO", "76": "ID-SR"},
    **{"81": "ID-MA", "82": "ID-MU"},
}
"""The codes that mean the same in every edition of both systems."""

EDITIONS = {
    ("BPS", "2018"): COMMON | {"91": "ID-PB", "94": "ID-PA"},
    ("KEMENDAGRI", "2018"): COMMON | {"91": "ID-PA", "92": "ID-PB"},
    ("KEMENDAGRI", "2022"): COMMON
    | {"91": "ID-PA", "92": "ID-PB", "93": "ID-PS", "94": "ID-PT", "95": "ID-PE", "96": "ID-PD"},
}

NAMES = {
    "ID-AC": "Aceh",
    "ID-SU": "Sumatera Utara",
    "ID-SB": "Sumatera Barat",
    "ID-RI": "Riau",
    "ID-JA": "Jambi",
    "ID-SS": "Sumatera Selatan",
    "ID-BE": "Bengkulu",
    "ID-LA": "Lampung",
    "ID-BB": "Kep. Bangka Belitung",
    "ID-KR": "Kep. Riau",
    "ID-JK": "DKI Jakarta",
    "ID-JB": "Jawa Barat",
    "ID-JT": "Jawa Tengah",
    "ID-YO": "DI Yogyakarta",
    "ID-JI": "Jawa Timur",
    "ID-BT": "Banten",
    "ID-BA": "Bali",
    "ID-NB": "Nusa Tenggara Barat",
    "ID-NT": "Nusa Tenggara Timur",
    "ID-KB": "Kalimantan Barat",
    "ID-KT": "Kalimantan Tengah",
    "ID-KS": "Kalimantan Selatan",
    "ID-KI": "Kalimantan Timur",
    "ID-KU": "Kalimantan Utara",
    "ID-SA": "Sulawesi Utara",
    "ID-ST": "Sulawesi Tengah",
    "ID-SN": "Sulawesi Selatan",
    "ID-SG": "Sulawesi Tenggara",
    "ID-GO": "Gorontalo",
    "ID-SR": "Sulawesi Barat",
    "ID-MA": "Maluku",
    "ID-MU": "Maluku Utara",
    "ID-PA": "Papua",
    "ID-PB": "Papua Barat",
    "ID-PS": "Papua Selatan",
    "ID-PT": "Papua Tengah",
    "ID-PE": "Papua Pegunungan",
    "ID-PD": "Papua Barat Daya",
}


def iso_of(system: str, edition: str, code: str) -> str:
    """Return the code of a province in ISO 3166-2; raises `ValueError` if it is not listed."""
    of_edition = EDITIONS.get((system, edition))
    if of_edition is None:
        known = ", ".join(" ".join(pair) for pair in EDITIONS)
        raise WrongValue(
            f"name a system and edition whose codes are known: {known}",
            id=f"Sebutkan sistem dan edisi yang kodenya dikenal: {known}.",
        )
    if code not in of_edition:
        raise WrongValue(
            f"there is no province {code} in {system} {edition}",
            id=f"Provinsi {code} tidak ada dalam {system} {edition}.",
        )
    return of_edition[code]
