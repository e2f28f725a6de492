"""View models: what a template shows, made by pure functions from what the use cases answer."""
