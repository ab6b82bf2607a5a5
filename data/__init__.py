"""The shipped edition of the survey, its questionnaire and the generator of its simulated answers."""
