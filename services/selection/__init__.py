"""The selection service (kurasi): experts score eligible applications, and places are decided."""
