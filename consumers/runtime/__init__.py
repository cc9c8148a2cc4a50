"""The one loop of all consumers: outcome -> effects -> confirmed publish -> commit."""
