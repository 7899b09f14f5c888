"""The player: the year as moments of the programme clock, played through the HTTP APIs."""
