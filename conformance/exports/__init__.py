"""A report in the forms that others read: JUnit, SARIF, Markdown, badges.

Each is written from the same report and says the same.
"""
