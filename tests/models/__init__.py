"""The kernel's promises as small exhaustive models, and random histories on the real parts."""
