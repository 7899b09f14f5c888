"""Small exhaustive models of the kernel's promises, and random histories on the real parts."""
