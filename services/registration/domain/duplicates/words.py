"""The words of names and addresses as they are compared: without capitals, signs, forms and titles.

Indonesian names are spelled in several ways: Soekarno and Sukarno, Djoko and Joko, Zainal and
Zaenal. `spelled` brings a word to one spelling, and `skeleton` to its consonants alone, which most
slips of the pen leave as they are. The lists are ours: they hold no name of an enterprise.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

COMPANY_FORMS = frozenset({"cv", "kop", "koperasi", "pd", "pt", "tbk", "ud"})
"""Words that most names have: nothing is found by them."""

TITLES = frozenset(
    {"h", "hj", "haji", "hajah", "drs", "dra", "ir", "dr", "prof", "bpk", "bapak", "ibu", "ny"}
    | {"nyonya", "tn", "tuan", "sdr", "sdri", "kh", "se", "sh", "st", "mm", "spd", "skom", "mba"}
)
"""Titles before and after the name of a person, with capitals or not."""

FREQUENT = frozenset(
    {"abadi", "agung", "aneka", "anugerah", "anyaman", "bakery", "bambu", "barokah", "batik"}
    | {"berkah", "bersama", "bina", "bordir", "busana", "cahaya", "coklat", "craft", "dan"}
    | {"fashion", "food", "furniture", "gallery", "galeri", "group", "gula", "herbal", "indah"}
    | {"indo", "indonesia", "jamu", "jasa", "jaya", "kain", "karya", "kayu", "keramik"}
    | {"kerajinan", "keripik", "kerupuk", "konsumen", "konveksi", "kopi", "kosmetik", "kreasi"}
    | {"kriya", "kue", "kulit", "lestari", "logam", "madu", "maju", "makmur", "mandiri", "mebel"}
    | {"mitra", "mulia", "nusantara", "pemasaran", "perajin", "perak", "pinjam", "pratama"}
    | {"produksi", "produsen", "putra", "putri", "rejeki", "rezeki", "rotan", "roti", "rumah"}
    | {"sambal", "sari", "sejahtera", "sejati", "sentosa", "sentra", "sepatu", "serba", "setia"}
    | {"simpan", "songket", "sukses", "sulam", "sumber", "tahu", "tas", "teh", "tenun", "toko"}
    | {"ukir", "ukiran", "unit", "usaha", "utama", "warung", "wira"}
)
"""Words that many names of enterprises have: to share one of them says little."""

ADDRESS_WORDS = frozenset(
    {"jalan", "jln", "jl", "gang", "gg", "nomor", "no", "rt", "rw", "kel", "kelurahan", "kec"}
    | {"kecamatan", "kab", "kabupaten", "kota", "desa", "ds", "dusun", "blok", "perum", "komplek"}
)
"""Words of most addresses."""

SPELLINGS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"), ("sj", "s"), ("sy", "s"), ("sh", "s"),
    ("kh", "k"), ("ch", "k"), ("dh", "d"), ("th", "t"), ("bh", "b"), ("gh", "g"), ("ph", "p"),
    ("ae", "ai"), ("ee", "i"), ("ie", "i"), ("oo", "u"), ("q", "k"), ("x", "ks"), ("v", "f"),
    ("z", "s"), ("y", "i"),
)  # fmt: skip
"""An older or other spelling, and ours; applied in this order."""

SKELETON_MIN = 2


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once: small letters and digits, without accents."""
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if category(sign) != "Mn")
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+", plain)))


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of an enterprise's name without the form of the company."""
    return tuple(word for word in words(name) if word not in COMPANY_FORMS)


def owner_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name without titles; all of them if there is nothing else."""
    untitled = re.sub(r"\b([A-Za-z])\.(?=[A-Za-z]\b)", r"\1", name)
    found = words(untitled)
    return tuple(word for word in found if word not in TITLES) or found


def address_words(address: str) -> tuple[str, ...]:
    """Return the words and numbers that tell one address from another."""
    return tuple(word for word in words(address) if word not in ADDRESS_WORDS)


@lru_cache(maxsize=20_000)
def spelled(word: str) -> str:
    """Return a word in one spelling: today's, without doubled letters."""
    for other, ours in SPELLINGS:
        word = word.replace(other, ours)
    return re.sub(r"(.)\1+", r"\1", word)


def skeleton(word: str) -> str:
    """Return the first letter and the consonants after it; of a short word all letters.

    Vowels at the beginning are alike, and an h inside a word does not count.
    """
    sound = spelled(word)
    first = "a" if sound[0] in "aeiou" else sound[0]
    bones = re.sub(r"(.)\1+", r"\1", first + re.sub("[aeiouh]", "", sound[1:]))
    return bones if len(bones) >= SKELETON_MIN else sound
