"""What was answered: the questionnaire, the exports of survey tools, their checks, and editions."""
