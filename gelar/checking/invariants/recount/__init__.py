"""Count the programme again from the data of its events, by code that no service uses."""
