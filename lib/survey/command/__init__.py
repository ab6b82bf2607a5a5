"""The command line of the survey: its words, and what each of its commands does."""
