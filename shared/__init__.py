"""The small deep library under the four services: pure kernel, two loops, a door to each server.

Read in this order: `decider` and `view` (what a service declares, pure), `contracts` (the language
between services), `service` (the loops that run it), `store` and `messaging` (MongoDB and Kafka),
`http` (how people reach it).
"""
