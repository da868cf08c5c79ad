"""The bodies of the verbs, one module a verb; ``flows.cli`` imports each when it is asked for."""
