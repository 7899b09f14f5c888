"""The rules of the budget: a package per aggregate (envelope, allocation), and `money`."""
