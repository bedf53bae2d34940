"""Benchmarks: what pages cost with a big hub behind them, always beside the same page with nothing to rank."""
