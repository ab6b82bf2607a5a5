"""Five rooms, one way down: territory, survey, analysis, display, ui."""

import pandas as pd

# Frames here are small, of short texts: kept as Python texts they are compared and looked up faster than in Arrow.
pd.set_option("mode.string_storage", "python")
