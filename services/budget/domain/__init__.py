"""The rules of the budget: a package per aggregate (envelope, allocation), `posting`,
`course` and `money`."""
