"""The rules of the budget: a package per aggregate (envelope, allocation), `course` and `money`."""
