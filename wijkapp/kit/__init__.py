"""The toolbox: no care word in here, and no room above it is imported."""
