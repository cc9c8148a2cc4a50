"""All of the product on one big host, as a Compose file."""
