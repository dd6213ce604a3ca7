"""A what-if: its YAML schema, its run, its ensemble."""
