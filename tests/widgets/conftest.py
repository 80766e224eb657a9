"""Rows to draw, and text that wants to do harm."""
