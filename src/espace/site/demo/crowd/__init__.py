"""The crowd: some three hundred invented people around the cast, and what their doctors wrote of them.

Each has a teller of their own, so that the story of one never depends on how many others there are.
"""
