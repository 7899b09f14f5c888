"""The language between the services: every event that crosses a border, a module per noun."""
