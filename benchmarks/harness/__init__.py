"""What the benchmarks stand on: servers, child processes, rounds, samples and the report."""
