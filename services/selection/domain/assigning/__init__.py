"""The automatic assignment: curators for each candidate that has too few of them. Pure.

`problem` has the candidates and curators, groups those that are alike, and checks an answer;
`spread` deals the curators of a group out to its candidates; `connection` joins curators who share
no candidate. `services.selection.solving.assignment` lets a solver say how many candidates of a
group each curator gets.
"""
