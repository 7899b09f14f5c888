"""The budget service (anggaran): it allots, reserves, contracts and pays the programme's money."""
