"""Which territories may be named: those where every respondent agreed.

What is then shown of them, and what is done with the answers of the others, belong to `exchange` and to analysis.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def publishable(respondents: pd.DataFrame) -> pd.Series[bool]:
    """Return whether every respondent of each territory agreed to publication by name; blank is no."""
    codes, territories = pd.factorize(respondents["territory"])
    known = codes >= 0
    refusals = np.bincount(
        codes[known],
        weights=~respondents["publishable"].to_numpy(dtype=bool)[known],
        minlength=len(territories),
    )
    return pd.Series(refusals == 0, index=pd.Index(territories, name="territory"), name="publishable")
