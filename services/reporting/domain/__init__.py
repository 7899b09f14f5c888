"""The rules of reporting: outcomes of participations, and the rates that they are counted at."""
