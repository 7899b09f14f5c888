"""The words of the synthetic enterprises of `twins`, and how clerks spell them otherwise."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROPER = _listed(
    "Anggrek Melati Kenanga Cempaka Teratai Mawar Seroja Kamboja Flamboyan Bougenvil Merapi "
    "Merbabu Semeru Rinjani Kerinci Galunggung Ciremai Slamet Lawu Bromo Mahakam Musi Kapuas "
    "Barito Citarum Serayu Progo Bengawan Merak Rajawali Garuda Elang Kutilang Cendrawasih "
    "Kepodang Parkit Arjuna Bima Nakula Sadewa Srikandi Gatotkaca Hanoman Rama Shinta Kresna "
    "Pandawa Wisnu Purnama Fajar Senja Bintang Mentari Samudra Pelangi Embun Gerimis Kabut Angin "
    "Bayu Tirta Agni Bhumi Lembayung Jingga Nila Kencana Mutiara Intan Zamrud Safir Permata "
    "Berlian Mirah Akik Sekar Arum Wangi Ratna Dewi Laksmi Saraswati Parahyangan Priangan "
    "Majapahit Sriwijaya Mataram Kutai Pajajaran Demak Banten Kahuripan Singosari Nagari Minang "
    "Toraja Bugis Makassar Sasak Dayak Banjar Madura Tengger Osing Baduy Alas Gayo Nias Mentawai "
    "Asmat Dani Kamoro Sentani"
)
TRADES = _listed(
    "Batik Tenun Songket Mebel Ukiran Anyaman Keramik Bordir Sulam Kopi Cokelat Keripik Sambal "
    "Rempah Herbal Sepatu Tas Kulit Perak Rotan Bambu Konveksi Busana Kerudung Kue Bakery Abon "
    "Madu Tempe"
)
ENDINGS = _listed(
    "Jaya Abadi Makmur Sejahtera Lestari Mandiri Utama Sentosa Berkah Barokah Nusantara"
)
FORMS = ("", "", "", "UD ", "CV ", "PT ", "CV. ", "PT. ", "UD. ", "Toko ", "Rumah ")
GIVEN = _listed(
    "Siti Sri Dewi Rina Yuni Endang Ratih Wulan Lestari Ningsih Aminah Fatimah Khadijah Zainab "
    "Nur Indah Kartika Maya Ayu Putu Made Wayan Ketut Komang Agus Budi Joko Slamet Bambang Eko "
    "Dwi Tri Hendra Rudi Dedi Asep Ujang Cecep Yusuf Ibrahim Ismail Muhammad Ahmad Abdul Umar "
    "Hasan Husein Zainal Syaiful Taufik Hidayat Rahmat Iwan Andi Baso Daeng Yohanes Markus Petrus "
    "Paulus Maria Theresia Agnes Kristina Martha Ester Ruth Lidya Sulastri Suparmi Tumini Wagiyem "
    "Parjo Ngatimin"
)
FAMILY = _listed(
    "Wijaya Santoso Susanto Hartono Sukarno Suharto Wibowo Nugroho Prasetyo Setiawan Kurniawan "
    "Gunawan Hidayat Rahayu Lestari Utami Handayani Puspitasari Anggraini Permatasari Siregar "
    "Nasution Lubis Harahap Simanjuntak Sitompul Hutapea Panjaitan Tambunan Pane Saragih Purba "
    "Ginting Sembiring Tarigan Manurung Sinaga Damanik Rumondor Mandagi Wenas Lasut Tumbelaka "
    "Pattiasina Latuconsina Tuasikal Maitimu Sahetapy Djajadiningrat Kusumaatmadja Sastroamidjojo "
    "Wiranatakusumah Hadikusumo Mangkunegoro Suryadi Supriyadi Mulyadi Haryadi Riyanto Suryanto "
    "Purwanto Irianto Yulianto Hakim Salim Karim Rahim Fauzi Ridwan Syahputra Pohan Batubara "
    "Daulay Ritonga Chaniago Tanjung Koto"
)
STREETS = _listed(
    "Diponegoro Sudirman Thamrin Imam Bonjol Gajah Mada Hayam Wuruk Kartini Ahmad Yani Pemuda "
    "Veteran Merdeka Pahlawan Cut Nyak Dien Teuku Umar Hasanuddin Pattimura Antasari Mangga "
    "Rambutan Durian"
)
CITIES = (
    ("Bandung", "32"), ("Garut", "32"), ("Cirebon", "32"), ("Surakarta", "33"),
    ("Pekalongan", "33"), ("Jepara", "33"), ("Sleman", "34"), ("Bantul", "34"),
    ("Malang", "35"), ("Surabaya", "35"),
    ("Gresik", "35"), ("Padang", "13"), ("Medan", "12"), ("Palembang", "16"), ("Denpasar", "51"),
    ("Makassar", "73"), ("Manado", "71"), ("Banjarmasin", "63"), ("Mataram", "52"),
    ("Serang", "36"),
)  # fmt: skip
OLDER = (("su", "soe"), ("u", "oe"), ("j", "dj"), ("c", "tj"), ("y", "j"), ("ai", "ae"), ("f", "v"))
OLDER_OR_OTHER = (*OLDER, ("i", "y"), ("s", "sy"), ("h", ""), ("d", "dh"), ("k", "kh"), ("z", "j"))
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
