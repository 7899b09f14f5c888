"""The programme of 2018 as data: exhibitions, places, targets, money; real, or marked as ours."""
