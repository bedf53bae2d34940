"""The tests: rules, areas, pages, browser, house, trust and benchmarks."""
