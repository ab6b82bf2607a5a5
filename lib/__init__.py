"""Five rooms, one way down: territory, survey, analysis, display, ui."""
