"""Who exists: reference list, boundaries, matching a declared name to an official code."""
