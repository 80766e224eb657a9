"""The edges: one module for each outside thing, its errors translated at the door."""
