"""The names of overrides in printed documents: effect, authority and reason, in Indonesian."""

from shared.contracts.selection.approval import Authority, OverrideCode, OverrideEffect

EFFECTS = {
    OverrideEffect.ADMITTED: "diberi tempat",
    OverrideEffect.EXCLUDED: "dikeluarkan dari kurasi",
}
AUTHORITIES = {
    Authority.MINISTER: "Menteri",
    Authority.DEPUTY: "Deputi",
    Authority.INSPECTORATE: "Inspektorat",
    Authority.COURT: "Pengadilan",
}
CODES = {
    OverrideCode.PUBLIC_INTEREST: "kepentingan umum",
    OverrideCode.RULING: "putusan",
    OverrideCode.CLERICAL_ERROR: "kesalahan tulis",
    OverrideCode.FALSE_STATEMENT: "keterangan yang tidak benar",
    OverrideCode.OTHER: "lainnya",
}
