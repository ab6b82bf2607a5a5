"""From a file of a survey tool to raw answers named by column key: tables, tools, headings, mappings."""
