"""What the dashboard is made of that others wrote: which, whose, under which licence, with which known fault."""
