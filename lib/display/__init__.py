"""How it looks: French formats, charts, maps and downloads. Values in, values out."""
