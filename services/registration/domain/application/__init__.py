"""The application: an enterprise's request for a place at an exhibition.

`decider` is the entrance; `state` folds the events; `submission`, `verification` and `place` hold
the rules of one step each; `participations` counts the places that an enterprise has taken;
`size_classes` tells by law if an enterprise is micro, small or medium.
"""
