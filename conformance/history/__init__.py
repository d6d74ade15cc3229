"""What many versions of implementations came to: their verdicts and behaviours, in one file.

`versions.json` comes with fitspec; `fitspec history` makes another one of reports.
"""
