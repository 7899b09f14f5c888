"""The tools of the benchmarks: servers, child processes, rounds, samples and the report."""
