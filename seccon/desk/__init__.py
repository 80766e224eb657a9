"""The verbs: what a person can do. Each gathers (ports), decides (core), acts (ports); nobody else writes."""
