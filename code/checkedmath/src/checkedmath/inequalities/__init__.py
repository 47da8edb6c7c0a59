"""Prove inequalities, and equations of what has cases or is a limit, by a closed list of rules."""
