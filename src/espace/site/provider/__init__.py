"""The demonstration's OpenID provider, in a process of its own: what Pro Santé Connect is to a real installation.

A real provider in what it checks and signs; a demonstration in whom it knows. Everything but its key lives in
memory, and every list in memory is bounded.
"""
