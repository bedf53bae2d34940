"""Match lists: from rows to facts, through the ranker, to a list that can be made again."""
