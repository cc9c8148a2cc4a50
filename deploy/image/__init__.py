"""The container image of every process: its Dockerfile, and the weights that it holds."""
