"""The rubric: `decider` holds its rules, `default` the rubric that the demonstration publishes."""
