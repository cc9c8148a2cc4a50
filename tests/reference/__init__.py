"""Second opinions: the product's numbers computed again from raw events, as plainly as can be."""
