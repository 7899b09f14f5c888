"""The labels of figures in English and Indonesian, from the glossary of the programme."""

from shared.contracts.labels import Label
from shared.contracts.provinces import NAMES

LABELS = {
    "DOMESTIC": ("Domestic", "Dalam negeri"),
    "OVERSEAS": ("Overseas", "Luar negeri"),
    "ALL": ("Domestic and overseas", "Dalam dan luar negeri"),
    "ENTERPRISES": ("Enterprises", "Pelaku usaha"),
    "PARTICIPATIONS": ("Participations", "Keikutsertaan"),
    "EXHIBITIONS": ("Exhibitions", "Pameran"),
    "RETAIL_SALE": ("Retail sales", "Transaksi ritel"),
    "ORDER_ON_SITE": ("Orders on site", "Pesanan di tempat"),
    "TRADE_CONTRACT": ("Trade contracts", "Kontrak dagang"),
    "POTENTIAL": ("Potential", "Transaksi potensial"),
    "FOLLOW_UP_REALISED": ("Follow-ups realised", "Tindak lanjut terealisasi"),
    "REPORTED": ("Self-reported", "Dilaporkan peserta"),
    "VERIFIED": ("Verified", "Terverifikasi"),
    "DISPUTED": ("Disputed", "Diragukan"),
    "VOID": ("Void", "Dibatalkan"),
    "MICRO": ("Micro", "Mikro"),
    "SMALL": ("Small", "Kecil"),
    "MEDIUM": ("Medium", "Menengah"),
    "PROPOSED": ("Proposed", "Diusulkan"),
    "CALLED": ("Open call made", "Panggilan terbuka"),
    "HELD": ("Held", "Terselenggara"),
    "CANCELLED": ("Cancelled", "Batal"),
    "submitted": ("Submitted", "Permohonan masuk"),
    "eligible": ("Eligible", "Lolos verifikasi administrasi"),
    "rejected": ("Rejected", "Tidak lolos verifikasi"),
    "selected": ("Selected", "Terpilih kurasi"),
    "offered": ("Offered", "Ditawari tempat"),
    "accepted": ("Accepted", "Menerima"),
    "declined": ("Declined", "Menolak"),
    "expired": ("Offer expired", "Tawaran kedaluwarsa"),
    "confirmed": ("Confirmed", "Dikonfirmasi"),
    "attended": ("Attended", "Hadir"),
    "contested": ("Attended, contested", "Hadir, dipersoalkan"),
    "absent": ("No-show", "Tidak hadir"),
    "withdrawn": ("Withdrawn", "Mengundurkan diri"),
    "lapsed": ("Lapsed", "Gugur"),
    "cooperative": ("Cooperatives", "Koperasi"),
    "ukm": ("Enterprises (UKM)", "Usaha kecil dan menengah (UKM)"),
    "first-timer": ("First-timers", "Peserta pertama kali"),
    "returning": ("Returning", "Pernah ikut"),
    "other": ("Other groups", "Kelompok lain"),
    "all": ("All applicants", "Semua pemohon"),
    "province": ("Province", "Provinsi"),
    "sector": ("Sector (KBLI)", "Sektor (KBLI)"),
    "size_class": ("Size class", "Skala usaha"),
    "form": ("Cooperative or UKM", "Koperasi atau UKM"),
    "experience": ("Experience", "Pengalaman"),
    "eligibility": ("Verification", "Verifikasi administrasi"),
    "score": ("Score or gate", "Nilai atau syarat mutlak"),
    "quota": ("Quota", "Kuota"),
    "owner": ("Another place of the owner", "Tempat lain pemilik yang sama"),
    "override": ("Override of an authority", "Keputusan khusus pejabat"),
    "places": ("Places", "Jumlah tempat"),
    "money": ("Money", "Anggaran"),
    **{province: (name, name) for province, name in NAMES.items()},
}


def label(word: str) -> Label:
    """Return the label of a scope, indicator, rung, status, phase, group, attribute or stage."""
    english, indonesian = LABELS[word]
    return Label(en=english, id=indonesian)
