"""The rules of reporting: `outcome` holds those of outcomes, `rate` those of exchange rates."""
