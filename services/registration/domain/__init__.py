"""The rules of registration: programme, exhibition, enterprise, application; all of it pure."""
