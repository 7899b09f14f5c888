"""The words of printed documents, in Indonesian: a module for each kind, and what they share.

`wording` has the shared words, `letter`, `minutes` and `annex` a kind each; `objections` and
`people` are parts of the minutes. All are pure: the same
facts give the same words.
"""
