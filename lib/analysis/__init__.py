"""What the answers mean: selection, shares and their intervals, facts by territory, coverage."""
