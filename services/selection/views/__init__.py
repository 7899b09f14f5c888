"""The mirrors of selection: `followed` of the other services, `own` of its own rounds."""
