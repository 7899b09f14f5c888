"""The rules of registration, all pure: programme, exhibition, enterprise, application."""
