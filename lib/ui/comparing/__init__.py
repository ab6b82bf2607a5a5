"""The page Comparer: who is compared, and what is shown of them."""
